"""`--fail-if`: when a comparison makes the command exit with status 3."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from obt_client.cli import show
from obt_client.cli.compare import Line, in_words
from obt_core.statistics import Verdict
from obt_core.suites import Metric

METRICS = {
    "decode": Metric.DECODE,
    "prefill": Metric.PREFILL,
    "ttft": Metric.TTFT,
    "tpot": Metric.TPOT,
    "e2e": Metric.E2E,
    "scheduled": Metric.SCHEDULED,
    "load": Metric.LOAD,
    "queue": Metric.QUEUE,
}
_FORM = re.compile(r"(?:(?P<metric>[a-z0-9_]+):)?slower:(?P<percent>\d+(?:\.\d+)?)\s*%")


class FailIfError(ValueError):
    """A condition that is none; the text says what would be."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Slower by so large a share, in one metric or, with None, in any."""

    metric: Metric | None
    share: float
    text: str

    def judges(self, line: Line) -> bool:
        """Whether it is about that comparison."""
        return line.metric is self.metric if self.metric else line.metric is not Metric.QUEUE

    def is_hit(self, line: Line) -> bool:
        """The verdict, and the median's change for the worse."""
        if line.found.verdict is not Verdict.SLOWER or line.found.relative is None:
            return False
        worse = -line.found.relative if line.metric.higher_is_better else line.found.relative
        return worse >= self.share


def parse_condition(text: str) -> Condition:
    """Read `slower:5%` or `decode:slower:5%`. Raises FailIfError."""
    found = _FORM.fullmatch(text.strip().lower())
    name = found["metric"] if found else None
    metric = METRICS.get(name or "") or next((metric for metric in METRICS.values() if metric.value == name), None)
    if found is None or (name and metric is None):
        known = ", ".join(METRICS)
        raise FailIfError(f"--fail-if {text}: write slower:5% or METRIC:slower:5%, with one of {known}.")
    return Condition(metric, float(found["percent"]) / 100, text)


def unjudged(conditions: Iterable[Condition], lines: Sequence[Line]) -> list[str]:
    """Conditions that no comparison with enough samples speaks about: silence must not pass for good news."""
    able = [line for line in lines if line.found.detectable is not None]
    enough = [*able, *(line for line in lines if line.found.verdict in {Verdict.FASTER, Verdict.SLOWER})]
    return [one.text for one in conditions if not any(one.judges(line) for line in enough)]


def weak(conditions: Iterable[Condition], lines: Sequence[Line]) -> list[str]:
    """A sentence for each comparison that would not have shown a worsening of the limit's size."""
    return [
        f"--fail-if {one.text}: not to be seen in {line.workload}, {show.METRIC_NAMES[line.metric]}: {needs(line)}"
        for one in conditions
        for line in lines
        if one.judges(line) and not is_strong_enough(line, one.share)
    ]


def is_strong_enough(line: Line, share: float) -> bool:
    """Whether a worsening of that size is found in 80 of 100 such comparisons, or this one was found."""
    found = line.found
    return found.verdict is Verdict.SLOWER or (found.detectable is not None and found.detectable <= share)


def needs(line: Line) -> str:
    """What would have been seen."""
    if line.found.detectable is None:
        return "too few samples, or too noisy ones, show nothing of any size."
    return f"it shows from {show.percent(line.found.detectable)} on."


def hits(conditions: Iterable[Condition], lines: Sequence[Line]) -> list[str]:
    """A sentence for each condition that is hit."""
    return [
        f"--fail-if {condition.text}: {in_words(line).rstrip('.')}, limit {show.percent(condition.share)}."
        for condition in conditions
        for line in lines
        if condition.judges(line) and condition.is_hit(line)
    ]
