"""What a load pattern achieved: figures over time, of all streams together.

A burst is one call of a load pattern (`Sample.block`); figures per second are over the time that bursts took, from the
first send to the last byte, so that pauses between them do not count.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from obt_core.results import EndReason, Sample, SampleRole
from obt_core.statistics.robust import quantile
from obt_core.suites import Limits


class Figures(TypedDict, total=False):
    """As they stand in `WorkloadSummary`."""

    requests_per_s: float | None
    goodput_per_s: float | None
    throughput_tokens_per_s: float | None
    slots_seen: int | None
    lateness_p50_ms: float | None
    lateness_p99_ms: float | None


def achieved(taken: Sequence[Sample], limits: Limits | None) -> Figures:
    """Figures of one workload's samples. Cold ones have none per second: the model is unloaded between them."""
    lateness = [sample.lateness_ms for sample in taken if sample.lateness_ms is not None]
    figures: Figures = {
        "lateness_p50_ms": quantile(lateness, 0.5) if lateness else None,
        "lateness_p99_ms": quantile(lateness, 0.99) if lateness else None,
    }
    if any(sample.role is SampleRole.COLD for sample in taken):
        return figures
    ended = [s for s in taken if s.end in {EndReason.LENGTH, EndReason.STOP} and s.e2e_ms is not None]
    return {**figures, **_per_second(taken, ended, limits), "slots_seen": slots_seen(ended)}


def _per_second(taken: Sequence[Sample], ended: Sequence[Sample], limits: Limits | None) -> Figures:
    span_s = sum((end - begin).total_seconds() for begin, end in bursts_of(taken))
    if not span_s:
        return {}
    good = [sample for sample in ended if meets(sample, limits)] if limits else None
    return {
        "requests_per_s": len(ended) / span_s,
        "goodput_per_s": len(good) / span_s if good is not None else None,
        "throughput_tokens_per_s": sum(sample.generated_tokens or 0 for sample in ended) / span_s,
    }


def meets(sample: Sample, limits: Limits) -> bool:
    """Whether a request kept every limit that is stated. Under an arrival rate times count from the intended send.

    What was not measured is not kept.
    """
    late_ms = sample.lateness_ms or 0.0
    pairs = (
        (None if sample.ttft_ms is None else sample.ttft_ms + late_ms, limits.ttft_ms),
        (sample.tpot_ms, limits.tpot_ms),
        (None if sample.e2e_ms is None else sample.e2e_ms + late_ms, limits.e2e_ms),
    )
    return all(limit is None or (value is not None and value <= limit) for value, limit in pairs)


def slots_seen(ended: Iterable[Sample]) -> int | None:
    """How many requests generated at the same moment, at most: from the first content to the last byte of each."""
    moments: list[tuple[datetime, int]] = []
    for sample in ended:
        if sample.ttft_ms is not None and sample.e2e_ms is not None:
            moments.append((_after(sample, sample.ttft_ms), 1))
            moments.append((_after(sample, sample.e2e_ms), -1))
    running = most = 0
    for _, change in sorted(moments):
        running += change
        most = max(most, running)
    return most or None


def bursts_of(taken: Sequence[Sample]) -> list[tuple[datetime, datetime]]:
    """Return first send and last byte of every burst that ended a request, in the order of their numbers."""
    bursts: list[tuple[datetime, datetime]] = []
    for number in sorted({sample.block for sample in taken}):
        burst = [sample for sample in taken if sample.block == number]
        if ends := [_after(sample, sample.e2e_ms) for sample in burst if sample.e2e_ms is not None]:
            bursts.append((min(sample.started_at for sample in burst), max(ends)))
    return bursts


def _after(sample: Sample, ms: float) -> datetime:
    return sample.started_at + timedelta(milliseconds=ms)
