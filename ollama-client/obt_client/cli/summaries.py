"""What a run says, model by model: its summary and its grade, as a server would judge them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from obt_core.grading import grade
from obt_core.results import DISQUALIFYING, EndReason, Grade, Sample, SampleRole, Summary
from obt_core.runs import MeasuredJob, SavedRun
from obt_core.statistics import summarize


@dataclass(frozen=True, slots=True)
class Result:
    """One model of a run."""

    job: MeasuredJob
    summary: Summary
    grade: Grade
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.job.model.name


def results_of(run: SavedRun) -> list[Result]:
    """Summarize and grade each model of a run, in the order in which they were named."""
    return [_result(job, run) for job in run.jobs]


def _result(job: MeasuredJob, run: SavedRun) -> Result:
    environment = job.outcome.environment
    idle_power_w = environment.idle_power_w if environment else None
    summary = summarize(job.samples, run.suite, telemetry=job.telemetry, idle_power_w=idle_power_w)
    found, reasons = grade(job.outcome, summary, len(job.samples))
    return Result(job, summary, found, tuple(reasons))


def left_out(samples: Iterable[Sample], workload: str) -> Counter[str]:
    """Why samples of a workload were left out, and how many for each reason."""
    reasons = Counter[str]()
    for sample in samples:
        if sample.workload == workload and sample.role is not SampleRole.WARMUP:
            why = DISQUALIFYING.intersection(sample.flags)
            if sample.end in {EndReason.ERROR, EndReason.CANCELLED}:
                reasons[sample.error_code or str(sample.end)] += 1
            elif why:
                reasons[min(why)] += 1
    return reasons
