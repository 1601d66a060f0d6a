"""What a reader told of its requests, held against the stand-in's record."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench._load import Load
from obt_client.bench.standin.process import Truth


@dataclass(frozen=True, slots=True)
class Seen:
    """One finished request as its reader told it. `number`: which one of the stand-in's record it was.

    `gaps_ms` is None where a tool tells no single gaps, `end_ns` when the reader had done with it (CLOCK_REALTIME).
    """

    number: int
    ttft_ms: float
    mean_gap_ms: float | None
    gaps_ms: tuple[float, ...] | None
    end_ns: int
    merged: int = 0
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Errors:
    """Absolute errors in µs."""

    p50_us: float
    p99_us: float
    max_us: float
    n: int


@dataclass(frozen=True, slots=True)
class Judged:
    """How far one reader was from the truth under one load."""

    requests: int
    ttft: Errors
    gap: Errors | None
    mean_gap: Errors | None
    merged_share: float
    flagged: int
    delivered_of_ideal: float | None
    standin_late_p50_ms: float
    standin_late_p99_ms: float


def judge(load: Load, seen: Sequence[Seen], truths: Sequence[Truth]) -> Judged:
    """Compare. TTFT: reported - (write of the first token - the kernel of the stand-in had the whole request).

    A peer's own stamp of its send is not known, so the way there counts against every reader, OBT too.
    """
    pairs = [(one, truths[one.number]) for one in seen]
    gaps = [error for one, truth in pairs for error in _gap_errors_ms(one, truth)]
    means = [error for one, truth in pairs for error in _mean_gap_error_ms(one, truth)]
    late_ms = sorted(late for _, truth in pairs for late in _late_ms(truth))
    return Judged(
        requests=len(pairs),
        ttft=errors_of(one.ttft_ms - (truth.written_ns[0] - truth.received_ns) / 1e6 for one, truth in pairs),
        gap=errors_of(gaps) if gaps else None,
        mean_gap=errors_of(means) if means else None,
        merged_share=sum(one.merged for one in seen) / sum(len(truth.written_ns) for _, truth in pairs),
        flagged=sum(one.flagged for one in seen),
        delivered_of_ideal=_delivered(load, seen),
        standin_late_p50_ms=round(_at(late_ms, 0.5), 4),
        standin_late_p99_ms=round(_at(late_ms, 0.99), 4),
    )


def errors_of(errors_ms: Iterable[float]) -> Errors:
    """Rank absolute errors, given in ms."""
    ranked = sorted(abs(error) * 1e3 for error in errors_ms)
    return Errors(round(statistics.median(ranked), 2), round(_at(ranked, 0.99), 2), round(ranked[-1], 2), len(ranked))


def _at(ranked: list[float], share: float) -> float:
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def _gap_errors_ms(one: Seen, truth: Truth) -> list[float]:
    """Every single gap between tokens: seen - written."""
    if one.gaps_ms is None:
        return []
    written = [(later - earlier) / 1e6 for earlier, later in pairwise(truth.written_ns)]
    if len(written) != len(one.gaps_ms):  # chunks glued together or lost: the whole stretch counts once
        return [sum(one.gaps_ms) - sum(written)]
    return [saw - wrote for saw, wrote in zip(one.gaps_ms, written, strict=True)]


def _mean_gap_error_ms(one: Seen, truth: Truth) -> list[float]:
    written = truth.written_ns
    if one.mean_gap_ms is None or len(written) < 2:
        return []
    return [one.mean_gap_ms - (written[-1] - written[0]) / (len(written) - 1) / 1e6]


def _late_ms(truth: Truth) -> Iterable[float]:
    first_ms = truth.received_ns / 1e6 + truth.ttft_ms
    return (at_ns / 1e6 - first_ms - token * truth.interval_ms for token, at_ns in enumerate(truth.written_ns))


def _delivered(load: Load, seen: Sequence[Seen]) -> float | None:
    """Tokens a second that the reader had done with, over the ideal; from the end of its first wave on."""
    ends_ns = sorted(one.end_ns for one in seen)
    later = len(ends_ns) - load.streams
    if later < load.streams:
        return None
    span_s = (ends_ns[-1] - ends_ns[load.streams - 1]) / 1e9
    return round(later * load.times.tokens / span_s / load.ideal_tokens_per_s, 4)
