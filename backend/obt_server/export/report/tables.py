"""The tables of a report."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from obt_core.environment import Environment
from obt_core.results import Estimate, Grade, Metric, WorkloadSummary
from obt_core.suites import Suite, Workload
from obt_server.analysis.facts import Difference, contrast, facts_of, with_unset
from obt_server.export.report.content import NAMES, NONE, Entry, interval, machine, moment, number, words

_GLYPH = {Grade.CLEAN: "✓", Grade.DISTURBED: "△", Grade.INVALID: "✕"}
_TABLE = Markup('<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
_FIGURE = Markup("<td class=num>{} <small>{}</small></td>")
_HEAD = (Metric.DECODE, Metric.PREFILL, Metric.TTFT, Metric.LOAD, Metric.E2E)


def table(heads: Sequence[str | Markup], rows: Iterable[Sequence[str | Markup]]) -> Markup:
    """A table; a cell that is Markup is a whole `<td>`."""
    head = Markup().join(h if isinstance(h, Markup) else Markup("<th scope=col>{}</th>").format(h) for h in heads)
    body = Markup().join(
        Markup("<tr>{}</tr>").format(
            Markup().join(c if isinstance(c, Markup) else Markup("<td>{}</td>").format(c) for c in row)
        )
        for row in rows
    )
    return _TABLE.format(head, body)


def _figure(estimate: Estimate | None) -> Markup:
    return _FIGURE.format(number(estimate.median) if estimate else NONE, interval(estimate))


def _metric_head(metric: Metric) -> Markup:
    return Markup("<th class=num scope=col>{}, {}</th>").format(*NAMES[metric])


def _grade(grade: Grade) -> Markup:
    return Markup('<td class="grade {}">{} {}</td>').format(grade.value, _GLYPH[grade], grade.value)


def _mark(entry: Entry) -> Markup:
    return Markup('<th class="mark" scope=row><i class="s{}"></i>{}</th>').format(series_of(entry), entry.number)


def series_of(entry: Entry) -> int:
    """Which of the six colours a result has."""
    return (entry.number - 1) % 6 + 1


def overview(entries: Sequence[Entry]) -> Markup:
    """All results with their headlines."""
    metrics = [metric for metric in _HEAD if any(metric in entry.summary.headline for entry in entries)]
    heads = ["#", "Model", "Quantization", "Client", "Suite", "Grade", *map(_metric_head, metrics), "Ended"]
    rows = [
        [
            _mark(entry),
            entry.view.model,
            entry.view.quantization or NONE,
            entry.view.client_name,
            entry.view.suite_name,
            _grade(entry.view.grade),
            *(_figure(entry.summary.headline.get(metric)) for metric in metrics),
            moment(entry.view.ended_at),
        ]
        for entry in entries
    ]
    return table(heads, rows)


def grades(entries: Sequence[Entry]) -> Markup:
    """What made each grade, and what else its reader should know."""
    rows = [[_mark(e), _grade(e.view.grade), words(e.view.status.value), _reasons(e), _told(e)] for e in entries]
    return table(["#", "Grade", "Job", "Reasons", "Told besides"], rows)


def _reasons(entry: Entry) -> str:
    details = {c.code: c.detail for c in (entry.environment.conditions if entry.environment else ())}
    named = [f"{words(code)} ({details[code]})" if details.get(code) else words(code) for code in entry.view.reasons]
    return "; ".join(named) or "nothing disturbed it"


def _told(entry: Entry) -> str:
    conditions = entry.environment.conditions if entry.environment else ()
    others = [c for c in conditions if c.code not in entry.view.reasons]
    return "; ".join(f"{words(c.code)} ({c.detail})" if c.detail else words(c.code) for c in others) or NONE


def by_workload(suite: Suite, entries: Sequence[Entry]) -> Markup:
    """Every metric of every workload of one suite, the results beneath each other."""
    summaries = [(entry, {s.workload: s for s in entry.summary.workloads}) for entry in entries]
    return Markup().join(_workload(workload, summaries) for workload in suite.workloads)


def _workload(workload: Workload, summaries: Sequence[tuple[Entry, dict[str, WorkloadSummary]]]) -> Markup:
    told = [(entry, found[workload.name]) for entry, found in summaries if workload.name in found]
    if not told:
        return Markup()
    metrics = [metric for metric in NAMES if any(metric in summary.metrics for _, summary in told)]
    heads = ["#", Markup("<th class=num scope=col>Samples counted</th>"), *map(_metric_head, metrics)]
    rows = [
        [
            _mark(entry),
            Markup("<td class=num>{} of {}</td>").format(summary.counted, summary.taken),
            *(_figure(summary.metrics.get(metric)) for metric in metrics),
        ]
        for entry, summary in told
    ]
    return Markup("<h4>{}</h4>").format(workload.name) + table(heads, rows)


def differences(entries: Sequence[Entry]) -> Markup:
    """What of the circumstances is not the same in all results."""
    stored = [entry.environment.model_dump(mode="json") if entry.environment else None for entry in entries]
    facts = with_unset([facts_of(one, entry.hardware) for one, entry in zip(stored, entries, strict=True)], stored)
    found = contrast(facts)
    alike = Markup("<p>{} facts are known to be alike in all results; {} are not known of all.</p>").format(
        found.alike, found.unknown
    )
    if not found.differences:
        return alike
    heads = ["What", *(str(entry.number) for entry in entries)]
    return table(heads, map(_difference, found.differences)) + alike


def _difference(difference: Difference) -> list[str | Markup]:
    name = f"{words(difference.code)} {difference.name}".strip()
    values = [NONE if value is None else str(value) for value in difference.values]
    return [Markup("<th scope=row>{}</th>").format(name), *values]


def machines(entries: Sequence[Entry]) -> Markup:
    """The machines as they were, and what ran on them."""
    rows = [
        [
            _mark(entry),
            entry.view.client_name,
            machine(entry.hardware),
            (entry.environment.ollama_version if entry.environment else None) or NONE,
            _drivers(entry.environment),
            Markup("<td><code>{}</code></td>").format(entry.view.model_digest.removeprefix("sha256:")[:12] or NONE),
        ]
        for entry in entries
    ]
    return table(["#", "Client", "Machine", "Ollama", "Drivers", "Model's digest"], rows)


def _drivers(environment: Environment | None) -> str:
    gpus = environment.machine.gpus if environment and environment.machine else ()
    told = [" ".join(part for part in (gpu.driver, gpu.driver_version) if part) for gpu in gpus]
    return ", ".join(dict.fromkeys(text for text in told if text)) or NONE


def measured(entries: Sequence[Entry]) -> Markup:
    """With which release, by whose clock, and how far from the truth its stamps are known to be."""
    heads = ["#", "OBT", "Clock", "Own error of TTFT, µs: median, 99 %", "Of gaps", "Streams", "Calibrated"]
    return table(heads, [[_mark(entry), *_own_error(entry.environment)] for entry in entries])


def _own_error(environment: Environment | None) -> list[str]:
    if environment is None:
        return [NONE] * 6
    error, told = environment.own_error, [environment.client_version or NONE, str(environment.clock)]
    if error is None:
        return [*told, "not calibrated", NONE, NONE, NONE]
    ttft = f"{number(error.ttft_p50_us)}, {number(error.ttft_p99_us)}"
    gaps = f"{number(error.gap_p50_us)}, {number(error.gap_p99_us)}"
    return [*told, ttft, gaps, str(error.streams), moment(error.measured_at)]


def suite_in_full(suite: Suite) -> Markup:
    """A suite as it can be run again, word for word."""
    text = suite.model_dump_json(indent=2, exclude_defaults=True)
    return Markup("<h3>{}: {}</h3><p>{}</p><pre>{}</pre><p>Hash <code>{}</code></p>").format(
        suite.name, suite.title, suite.description, text, suite.hash()
    )
