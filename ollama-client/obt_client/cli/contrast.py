"""The models of one run against the first of them, in sentences."""

from collections.abc import Iterator

from obt_client.cli import show
from obt_client.cli.compare import Line, judged, line_of
from obt_core.judging import is_unsettled, judged_metrics
from obt_core.runs import SavedRun
from obt_core.statistics import Verdict
from obt_core.suites import Metric

_VERBS = {
    Metric.DECODE: ("decodes", "decode"),
    Metric.PREFILL: ("reads prompts", "read prompts"),
    Metric.LOAD: ("loads", "load"),
}


def contrasts(run: SavedRun) -> list[str]:
    """One sentence a model after the first and a metric: how many times as fast, with the interval."""
    return [_sentence(line, run.jobs[0].model.name) for line in judged(list(_lines(run)))]


def _lines(run: SavedRun) -> Iterator[Line]:
    first, *others = run.jobs
    for other in others:
        for metric, workload in _headlines(run):
            line = line_of(other.model.name, workload, metric, first.samples, other.samples)
            if line is not None:
                yield line


def _headlines(run: SavedRun) -> list[tuple[Metric, str]]:
    """Each metric with the first workload that is there to tell it."""
    told = dict[Metric, str]()
    for workload in run.suite.workloads:
        for metric in judged_metrics(workload):
            told.setdefault(metric, workload.name)
    return [(metric, told[metric]) for metric in _VERBS if metric in told]


def _sentence(line: Line, first: str) -> str:
    does, do = _VERBS[line.metric]
    found = line.found
    if found.verdict is Verdict.TOO_FEW:
        return f"Whether {line.model} {does} faster than {first} is not known: too few samples."
    if is_unsettled(found) and found.relative is not None:
        apart = show.signed_percent(found.relative)
        return f"Whether {line.model} {does} as fast as {first} is not settled by these samples: medians {apart} apart."
    if found.verdict is Verdict.NO_DIFFERENCE_FOUND or found.relative is None:
        shown = f", and one of {show.percent(found.detectable)} would have shown" if found.detectable else ""
        return f"{line.model} and {first} {do} at the same speed: no difference was found{shown}."
    if _speed(line, found.relative) < 1:
        return f"{first} {does} {_times(line, is_turned=True)} as {line.model}."
    return f"{line.model} {does} {_times(line)} as {first}."


def _times(line: Line, *, is_turned: bool = False) -> str:
    """How many times as fast, with the interval; `is_turned` tells it of the other one."""
    found = line.found
    ends = [found.relative or 0.0] + ([found.interval.low, found.interval.high] if found.interval else [])
    speeds = [_speed(line, end) ** (-1 if is_turned else 1) for end in ends]
    interval = f" [{show.figure(min(speeds[1:]))} to {show.figure(max(speeds[1:]))}]" if found.interval else ""
    return f"{show.figure(speeds[0])}{interval} times as fast"


def _speed(line: Line, relative: float) -> float:
    """A rate's ratio is a speed; a time's is the inverse of one."""
    return max(1e-9, 1 + relative) ** (1 if line.metric.higher_is_better else -1)
