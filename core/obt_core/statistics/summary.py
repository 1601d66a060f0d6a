"""Samples to numbers with their uncertainty. Pure functions of their input."""

from collections.abc import Iterable, Sequence
from statistics import median

from obt_core.metrics import counts_for, value_of
from obt_core.results import Estimate, Sample, SampleRole, Summary, WorkloadSummary
from obt_core.statistics.intervals import median_interval
from obt_core.suites import Metric

SAMPLES_FOR_INTERVAL = 6
"""Below so many samples there is no interval: even the whole range of five covers the median in 93.8 % only."""


def estimate(values: Sequence[float]) -> Estimate:
    """Median of `values`, in the order in which they were taken, with its 95 % interval where there are enough."""
    interval = median_interval(values)
    low, high = (interval.low, interval.high) if interval else (None, None)
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
