"""How a run goes: what runs, how far it is, what is known so far, how long it still takes. Pure but for the clock."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from obt_client.cli import show
from obt_core.jobs import JobOutcome, JobPhase, JobProgress
from obt_core.results import Sample, SampleRole
from obt_core.statistics import median_interval, quantile
from obt_core.suites import Metric, Suite, Workload
from obt_core.values import counts_for, is_disturbed, value_of

_KNOWN_FROM = 3
"""So many samples in all make an estimate of the time."""


@dataclass(slots=True)
class _Model:
    name: str
    samples_left: int
    progress: JobProgress | None = None
    outcome: JobOutcome | None = None
    done: int = 0
    sampled_s: float = 0.0
    """Time spent of the budgets: warming up is in none."""
    taken: dict[str, int] = field(default_factory=dict[str, int])
    values: dict[str, list[float]] = field(default_factory=dict[str, list[float]])


class Tally:
    """Counts what a run tells of itself."""

    def __init__(self, suite: Suite, models: Iterable[str], clock_s: Callable[[], float] = time.monotonic) -> None:
        self._suite, self._clock_s = suite, clock_s
        self._workloads = {workload.name: workload for workload in suite.workloads}
        self._models = {name: _Model(name, suite.samples_planned()) for name in models}
        self._begun_s = self._seen_s = clock_s()
        self.now: str | None = None
        """The model that is measured."""

    def progress(self, model: str, progress: JobProgress) -> None:
        """A job got on."""
        self._spend()
        self.now = model
        one = self._models[model]
        one.progress, one.samples_left = progress, max(0, progress.samples_planned - progress.samples_done)

    def sample(self, model: str, sample: Sample) -> None:
        """A sample was stored."""
        workload = self._workloads.get(sample.workload)
        if sample.role is SampleRole.WARMUP or workload is None:
            return
        one, metric = self._models[model], metric_of(workload)
        one.done += 1
        one.taken[sample.workload] = one.taken.get(sample.workload, 0) + 1
        value = value_of(sample, metric) if counts_for(sample, metric) and not is_disturbed(sample) else None
        if value is not None:
            one.values.setdefault(sample.workload, []).append(value)

    def ended(self, model: str, outcome: JobOutcome) -> None:
        """A job has ended."""
        self._spend()
        self._models[model].outcome, self._models[model].samples_left = outcome, 0

    def lines(self, width: int) -> list[str]:
        """What a terminal shows: a line for each model, and how long it takes."""
        name_width = min(max(len(name) for name in self._models), max(12, width // 3))
        names = {name: show.shorten(name, name_width).ljust(name_width) for name in self._models}
        rows = [f"{names[name]}  {self.doing(name)}"[:width] for name in self._models]
        return [*rows, f"{self.time_left()}; Ctrl-C keeps what was measured"[:width]]

    def doing(self, name: str) -> str:
        """What a model does now."""
        model = self._models[name]
        if model.outcome is not None:
            return f"{model.outcome.status}, {model.done} samples"
        told = model.progress
        if told is None or name != self.now:
            return f"waits, {model.done} samples so far" if model.done else "waits"
        if told.phase is not JobPhase.SAMPLING or told.workload is None:
            return " ".join(filter(None, (str(told.phase), told.workload)))
        return ", ".join(filter(None, (self._count(model, told.workload), _flow(told), self._known(model, told))))

    def _count(self, model: _Model, workload: str) -> str:
        return f"{workload} {model.taken.get(workload, 0)} of at most {self._workloads[workload].samples}"

    def _known(self, model: _Model, told: JobProgress) -> str:
        values = model.values.get(told.workload or "", [])
        if not values or told.workload is None:
            return ""
        metric = metric_of(self._workloads[told.workload])
        middle, interval = quantile(values, 0.5), median_interval(values)
        text = f"{show.METRIC_NAMES[metric]} {show.value(metric, middle)}"
        if interval is None or not middle:
            return text
        return f"{text} ±{show.percent(max(interval.high - middle, middle - interval.low) / middle)}"

    def time_left(self) -> str:
        """An estimate from the pace so far, and the most that the budgets allow."""
        self._spend()
        budget_s, about_s = self._suite.budget_s(), self.about_s()
        at_most_s = sum(max(0.0, budget_s - one.sampled_s) for one in self._models.values() if one.outcome is None)
        most = f"at most {show.span(at_most_s)}"
        return (
            f"{most} of sampling left"
            if about_s is None
            else f"about {show.span(min(about_s, at_most_s))} left, {most}"
        )

    def _spend(self) -> None:
        """Count the time since it was last looked at, if a model is being sampled."""
        now_s, one = self._clock_s(), self._models.get(self.now or "")
        if one and one.progress and one.progress.phase is JobPhase.SAMPLING:
            one.sampled_s += now_s - self._seen_s
        self._seen_s = now_s

    def about_s(self) -> float | None:
        """Seconds that it still takes at the pace so far; None before there is one."""
        done = sum(model.done for model in self._models.values())
        left = sum(model.samples_left for model in self._models.values())
        return (self._clock_s() - self._begun_s) / done * left if done >= _KNOWN_FROM else None


def metric_of(workload: Workload) -> Metric:
    """The metric by which a workload is watched: the one whose precision it wants."""
    if workload.precision is not None:
        return workload.precision.metric
    if workload.cold:
        return Metric.LOAD
    return Metric.TTFT if workload.generate_tokens < 16 else Metric.DECODE


def _flow(told: JobProgress) -> str:
    return f"{show.figure(told.tokens_per_s)} tokens/s" if told.tokens_per_s else ""
