"""What was measured before: the newest results of a suite for models on clients, for estimates or instead of a run."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_core.results import Estimate, Grade
from obt_core.suites import Metric
from obt_server.results.tables import ResultRow

_HEADLINE = TypeAdapter(dict[Metric, Estimate])
_IN_ENVIRONMENT = ("hardware_fingerprint", "ollama_version", "size_bytes", "size_vram_bytes")


@dataclass(frozen=True, slots=True)
class Earlier:
    """One completed result. What its environment did not tell is None.

    `drivers` are the versions of its GPUs' drivers, in the order of the GPUs.
    """

    result_id: UUID
    client_id: str
    model_digest: str
    series: str
    grade: Grade
    started_at: datetime
    ended_at: datetime
    sample_count: int
    hardware_fingerprint: str | None
    ollama_version: str | None
    drivers: tuple[str | None, ...]
    size_bytes: int | None
    size_vram_bytes: int | None
    headline: dict[Metric, Estimate]

    @property
    def took_s(self) -> float:
        """How long its job worked, in seconds."""
        return max(0.0, (self.ended_at - self.started_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Newest:
    """Of one model on one client: the newest completed result, and the newest clean one."""

    of_any_grade: Earlier
    clean: Earlier | None


async def newest(
    session: AsyncSession, suite_hash: str, client_ids: Collection[str], digests: Collection[str]
) -> dict[tuple[str, str], Newest]:
    """Return what was measured with that suite, by (client, model digest)."""
    if not client_ids or not digests:
        return {}
    is_clean = case((ResultRow.grade == Grade.CLEAN, 1), else_=0)
    place = func.row_number().over(
        partition_by=(ResultRow.client_id, ResultRow.model_digest, is_clean),
        order_by=(ResultRow.ended_at.desc(), ResultRow.job_id.desc()),
    )
    ranked = (
        select(ResultRow.job_id, place.label("place"))
        .where(
            ResultRow.suite_hash == suite_hash,
            ResultRow.client_id.in_(list(client_ids)),
            ResultRow.model_digest.in_(list(digests)),
            ResultRow.status == JobStatus.COMPLETED,
        )
        .subquery()
    )
    rows = await session.execute(
        _columns().join(ranked, ranked.c.job_id == ResultRow.job_id).where(ranked.c.place == 1)
    )
    found: dict[tuple[str, str], list[Earlier]] = {}
    for row in rows:
        found.setdefault((row.client_id, row.model_digest), []).append(_earlier(row))
    return {pair: _newest(results) for pair, results in found.items()}


async def one(session: AsyncSession, result_id: UUID) -> Earlier | None:
    """Return one result, whatever became of it; None where there is none."""
    row = (await session.execute(_columns().where(ResultRow.job_id == result_id))).one_or_none()
    return None if row is None else _earlier(row)


def _columns() -> Any:
    told = [ResultRow.environment[name].as_string().label(name) for name in _IN_ENVIRONMENT]
    gpus = ResultRow.environment[("machine", "gpus")].as_json().label("gpus")
    headline = ResultRow.summary["headline"].as_json().label("headline")
    plain = (
        ResultRow.job_id,
        ResultRow.client_id,
        ResultRow.model_digest,
        ResultRow.series,
        ResultRow.grade,
        ResultRow.started_at,
        ResultRow.ended_at,
        ResultRow.sample_count,
    )
    return select(*plain, *told, gpus, headline)


def _newest(results: list[Earlier]) -> Newest:
    clean = next((result for result in results if result.grade is Grade.CLEAN), None)
    return Newest(max(results, key=lambda result: (result.ended_at, result.result_id)), clean)


def _earlier(row: Row[Any]) -> Earlier:
    return Earlier(
        result_id=row.job_id,
        client_id=row.client_id,
        model_digest=row.model_digest,
        series=row.series,
        grade=Grade(row.grade),
        started_at=row.started_at,
        ended_at=row.ended_at,
        sample_count=row.sample_count,
        hardware_fingerprint=row.hardware_fingerprint,
        ollama_version=row.ollama_version,
        drivers=tuple(gpu.get("driver_version") for gpu in row.gpus or ()),
        size_bytes=_whole(row.size_bytes),
        size_vram_bytes=_whole(row.size_vram_bytes),
        headline=_HEADLINE.validate_python(row.headline or {}),
    )


def _whole(told: str | None) -> int | None:
    return None if told is None else int(told)
