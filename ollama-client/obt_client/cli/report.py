"""What `bench` prints at the end: the table, what is to be known of it, and what it was measured on."""

from obt_client.cli import show
from obt_client.cli.contrast import contrasts
from obt_client.cli.summaries import Result, left_out, results_of
from obt_core.environment import Condition, OwnError
from obt_core.results import EnergyUse, Estimate, WorkloadSummary
from obt_core.runs import SavedRun
from obt_core.suites import Metric

COLUMNS = (
    "n",
    "decode tok/s",
    "prefill tok/s",
    "TTFT",
    "TTFT p99",
    "TPOT",
    "load",
    "queue",
    "E2E",
    "E2E p99",
    "tok/s, all",
    "requests/s",
    "goodput/s",
    "slots",
)
"""`tok/s, all` is over all streams; a p99 of fewer than 100 samples is none, and p90 stands for it, as such."""
_NOTE = "Medians with their 95 % intervals. Kept with every sample in {path}"


def report(run: SavedRun, width: int, path: str = "") -> list[str]:
    """The lines of a run, none wider than `width`."""
    results = results_of(run)
    lines = list[str]()
    for result in results:
        lines += [*_heading(result, width), *_table(result, run, width), *_marks(result, run, width), ""]
    for sentence in contrasts(run):
        lines += show.paragraph(sentence, width, indent="")
    lines += [""] if len(results) > 1 else []
    for sentence in (*_circumstances(run), *([_NOTE.format(path=path)] if path else [])):
        lines += show.paragraph(sentence, width, indent="")
    return lines


def _heading(result: Result, width: int) -> list[str]:
    model = result.job.model
    facts = [fact for fact in (model.parameter_size, model.quantization) if fact]
    judged = f"{result.grade}" + (f": {', '.join(result.reasons)}" if result.reasons else "")
    tail = "  ".join(filter(None, (" ".join(facts), judged)))
    name = show.shorten(model.name, max(20, width - len(tail) - 2))
    line = f"{name}  {tail}"
    return [show.Heading(line)] if len(line) <= width else [show.Heading(name), *show.paragraph(tail, width)]


def _table(result: Result, run: SavedRun, width: int) -> list[str]:
    loaded = loaded_workloads(run)
    rows = [row_of(workload, is_loaded=workload.workload in loaded) for workload in result.summary.workloads]
    return show.tables(("workload", *COLUMNS), rows, width) if rows else ["  nothing was measured"]


def loaded_workloads(run: SavedRun) -> set[str]:
    """Workloads with several requests under way: of one at a time, a rate over all says nothing."""
    return {workload.name for workload in run.suite.workloads if workload.concurrency > 1 or workload.arrival}


def row_of(workload: WorkloadSummary, *, is_loaded: bool) -> list[str]:
    """One row of the table: the workload's name, then a cell a column."""
    found = workload.metrics
    n = str(workload.counted) if workload.counted == workload.taken else f"{workload.counted}/{workload.taken}"
    medians = (Metric.DECODE, Metric.PREFILL, Metric.TTFT)
    return [
        workload.workload,
        n,
        *(show.estimate(metric, found.get(metric)) for metric in medians),
        _tail(found.get(Metric.TTFT)),
        *(show.estimate(metric, found.get(metric)) for metric in (Metric.TPOT, Metric.LOAD, Metric.QUEUE)),
        show.estimate(Metric.E2E, found.get(Metric.E2E)),
        _tail(found.get(Metric.E2E) if is_loaded else None),
        *(_rate(rate if is_loaded else None) for rate in (workload.throughput_tokens_per_s, workload.requests_per_s)),
        _rate(workload.goodput_per_s),
        show.NOT_MEASURED if workload.slots_seen is None or not is_loaded else str(workload.slots_seen),
    ]


def _tail(found: Estimate | None) -> str:
    if found is None or found.p90 is None:
        return show.NOT_MEASURED
    return show.duration_ms(found.p99) if found.p99 is not None else f"p90 {show.duration_ms(found.p90)}"


def _rate(rate: float | None) -> str:
    return show.NOT_MEASURED if rate is None else show.figure(rate)


