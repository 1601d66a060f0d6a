"""Samples to numbers with their uncertainty. Pure functions of their input."""

import random
from collections.abc import Iterable, Sequence
from statistics import median

from obt_core.metrics import counts_for, value_of
from obt_core.results import Estimate, Metric, Sample, SampleRole, Summary, WorkloadSummary

CONFIDENCE = 0.95
RESAMPLES = 2_000
SAMPLES_FOR_INTERVAL = 6
"""Below so many samples no interval is given: even the whole range of five covers the median in 93.8 % only."""


def bootstrap_interval(values: Sequence[float], *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Percentile bootstrap interval of the median (Efron 1979), in the unit of `values`.

    The resampling is seeded by constants, so that the same samples always give the same interval. Raises ValueError
    for no values.
    """
    if not values:
        raise ValueError("an interval needs at least one value")
    rng = random.Random(20_251)  # noqa: S311 - reproducible resampling, no secret
    medians = sorted(median(rng.choices(values, k=len(values))) for _ in range(RESAMPLES))
    tail = round((1 - confidence) / 2 * RESAMPLES)
    return medians[tail], medians[-1 - tail]


def estimate(values: Sequence[float]) -> Estimate:
    """Median of `values` with its 95 % interval where there are enough of them."""
    low, high = bootstrap_interval(values) if len(values) >= SAMPLES_FOR_INTERVAL else (None, None)
    return Estimate(median=median(values), low=low, high=high, n=len(values))


def summarize(samples: Iterable[Sample]) -> Summary:
    """Summary of a job's samples, workload by workload in the order in which they were first taken."""
    by_workload: dict[str, list[Sample]] = {}
    for sample in sorted(samples, key=lambda sample: sample.number):
        if sample.role is not SampleRole.WARMUP:
            by_workload.setdefault(sample.workload, []).append(sample)
    workloads = tuple(_summarize_workload(name, taken) for name, taken in by_workload.items())
    return Summary(headline=_headline(workloads, by_workload), workloads=workloads)


def _headline(workloads: Iterable[WorkloadSummary], samples: dict[str, list[Sample]]) -> dict[Metric, Estimate]:
    """Of each metric, the estimate of the first workload that measured it.

    Warm workloads first: a TTFT that holds a load is no headline where another was measured. Prefill is that of the
    longest prompt: over a few tokens it measures the start of a computation, not its speed.
    """
    in_order = sorted(workloads, key=lambda w: samples[w.workload][0].role is SampleRole.COLD)
    headline: dict[Metric, Estimate] = {}
    for workload in in_order:
        for metric, value in workload.metrics.items():
            headline.setdefault(metric, value)
    read = [workload for workload in in_order if Metric.PREFILL in workload.metrics]
    if read:
        longest = max(read, key=lambda w: max(sample.prompt_tokens or 0 for sample in samples[w.workload]))
        headline[Metric.PREFILL] = longest.metrics[Metric.PREFILL]
    return headline


def _summarize_workload(name: str, taken: Sequence[Sample]) -> WorkloadSummary:
    metrics: dict[Metric, Estimate] = {}
    for metric in Metric:
        values = [value for sample in taken if (value := _counted_value(sample, metric)) is not None]
        if values:
            metrics[metric] = estimate(values)
    counted = sum(any(counts_for(sample, metric) for metric in Metric) for sample in taken)
    return WorkloadSummary(workload=name, taken=len(taken), counted=counted, metrics=metrics)


def _counted_value(sample: Sample, metric: Metric) -> float | None:
    return value_of(sample, metric) if counts_for(sample, metric) else None
