"""Two saved runs compared: model by model, workload by workload, metric by metric, judged as one family."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from obt_client.cli import show
from obt_core.judging import MINIMUM_EFFECT, is_unsettled, judge, judged_metrics, values_of
from obt_core.results import Sample
from obt_core.runs import MeasuredJob, SavedRun
from obt_core.statistics import Comparison, Verdict, corrected
from obt_core.suites import Metric


class IncomparableError(Exception):
    """Two runs do not tell of the same; the text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison. `before` and `after` are medians in the metric's unit."""

    model: str
    workload: str
    metric: Metric
    before: float
    after: float
    found: Comparison


def compare_runs(before: SavedRun, after: SavedRun, also: Iterable[Metric] = ()) -> list[Line]:
    """Compare what both have: each workload's `judged_metrics`, and `also` others. Raises IncomparableError."""
    if before.suite.hash() != after.suite.hash():
        raise IncomparableError(
            f"The runs were made by two suites: {_suite(before)} and {_suite(after)}. Only runs of one suite, "
            "unchanged, can be compared."
        )
    return judged([line for pair in _pairs(before, after) for line in _lines(*pair, before, list(also))])


def judged(lines: Sequence[Line]) -> list[Line]:
    """Correct the verdicts for how many they are."""
    found = corrected([line.found for line in lines])
    return [replace(line, found=one) for line, one in zip(lines, found, strict=True)]


def _suite(run: SavedRun) -> str:
    return f"{run.suite.name} ({run.suite.hash()[:12]})"


def _pairs(before: SavedRun, after: SavedRun) -> list[tuple[str, MeasuredJob, MeasuredJob]]:
    """Models of one name; where each run has one model only, these two."""
    known = {job.model.name: job for job in before.jobs}
    same = [(job.model.name, known[job.model.name], job) for job in after.jobs if job.model.name in known]
    if same:
        return same
    if len(before.jobs) == len(after.jobs) == 1:
        (old,), (new,) = before.jobs, after.jobs
        return [(f"{old.model.name} → {new.model.name}", old, new)]
    names = [", ".join(job.model.name for job in run.jobs) for run in (before, after)]
    raise IncomparableError(f"The runs have no model in common: {names[0]}; and {names[1]}.")


def _lines(title: str, old: MeasuredJob, new: MeasuredJob, run: SavedRun, also: Sequence[Metric]) -> Iterator[Line]:
    for workload in run.suite.workloads:
        for metric in dict.fromkeys((*judged_metrics(workload), *also)):
            line = line_of(title, workload.name, metric, old.samples, new.samples)
            if line is not None:
                yield line


def line_of(title: str, workload: str, metric: Metric, old: Sequence[Sample], new: Sequence[Sample]) -> Line | None:
    """Compare one metric; None where one side has no value of it."""
    judged_one = judge(metric, values_of(old, workload, metric), values_of(new, workload, metric))
    return judged_one and Line(title, workload, metric, judged_one.before, judged_one.after, judged_one.found)


def warnings(before: SavedRun, after: SavedRun) -> list[str]:
    """What else is different between two runs: perhaps the cause, perhaps a mistake."""
    pairs = {
        "hardware": [run.hardware.fingerprint()[:12] for run in (before, after)],
        "OBT": [run.client_version for run in (before, after)],
        "Ollama": [_versions(run) for run in (before, after)],
    }
    if before.run_id == after.run_id:
        return ["Both files are the same run."]
    said = [f"Other {name}: {old} before, {new} after." for name, (old, new) in pairs.items() if old != new]
    for name, old, new in _pairs(before, after):
        if old.model.digest != new.model.digest and old.model.name == new.model.name:
            said.append(
                f"{name} is another model by now: digest {old.model.digest[:12]}, then {new.model.digest[:12]}."
            )
    return said


def _versions(run: SavedRun) -> str:
    found = {job.outcome.environment.ollama_version for job in run.jobs if job.outcome.environment}
    return ", ".join(sorted(version for version in found if version)) or "unknown"


def comparison_lines(lines: Sequence[Line], width: int) -> list[str]:
    """The table of a comparison, then each difference in words; no line wider than `width`."""
    text = list[str]()
    for model, workload in dict.fromkeys((line.model, line.workload) for line in lines):
        of_both = [line for line in lines if (line.model, line.workload) == (model, workload)]
        text.append(show.Heading(f"{show.shorten(model, max(12, width - len(workload) - 2))}  {workload}"))
        text += show.tables(_HEADING, [_row(line) for line in of_both], width, first_min=7)
        text.append("")
    changed = [line for line in lines if line.found.verdict in {Verdict.FASTER, Verdict.SLOWER}]
    if not changed:
        text += show.paragraph(_nothing(lines), width, indent="")
    for line in changed:
        text += show.paragraph(in_words(line), width, indent="")
    return [*text, *show.paragraph(_footnote(lines), width, indent="")]


_HEADING = ("metric", "before", "after", "change, 95 % interval", "verdict", "shows from")


def _row(line: Line) -> list[str]:
    found = line.found
    return [
        show.METRIC_NAMES[line.metric],
        show.value(line.metric, line.before),
        show.value(line.metric, line.after),
        _change(found),
        "not settled" if is_unsettled(found) else _VERDICTS[found.verdict],
        show.NOT_MEASURED if found.detectable is None else show.percent(found.detectable),
    ]


_VERDICTS = {
    Verdict.FASTER: "faster",
    Verdict.SLOWER: "slower",
    Verdict.NO_DIFFERENCE_FOUND: "no difference",
    Verdict.TOO_FEW: "too few",
}


def _change(found: Comparison) -> str:
    if found.relative is None:
        return show.NOT_MEASURED
    change = show.signed_percent(found.relative)
    if found.interval is None:
        return change
    return f"{change} [{show.signed(found.interval.low)}, {show.signed(found.interval.high)}]"


def in_words(line: Line) -> str:
    """One comparison as a sentence."""
    return f"{line.model} {line.workload}, {show.METRIC_NAMES[line.metric]}: {line.found.in_words()}"


def _nothing(lines: Sequence[Line]) -> str:
    if all(line.found.verdict is Verdict.TOO_FEW for line in lines):
        return "Too few samples to compare: six of each side are the least."
    return "No difference was found that is more than chance."


def _footnote(lines: Sequence[Line]) -> str:
    return (
        f"Judged as one family of {len(lines)}: the chance that any of them is a false alarm is 1 % at most. "
        f"Differences under {show.percent(MINIMUM_EFFECT)} are never called one. 'shows from': a worsening of that "
        "size would be found in 80 of 100 such comparisons."
    )
