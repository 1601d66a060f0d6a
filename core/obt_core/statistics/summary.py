"""Samples to numbers with their uncertainty. Pure functions of their input."""

from collections.abc import Iterable, Sequence
from statistics import median

from obt_core.results import DISTURBING, Estimate, Sample, SampleRole, Summary, WorkloadSummary
from obt_core.statistics.drift import drift
from obt_core.statistics.energy import energy_use
from obt_core.statistics.intervals import CONFIDENCE, median_interval
from obt_core.statistics.looks import confidence_at_look, looks
from obt_core.statistics.robust import outliers, quantile, robust_spread
from obt_core.statistics.throughput import achieved
from obt_core.suites import Metric, Precision, Suite, Workload
from obt_core.telemetry import Telemetry
from obt_core.values import chosen, counted_values, counts_for, is_disturbed

SAMPLES_FOR_INTERVAL = 6
"""Below so many samples there is no interval: even the whole range of five covers the median in 93.8 % only."""
SAMPLES_FOR_P90, SAMPLES_FOR_P99 = 10, 100
"""Below so many a quantile would be little else than the largest sample."""


def estimate(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """Median of `values`, in the order in which they were taken, with its interval where there are enough of them.

    `confidence` above 0.95 makes up for several looks, so that the interval still covers 95 %.
    """
    interval = median_interval(values, confidence=confidence)
    moved = drift(values)
    return Estimate(
        median=median(values),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        n=len(values),
        spread=robust_spread(values) if len(values) >= SAMPLES_FOR_INTERVAL else None,
        p90=quantile(values, 0.9) if len(values) >= SAMPLES_FOR_P90 else None,
        p99=quantile(values, 0.99) if len(values) >= SAMPLES_FOR_P99 else None,
        drift=moved.relative if moved and moved.is_real else None,
        outliers=len(outliers(values)),
    )


def confidence_of(workload: Workload | None) -> float:
    """The level at which each look at this workload is made, and its interval given."""
    if workload is None or workload.precision is None:
        return CONFIDENCE
    return confidence_at_look(len(looks(workload.precision.samples_min, workload.samples)))


def summarize(
    samples: Iterable[Sample],
    suite: Suite | None = None,
    *,
    telemetry: Telemetry | None = None,
    idle_power_w: float | None = None,
) -> Summary:
    """Summary of a job's samples, workload by workload in the order of the suite.

    The suite tells how often each workload was looked at, and its limits; without it nothing is corrected for looks.
    The job's telemetry tells of energy; `idle_power_w` is what the same devices took before the job.
    """
    by_workload: dict[str, list[Sample]] = {}
    for sample in sorted(samples, key=lambda sample: sample.number):
        if sample.role is not SampleRole.WARMUP:
            by_workload.setdefault(sample.workload, []).append(sample)
    asked = {workload.name: workload for workload in suite.workloads} if suite else {}
    in_order = [name for name in asked if name in by_workload] + [name for name in by_workload if name not in asked]
    workloads = tuple(
        _summarize_workload(name, by_workload[name], asked.get(name), telemetry, idle_power_w) for name in in_order
    )
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


def _summarize_workload(
    name: str,
    taken: Sequence[Sample],
    asked: Workload | None,
    telemetry: Telemetry | None,
    idle_power_w: float | None,
) -> WorkloadSummary:
    confidence, looked_at = confidence_of(asked), chosen(taken)
    metrics: dict[Metric, Estimate] = {}
    for metric in Metric:
        if values := counted_values(taken, metric):
            metrics[metric] = estimate(values, confidence)
    return WorkloadSummary(
        workload=name,
        taken=len(taken),
        counted=sum(any(counts_for(sample, metric) for metric in Metric) for sample in looked_at),
        disturbed=sum(is_disturbed(sample) for sample in taken),
        disturbed_by=tuple(sorted(DISTURBING.intersection(flag for sample in taken for flag in sample.flags))),
        counts_disturbed=any(is_disturbed(sample) for sample in looked_at),
        metrics=metrics,
        energy=energy_use(taken, telemetry, idle_power_w) if telemetry else None,
        precise=_is_precise(metrics, asked.precision) if asked and asked.precision else None,
        **achieved(taken, asked.limits if asked else None),
    )


def _is_precise(metrics: dict[Metric, Estimate], wanted: Precision) -> bool:
    found = metrics.get(wanted.metric)
    if found is None or found.low is None or found.high is None:
        return False
    return (found.high - found.low) / 2 <= wanted.within * abs(found.median)
