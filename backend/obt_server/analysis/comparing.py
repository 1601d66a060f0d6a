"""Results against a baseline, judged as one family. Pure; the judgement is `obt_core.judging`'s."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from obt_core.environment import Environment
from obt_core.judging import Judged, further_metrics, is_unsettled, judge, judged_metrics, values_of
from obt_core.results import Sample, Summary, WorkloadSummary
from obt_core.statistics import Comparison, Verdict, corrected
from obt_core.suites import Metric, Suite, Workload
from obt_server.analysis.schemas import ComparisonLine, FigureCode, FigureLine, Obstacle, Pair, VerdictCode

Values = Mapping[tuple[str, Metric], Sequence[float]]
"""Of each workload and metric the values that count, in the order in which they were taken."""
_CODES = {
    Verdict.FASTER: VerdictCode.FASTER,
    Verdict.SLOWER: VerdictCode.SLOWER,
    Verdict.NO_DIFFERENCE_FOUND: VerdictCode.NO_DIFFERENCE,
    Verdict.TOO_FEW: VerdictCode.TOO_FEW,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """One result as it is compared."""

    id: UUID
    suite_hash: str
    summary: Summary
    environment: Environment | None
    values: Values


@dataclass(frozen=True, slots=True)
class _Line:
    """One comparison before it is corrected for how many there are. `after` tells of which result it is."""

    after: UUID
    workload: str
    metric: Metric
    judged: Judged


def values_by_metric(samples: Sequence[Sample]) -> Values:
    """Read off the samples of a result what counts of them."""
    by_workload = dict[str, list[Sample]]()
    for sample in samples:
        by_workload.setdefault(sample.workload, []).append(sample)
    told = {(name, metric): values_of(taken, name, metric) for name, taken in by_workload.items() for metric in Metric}
    return {key: values for key, values in told.items() if values}


def compare_all(suite: Suite, baseline: Subject, others: Sequence[Subject]) -> tuple[list[Pair], int]:
    """Compare each with the baseline, whose suite it is; return the pairs, and how many main tests were made.

    What the workloads are there to tell is one family. Further metrics are tested as members of a larger one that
    holds the first, so that looking at them too costs the first nothing.
    """
    same = [other for other in others if other.suite_hash == baseline.suite_hash]
    main = [line for other in same for line in _lines(suite, baseline, other, is_main=True)]
    more = [line for other in same for line in _lines(suite, baseline, other, is_main=False)]
    judged = [*_views(main, corrected([line.judged.found for line in main]), is_main=True)]
    of_all = corrected([line.judged.found for line in (*main, *more)])
    judged += _views(more, of_all[len(main) :], is_main=False)
    by_result = dict[UUID, list[ComparisonLine]]()
    for line, view in zip((*main, *more), judged, strict=True):
        by_result.setdefault(line.after, []).append(view)
    return [_pair(suite, baseline, other, by_result.get(other.id, [])) for other in others], len(main)


def _lines(suite: Suite, before: Subject, after: Subject, *, is_main: bool) -> Iterator[_Line]:
    for workload in suite.workloads:
        for metric in judged_metrics(workload) if is_main else further_metrics(workload):
            key = workload.name, metric
            judged = judge(metric, before.values.get(key, ()), after.values.get(key, ()))
            if judged is not None:
                yield _Line(after.id, *key, judged)


def _views(lines: Sequence[_Line], found: Sequence[Comparison], *, is_main: bool) -> list[ComparisonLine]:
    return [_view(line, one, is_main=is_main) for line, one in zip(lines, found, strict=True)]


def _view(line: _Line, found: Comparison, *, is_main: bool) -> ComparisonLine:
    return ComparisonLine(
        workload=line.workload,
        metric=line.metric,
        verdict=VerdictCode.NOT_SETTLED if is_unsettled(found) else _CODES[found.verdict],
        before=line.judged.before,
        after=line.judged.after,
        relative=found.relative,
        low=found.interval.low if found.interval else None,
        high=found.interval.high if found.interval else None,
        detectable=found.detectable,
        n_before=found.n_before,
        n_after=found.n_after,
        is_main=is_main,
    )


def _pair(suite: Suite, baseline: Subject, other: Subject, lines: list[ComparisonLine]) -> Pair:
    if other.suite_hash != baseline.suite_hash:
        return _incomparable(other, Obstacle.ANOTHER_SUITE)
    main = [line for line in lines if line.is_main]
    if not main:
        return _incomparable(other, Obstacle.NOTHING_IN_COMMON)
    # The first workload that tells of generating; where none does, the first that tells of anything.
    headline = next((line for line in main if line.metric is Metric.DECODE), main[0])
    return Pair(
        result_id=other.id,
        verdict=headline.verdict,
        obstacle=None,
        headline=headline,
        lines=_in_order(suite, lines),
        figures=list(_figures(suite, baseline, other)),
    )


def _incomparable(other: Subject, why: Obstacle) -> Pair:
    code = VerdictCode.NOT_COMPARABLE
    return Pair(result_id=other.id, verdict=code, obstacle=why, headline=None, lines=[], figures=[])


def _in_order(suite: Suite, lines: Sequence[ComparisonLine]) -> list[ComparisonLine]:
    """Workload by workload as the suite has them, metric by metric."""
    workloads = [workload.name for workload in suite.workloads]
    metrics = list(Metric)
    return sorted(lines, key=lambda line: (workloads.index(line.workload), metrics.index(line.metric)))


def _figures(suite: Suite, before: Subject, after: Subject) -> Iterator[FigureLine]:
    sides = [{one.workload: one for one in side.summary.workloads} for side in (before, after)]
    for workload in suite.workloads:
        old, new = (side.get(workload.name) for side in sides)
        if old and new:
            yield from _figure_lines(workload.name, _of_workload(workload, old), _of_workload(workload, new))
    yield from _figure_lines(None, _of_job(before.environment), _of_job(after.environment))


def _of_workload(workload: Workload, summary: WorkloadSummary) -> dict[FigureCode, float | None]:
    """Throughput where there is more than one request at a time: of one after the other it tells their pauses."""
    figures: dict[FigureCode, float | None] = {
        FigureCode.ENERGY: summary.energy.j_per_token if summary.energy else None
    }
    if workload.concurrency > 1 or workload.arrival:
        figures[FigureCode.THROUGHPUT] = summary.throughput_tokens_per_s
    if workload.limits:
        figures[FigureCode.GOODPUT] = summary.goodput_per_s
    return figures


def _of_job(environment: Environment | None) -> dict[FigureCode, float | None]:
    vram, beside = memory_of(environment)
    return {FigureCode.VRAM: vram, FigureCode.MEMORY: beside}


def memory_of(environment: Environment | None) -> tuple[int | None, int | None]:
    """Bytes that the model took of GPUs' own memory, and of the machine's; None where `/api/ps` did not tell."""
    if environment is None or environment.size_vram_bytes is None:
        return None, None
    whole = environment.size_bytes
    return environment.size_vram_bytes, None if whole is None else max(0, whole - environment.size_vram_bytes)


def _figure_lines(
    workload: str | None, before: Mapping[FigureCode, float | None], after: Mapping[FigureCode, float | None]
) -> Iterator[FigureLine]:
    for code, old in before.items():
        new = after[code]
        if old is not None and new is not None and (old or new):
            relative = (new - old) / old if old > 0 else None
            yield FigureLine(code=code, workload=workload, before=old, after=new, relative=relative)
