"""What a sample tells of each metric, and whether that enters a summary."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import attrgetter

from obt_core.results import DISQUALIFYING, DISTURBING, ClockSource, EndReason, Flag, Sample, SampleRole
from obt_core.suites import Metric

RATE_TOKENS_MIN = 64
"""A sample that ended early counts for rates from so many tokens on."""
_TOLD_BY_OLLAMA = frozenset({Metric.DECODE, Metric.PREFILL, Metric.LOAD, Metric.QUEUE})


def counts_for(sample: Sample, metric: Metric) -> bool:
    """Whether the sample enters the summary of that metric.

    Errors, warm-ups and samples touched by a disqualifying flag never do. A cold sample tells of loading only. One
    that ended by `stop` tells of rates from 64 tokens on and never of E2E: its length was not ours. Where our own
    process hindered the stamps, what Ollama's clock tells still counts.
    """
    if sample.role is SampleRole.WARMUP or sample.end in {EndReason.ERROR, EndReason.CANCELLED}:
        return False
    if DISQUALIFYING.intersection(sample.flags) or (metric not in _TOLD_BY_OLLAMA and has_blurred_stamps(sample)):
        return False
    if sample.role is SampleRole.COLD and metric not in {Metric.LOAD, Metric.TTFT, Metric.E2E}:
        return False
    if sample.end is EndReason.STOP:
        if metric in {Metric.E2E, Metric.SCHEDULED}:
            return False
        if metric in {Metric.DECODE, Metric.TPOT}:
            return (sample.generated_tokens or 0) >= RATE_TOKENS_MIN
    return True


def is_disturbed(sample: Sample) -> bool:
    """Whether the machine was not quiet while it was taken."""
    return not DISTURBING.isdisjoint(sample.flags)


def chosen(taken: Sequence[Sample]) -> list[Sample]:
    """Return those of one workload's samples that are looked at: undisturbed ones, where at least half of them are.

    On a machine that is disturbed most of the time what can be told is told of all, and the result is graded so.
    """
    all_of_them = [sample for sample in taken if sample.role is not SampleRole.WARMUP]
    quiet = [sample for sample in all_of_them if not is_disturbed(sample)]
    return quiet if 2 * len(quiet) >= len(all_of_them) else all_of_them


def counted_values(taken: Sequence[Sample], metric: Metric) -> list[float]:
    """Values of that metric that enter the summary of one workload, in the order in which they were taken."""
    counted = (value_of(sample, metric) for sample in chosen(taken) if counts_for(sample, metric))
    return [value for value in counted if value is not None]


def has_blurred_stamps(sample: Sample) -> bool:
    """Whether a stall of our own process, or a send that it delayed, got into the stamps.

    The kernel stamps what comes while we stand still, so that a stall spoils nothing where every chunk has a stamp of
    its own.
    """
    stood_still = Flag.CLIENT_STALLED in sample.flags
    return Flag.SEND_DELAYED in sample.flags or (
        stood_still and (sample.clock is not ClockSource.KERNEL or sample.merged_chunks > 0)
    )


def value_of(sample: Sample, metric: Metric) -> float | None:
    """Return the sample's value of that metric in the metric's unit, None if not measured."""
    return _VALUES[metric](sample)


def _gap_max_ms(sample: Sample) -> float | None:
    """None where a read brought several chunks: the stamps between them are not their own."""
    if len(sample.chunk_ms) < 2 or sample.merged_chunks:
        return None
    longest_ms = max(later - earlier for earlier, later in pairwise(sample.chunk_ms))
    return round(longest_ms, 4) if longest_ms > 0 else None  # else the clock was set back


def _scheduled_ms(sample: Sample) -> float | None:
    if sample.e2e_ms is None or sample.lateness_ms is None:
        return None
    return round(sample.e2e_ms + sample.lateness_ms, 4)


_VALUES: dict[Metric, Callable[[Sample], float | None]] = {
    Metric.DECODE: attrgetter("decode_tokens_per_s"),
    Metric.PREFILL: attrgetter("prefill_tokens_per_s"),
    Metric.TTFT: attrgetter("ttft_ms"),
    Metric.FIRST_ANSWER: attrgetter("first_answer_ms"),
    Metric.TPOT: attrgetter("tpot_ms"),
    Metric.GAP_MAX: _gap_max_ms,
    Metric.E2E: attrgetter("e2e_ms"),
    Metric.SCHEDULED: _scheduled_ms,
    Metric.LOAD: attrgetter("load_ms"),
    Metric.QUEUE: attrgetter("queue_ms"),
}
