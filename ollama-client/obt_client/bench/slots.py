"""How many requests Ollama serves at a time: that many are sent together, and those that overlapped are counted."""

from collections.abc import Iterable, Sequence

from obt_core.results import EndReason, Sample
from obt_core.suites import Suite

SLOT_TOKENS = 16
PROBES_MIN, PROBES_MAX = 2, 16


def probes_for(suite: Suite) -> int:
    """With how many requests to probe: as many as the suite ever sends at once, within bounds."""
    if any(workload.arrival for workload in suite.workloads):
        return PROBES_MAX
    return min(max(PROBES_MIN, *(workload.concurrency for workload in suite.workloads)), PROBES_MAX)


def slots_of(samples: Sequence[Sample]) -> int | None:
    """How many of these generated at the same time at most; None where one failed or came in one piece."""
    spans = [_span_ms(sample) for sample in samples if sample.end in {EndReason.LENGTH, EndReason.STOP}]
    known = [span for span in spans if span]
    return most_at_once(known) if known and len(known) == len(samples) else None


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """The most of these spans that have a moment in common; one that begins where another ends is after it."""
    changes = sorted((moment, change) for span in spans for moment, change in zip(span, (1, -1), strict=True))
    running = most = 0
    for _, change in changes:
        running += change
        most = max(most, running)
    return most


def _span_ms(sample: Sample) -> tuple[float, float] | None:
    """From the first content to the last, in ms since 1970."""
    if len(sample.chunk_ms) < 2 or sample.chunk_ms[-1] <= sample.chunk_ms[0]:
        return None
    sent_ms = sample.started_at.timestamp() * 1e3
    return sent_ms + sample.chunk_ms[0], sent_ms + sample.chunk_ms[-1]
