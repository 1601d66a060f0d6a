"""All that a job has, put together and summed up. Pure; a thousand samples take a fraction of a second."""

from collections.abc import Sequence
from dataclasses import dataclass

from obt_core.results import Sample, Summary
from obt_core.statistics import summarize
from obt_core.suites import Suite
from obt_server.db import Document
from obt_server.results.packing import pack_samples, pack_ticks, unpack_samples
from obt_server.results.telemetry import Stored


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is stored of a job: its folded samples, those that came since, its telemetry; None where there is none.

    `idle_power_w` is what its machine took before it.
    """

    folded: bytes | None
    fresh: Sequence[Document]
    telemetry: Stored | None
    idle_power_w: float | None


@dataclass(frozen=True, slots=True)
class Folded:
    """What holdings come to. A job only ever gains: one that has so many samples and ticks has these."""

    count: int
    ticks: int
    samples: bytes
    telemetry: bytes
    summary: Summary


def fold_up(held: Holdings, suite: Suite) -> Folded:
    """Put samples into the order of their numbers and ticks into one part, and sum them up."""
    fresh = {sample.number: sample for sample in map(Sample.model_validate, held.fresh)}
    folded = {sample.number: sample for sample in unpack_samples(held.folded)} if held.folded else {}
    samples = [sample for _, sample in sorted({**fresh, **folded}.items())]
    series = held.telemetry.unpacked() if held.telemetry else None
    return Folded(
        count=len(samples),
        ticks=len(series.ticks) if series else 0,
        samples=pack_samples(samples),
        telemetry=pack_ticks(series.ticks) if series else b"",
        summary=summarize(samples, suite, telemetry=series, idle_power_w=held.idle_power_w),
    )