def _marks(result: Result, run: SavedRun, width: int) -> list[str]:
    told = (*energy_lines(result), *result.job.outcome.notes)
    marks = [f"! {text}" for text in marks_of(result, run)] + [f"- {text}" for text in told]
    return [line for text in marks for line in show.paragraph(text, width)]


def marks_of(result: Result, run: SavedRun) -> list[str]:
    """What makes these numbers less than they seem: drift, samples left out, a machine not quiet, the error."""
    asked = {workload.name: workload.precision for workload in run.suite.workloads}
    marks = list[str]()
    for workload in result.summary.workloads:
        moved = [(metric, found.drift) for metric, found in workload.metrics.items() if found.drift is not None]
        for metric, drift in moved[:1]:
            marks.append(
                f"{workload.workload}: {show.METRIC_NAMES[metric]} drifted by {show.signed_percent(drift)} from the "
                "first third of the samples to the last"
            )
        if missing := left_out(result.job.samples, workload.workload):
            why = ", ".join(f"{count} {reason}" for reason, count in missing.most_common())
            marks.append(f"{workload.workload}: {missing.total()} of {workload.taken} samples left out: {why}")
        if workload.disturbed:
            marks.append(_disturbed(workload))
        precision = asked.get(workload.workload)
        if workload.precise is False and precision is not None:
            name = show.METRIC_NAMES[precision.metric]
            marks.append(f"{workload.workload}: {name} is not known to ±{show.percent(precision.within)}")
    environment = result.job.outcome.environment
    marks += [_in_words(condition) for condition in environment.conditions] if environment else []
    if result.job.outcome.error is not None:
        marks.append(result.job.outcome.error.message)
    return marks


def _disturbed(workload: WorkloadSummary) -> str:
    why = ", ".join(workload.disturbed_by)
    fate = "counted, since most were" if workload.counts_disturbed else "replaced"
    return f"{workload.workload}: {workload.disturbed} of {workload.taken} samples disturbed ({fate}): {why}"


def _in_words(condition: Condition) -> str:
    name = condition.code.replace("_", " ")
    return f"{name}: {condition.detail}" if condition.detail else name


def energy_lines(result: Result) -> list[str]:
    """Joules per token of the workloads that tell them, a line each."""
    return [_energy(one.workload, one.energy) for one in result.summary.workloads if one.energy]


def _energy(workload: str, found: EnergyUse) -> str:
    above = found.above_idle_j_per_token
    beside = "" if above is None else f", {show.figure(above)} J above idle"
    how = f"{', '.join(found.devices)}; {found.source}"
    return f"{workload}: {show.figure(found.j_per_token)} J per token{beside}, {show.figure(found.power_w)} W ({how})"


def _circumstances(run: SavedRun) -> list[str]:
    environments = [job.outcome.environment for job in run.jobs if job.outcome.environment]
    own = next((found.own_error for found in environments if found.own_error), None)
    return [*([own_error(own)] if own else []), environment_line(run)]


def own_error(found: OwnError) -> str:
    """OBT's own error in one sentence."""
    ttft = f"TTFT ≤ {show.error_us(found.ttft_p99_us)}"
    gap = f"gap ≤ {show.error_us(found.gap_p99_us)}"
    streams = "1 stream" if found.streams == 1 else f"{found.streams} streams"
    return f"OBT's own error here with {streams}: {ttft} p99, {gap} p99 ({found.clock} clock)."


def environment_line(run: SavedRun) -> str:
    """The machine, Ollama, where the models lay, the suite."""
    hardware = run.hardware
    parts = [run.machine, hardware.cpu.model if hardware.cpu else "unknown processor"]
    parts += [show.size(hardware.memory_bytes)] if hardware.memory_bytes else []
    parts += [gpu.name for gpu in hardware.gpus] or (["no GPU"] if hardware.known else ["hardware unknown"])
    found = [job.outcome.environment for job in run.jobs if job.outcome.environment]
    versions = sorted({one.ollama_version for one in found if one.ollama_version})
    parts += [f"Ollama {', '.join(versions)}"] if versions else []
    places = {one.offload_class() for one in found}
    parts += [f"on {'/'.join(sorted(places - {'unknown'}) or places)}"] if found else []
    return f"{', '.join(parts)}; suite {run.suite.name}, seed {run.order_seed}, {show.moment(run.started_at)}."
