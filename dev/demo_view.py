"""What the demo shows: how far the jobs are, and the result table."""

from collections.abc import Mapping, Sequence
from math import floor, log10

from rich import box
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from obt_core.jobs import JobStatus
from obt_core.results import Estimate, Metric
from obt_server.jobs.schemas import JobView

COLUMNS = (
    (Metric.DECODE, "decode\ntokens/s"),
    (Metric.PREFILL, "prefill\ntokens/s"),
    (Metric.TTFT, "TTFT\nms"),
    (Metric.LOAD, "load\nms"),
)
SIGNIFICANT_DIGITS = 3
NOT_MEASURED = "-"
TO = "\N{EN DASH}"
"""Between the ends of an interval: short, so that the table fits eighty columns."""


class JobsProgress:
    """One line a job, alive on a terminal; elsewhere a printed line each time a job does something else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lines: dict[str, TaskID] = {}
        self._told: dict[str, str] = {}
        self.bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TextColumn("{task.fields[doing]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def show(self, jobs: Sequence[JobView], planned: int) -> None:
        """Show where the jobs stand; `planned` samples are to be taken of each."""
        for job in jobs:
            doing = describe(job)
            if self._console.is_terminal:
                self._draw(job, planned, doing)
            elif self._told.get(job.model) != (step := _step(job)):
                self._told[job.model] = step
                self._console.print(f"  {job.model}: {step}", highlight=False)

    def _draw(self, job: JobView, planned: int, doing: str) -> None:
        if job.model not in self._lines:
            self._lines[job.model] = self.bars.add_task(job.model, total=planned, doing="")
        done = _samples_done(job, planned)
        self.bars.update(self._lines[job.model], completed=done, doing=doing)


def describe(job: JobView) -> str:
    """Return what a job does now, with the speed that flows at this moment."""
    speed = job.progress.tokens_per_s if job.progress and job.status is JobStatus.RUNNING else None
    return _step(job) + (f", {figure(speed)} tokens/s" if speed else "")


def _step(job: JobView) -> str:
    if job.status is JobStatus.RUNNING and job.progress:
        return " ".join(filter(None, (job.progress.phase, job.progress.workload)))
    if job.skip_reason:
        return f"skipped: {job.skip_reason}"
    return f"{job.status}: {job.error.message}" if job.error else str(job.status)


def _samples_done(job: JobView, planned: int) -> int:
    if job.status is JobStatus.COMPLETED:
        return planned
    return min(job.progress.samples_done, planned) if job.progress else 0


def figure(value: float, like: float | None = None) -> str:
    """Return a number with three significant digits, or with as many decimals as `like` has."""
    measure = abs(value if like is None else like)
    decimals = max(0, SIGNIFICANT_DIGITS - 1 - floor(log10(measure))) if measure else 0
    return f"{value:,.{decimals}f}"


def result_table(title: str, jobs: Sequence[JobView], grades: Mapping[str, str]) -> RenderableType:
    """Return the table of medians, each with its 95 % interval below it; `grades` goes by the ID of a job."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("model", no_wrap=True)
    for _, heading in COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("grade")
    for job in jobs:
        headline = job.headline or {}
        cells = [_cell(headline.get(metric)) for metric, _ in COLUMNS]
        table.add_row(job.model, *cells, grades.get(str(job.id), str(job.status)))
    note = "Median, and below it the 95 % interval of the median. TTFT: time to first token."
    return Group(table, Text(note, style="dim"), *([Text(said)] if (said := comparison(jobs)) else []))


def _cell(estimate: Estimate | None) -> Text:
    if estimate is None:
        return Text(NOT_MEASURED)
    text = Text(figure(estimate.median))
    if estimate.low is not None and estimate.high is not None:
        low, high = (figure(end, like=estimate.median) for end in (estimate.low, estimate.high))
        text.append(f"\n{low}{TO}{high}", style="dim")
    return text


def comparison(jobs: Sequence[JobView]) -> str:
    """Return a sentence on the fastest and the slowest model, empty where their intervals do not stand apart."""
    headlines = [(job.headline or {}, job.model) for job in jobs]
    measured = [(headline[Metric.DECODE], model) for headline, model in headlines if Metric.DECODE in headline]
    measured.sort(key=lambda pair: pair[0].median)
    if len(measured) < 2:
        return ""
    (slow, slow_name), (fast, fast_name) = measured[0], measured[-1]
    if slow.high is None or fast.low is None or slow.high >= fast.low or not slow.median:
        return ""
    return f"{fast_name} generates {figure(fast.median / slow.median)} times as fast as {slow_name}."
