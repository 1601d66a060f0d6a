"""Whether one result is faster than another: which metrics are judged, of which values, and how strictly.

Whoever compares results asks here (`obt-client bench --compare`, the server's comparisons), so that the same samples
give the same verdict everywhere. Method: `obt_core.statistics.comparison`; in words: docs/measuring.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from obt_core.results import Sample
from obt_core.statistics import Comparison, Verdict, compare, quantile
from obt_core.suites import Metric, Workload
from obt_core.values import counted_values

MINIMUM_EFFECT = 0.01
"""Smaller differences are never called one: two jobs of one thing may stand so far apart."""
SIGNIFICANCE = 0.01
"""The chance of any false alarm among all comparisons that are made together."""
FLOW_TOKENS_MIN = 16
"""Of fewer generated tokens no rate is judged: they are over before it is one."""
_QUEUE_MS_MIN = 1.0
"""Less waiting than this on both sides is none."""
_FLOWING = frozenset({Metric.DECODE, Metric.TPOT, Metric.GAP_MAX})


@dataclass(frozen=True, slots=True)
class Judged:
    """One metric of two results. `before` and `after` are medians in the metric's unit."""

    before: float
    after: float
    found: Comparison


def judged_metrics(workload: Workload) -> tuple[Metric, ...]:
    """What a workload is there to tell, in few figures: each further one makes the test of all of them stricter."""
    if workload.cold:
        return (Metric.LOAD,)
    flows = Metric.DECODE if workload.generate_tokens >= FLOW_TOKENS_MIN else Metric.PREFILL
    if workload.arrival:
        return (flows, Metric.TTFT, Metric.SCHEDULED)
    return (flows, Metric.TTFT, Metric.QUEUE, Metric.E2E) if workload.concurrency > 1 else (flows, Metric.TTFT)


def further_metrics(workload: Workload) -> tuple[Metric, ...]:
    """What else can be judged of a workload: less than what it is there for, and at the cost of a stricter test."""
    told = judged_metrics(workload)
    is_flow = workload.generate_tokens >= FLOW_TOKENS_MIN
    return tuple(metric for metric in Metric if metric not in told and (is_flow or metric not in _FLOWING))


def values_of(samples: Iterable[Sample], workload: str, metric: Metric) -> list[float]:
    """The values of a metric that count, in the order in which they were taken."""
    return counted_values(sorted((s for s in samples if s.workload == workload), key=lambda one: one.number), metric)


def judge(metric: Metric, before: Sequence[float], after: Sequence[float]) -> Judged | None:
    """Compare one metric by itself; several are then `corrected` together.

    None where one side has no value, or where neither waited.
    """
    if not before or not after:
        return None
    medians = quantile(before, 0.5), quantile(after, 0.5)
    if metric is Metric.QUEUE and max(medians) < _QUEUE_MS_MIN:
        return None
    better = metric.higher_is_better
    found = compare(before, after, higher_is_better=better, minimum_effect=MINIMUM_EFFECT, significance=SIGNIFICANCE)
    return Judged(*medians, found)


def is_unsettled(found: Comparison) -> bool:
    """No difference was found, but the medians stand further apart than what such samples could have shown."""
    if found.verdict is not Verdict.NO_DIFFERENCE_FOUND or found.relative is None:
        return False
    return found.detectable is None or abs(found.relative) > found.detectable
