"""Comparing results: what is stored is read, the rest is computed in a thread and kept for the next who asks."""

import asyncio
from array import array
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.judging import MINIMUM_EFFECT, SIGNIFICANCE
from obt_core.results import Metric, Sample
from obt_core.suites import Suite
from obt_server.analysis.comparing import Subject, Values, compare_all, memory_of, values_by_metric
from obt_server.analysis.facts import Contrast, contrast, facts_of, with_unset
from obt_server.analysis.schemas import (
    ComparedResult,
    ComparisonView,
    EnvironmentDifference,
    Pair,
    ResultValues,
    SampleValues,
)
from obt_server.analysis.shelf import Desk
from obt_server.analysis.sweep import throughput
from obt_server.errors import NotFoundError
from obt_server.hardware import service as hardware
from obt_server.results.contents import Content, contents, packed_samples
from obt_server.results.packing import unpack_samples
from obt_server.suites import service as suites

VALUES_SHOWN_MAX = 400
"""Of one result: a strip is some hundred pixels wide."""
Suites = Mapping[str, Suite]


async def compare(session: AsyncSession, desk: Desk, ids: Sequence[UUID]) -> ComparisonView:
    """Compare results with the first of them. Raises NotFoundError that names what is not there."""
    found = await _contents(session, ids)
    hashes = {one.view.suite_hash for one in found}
    used = {suite_hash: await suites.find(session, suite_hash) for suite_hash in hashes}
    pairs, tests = await _pairs(session, desk, found, used)
    differs = await _contrast(session, found)
    return ComparisonView(
        results=[_compared(one, used[one.view.suite_hash]) for one in found],
        pairs=pairs,
        tests=tests,
        significance=SIGNIFICANCE,
        minimum_effect=MINIMUM_EFFECT,
        differences=[
            EnvironmentDifference(code=one.code, name=one.name, values=list(one.values)) for one in differs.differences
        ],
        alike=differs.alike,
        unknown=differs.unknown,
    )


async def values(session: AsyncSession, desk: Desk, ids: Sequence[UUID], workload: str, metric: Metric) -> SampleValues:
    """Return the samples behind one line of a comparison. Raises NotFoundError that names what is not there."""
    found = await _contents(session, ids)
    async with desk.turn:
        told = await _values(session, desk, found)
    shown = [_shown(one.view.id, told[one.view.id].get((workload, metric), ())) for one in found]
    return SampleValues(workload=workload, metric=metric, results=shown)


async def _contents(session: AsyncSession, ids: Sequence[UUID]) -> list[Content]:
    wanted = list(dict.fromkeys(ids))
    found = await contents(session, wanted)
    if missing := [str(one) for one in wanted if one not in found]:
        raise NotFoundError(f"There is no result {', '.join(missing)}.")
    return [found[one] for one in wanted]


async def _pairs(session: AsyncSession, desk: Desk, found: Sequence[Content], used: Suites) -> tuple[list[Pair], int]:
    key = _key(*found)
    async with desk.turn:
        kept = desk.pairs.get(key)
        if kept is None:
            told = await _values(session, desk, found)
            subjects = [Subject(o.view.id, o.view.suite_hash, o.summary, o.environment, told[o.view.id]) for o in found]
            baseline, *others = subjects
            kept = await asyncio.to_thread(compare_all, used[baseline.suite_hash], baseline, others)
            desk.pairs.put(key, kept, 1 + sum(len(pair.lines) for pair in kept[0]))
    return kept


async def _values(session: AsyncSession, desk: Desk, found: Sequence[Content]) -> dict[UUID, Values]:
    """Return what counts of each result's samples; unpacked in a thread where it is not on the shelf."""
    told = {one.view.id: kept for one in found if (kept := desk.values.get(_key(one))) is not None}
    missing = [one for one in found if one.view.id not in told]
    packed = await packed_samples(session, [one.view.id for one in missing]) if missing else {}
    told |= await asyncio.to_thread(_unpacked, packed) if packed else {}
    for one in missing:
        desk.values.put(_key(one), told[one.view.id], 1 + sum(map(len, told[one.view.id].values())))
    return told


def _unpacked(packed: Mapping[UUID, bytes]) -> dict[UUID, Values]:
    return {result_id: _values_of(unpack_samples(samples)) for result_id, samples in packed.items()}


def _values_of(samples: Sequence[Sample]) -> Values:
    return {key: array("d", values) for key, values in values_by_metric(samples).items()}


def _key(*found: Content) -> tuple[str, ...]:
    return tuple(f"{one.view.id}~{one.version}" for one in found)


def _shown(result_id: UUID, told: Sequence[float]) -> ResultValues:
    """All of them, or evenly chosen ones."""
    step = max(1.0, len(told) / VALUES_SHOWN_MAX)
    chosen = [told[int(n * step)] for n in range(min(len(told), VALUES_SHOWN_MAX))]
    return ResultValues(result_id=result_id, values=chosen, total=len(told))


def _machine_of(one: Content) -> tuple[str, str] | None:
    """Whose hardware it was measured on, and its fingerprint; None where that is not known."""
    fingerprint = one.environment.hardware_fingerprint if one.environment else None
    return (one.view.client_id, fingerprint) if fingerprint else None


async def _contrast(session: AsyncSession, found: Sequence[Content]) -> Contrast:
    machines = [_machine_of(one) for one in found]
    told = await hardware.find_all(session, filter(None, set(machines)))
    environments = [one.environment.model_dump(mode="json") if one.environment else None for one in found]
    snapshots = [told.get(machine) if machine else None for machine in machines]
    facts = [facts_of(stored, snapshot) for stored, snapshot in zip(environments, snapshots, strict=True)]
    return contrast(with_unset(facts, environments))


def _compared(one: Content, suite: Suite) -> ComparedResult:
    vram, beside = memory_of(one.environment)
    return ComparedResult(
        result=one.view,
        workloads=one.summary.workloads,
        offload=one.environment.offload_class() if one.environment else "unknown",
        size_bytes=one.environment.size_bytes if one.environment else None,
        vram_bytes=vram,
        memory_bytes=beside,
        throughput=throughput(suite, one.summary),
    )
