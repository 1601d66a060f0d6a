"""A run for other programs: JSON with every sample, CSV, Markdown, and the lines that Go's benchstat reads."""

import csv
import io
import json
from collections.abc import Iterator, Sequence

from obt_client.cli import show
from obt_client.cli.report import COLUMNS, environment_line, loaded_workloads, row_of
from obt_client.cli.summaries import Result, results_of
from obt_core.results import Sample, WorkloadSummary
from obt_core.runs import SavedRun
from obt_core.suites import Metric
from obt_core.values import chosen, counts_for

CSV_HEADING = (
    "run_id",
    "started_at",
    "machine",
    "model",
    "model_digest",
    "quantization",
    "suite",
    "suite_hash",
    "workload",
    "metric",
    "median",
    "low",
    "high",
    "n",
    "p90",
    "p99",
    "spread",
    "drift",
    "grade",
    "reasons",
)
"""One row a model, workload and metric; the unit is in the metric's name, empty is not measured."""


def as_json(run: SavedRun) -> str:
    """The saved run, every sample in it, and beside it what it says of each model. It can be read back as a run."""
    summaries = [
        {
            "model": result.name,
            "grade": result.grade,
            "reasons": result.reasons,
            "summary": result.summary.model_dump(mode="json"),
        }
        for result in results_of(run)
    ]
    return json.dumps({**run.model_dump(mode="json"), "summaries": summaries}, indent=1, ensure_ascii=False)


def as_csv(run: SavedRun) -> str:
    """The summary, one row a figure."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADING)
    for result in results_of(run):
        writer.writerows(_csv_rows(run, result))
    return text.getvalue().rstrip("\n")


def _csv_rows(run: SavedRun, result: Result) -> Iterator[Sequence[object]]:
    model = result.job.model
    about = (run.run_id, run.started_at.isoformat(), run.machine, model.name, model.digest, model.quantization)
    for workload in result.summary.workloads:
        where = (*about, run.suite.name, run.suite.hash(), workload.workload)
        judged = (result.grade.value, " ".join(result.reasons))
        for metric, e in workload.metrics.items():
            yield (*where, metric.value, e.median, e.low, e.high, e.n, e.p90, e.p99, e.spread, e.drift, *judged)
        for name, figure in _of_the_whole(workload).items():
            if figure is not None:
                yield (*where, name, figure, None, None, workload.counted, None, None, None, None, *judged)


def _of_the_whole(workload: WorkloadSummary) -> dict[str, float | None]:
    """Figures of all of a workload's requests together."""
    energy = workload.energy
    return {
        "requests_per_s": workload.requests_per_s,
        "goodput_per_s": workload.goodput_per_s,
        "throughput_tokens_per_s": workload.throughput_tokens_per_s,
        "j_per_token": energy.j_per_token if energy else None,
        "above_idle_j_per_token": energy.above_idle_j_per_token if energy else None,
    }


def as_markdown(run: SavedRun) -> str:
    """A table to paste into an issue; columns that hold nothing are left out."""
    loaded = loaded_workloads(run)
    rows = [
        (result.name, *row_of(workload, is_loaded=workload.workload in loaded), str(result.grade))
        for result in results_of(run)
        for workload in result.summary.workloads
    ]
    heading = ("model", "workload", *COLUMNS, "grade")
    kept = [n for n in range(len(heading)) if n < 2 or any(row[n] != show.NOT_MEASURED for row in rows)]
    lines = [
        [heading[n] for n in kept],
        ["---" if n < 2 else "---:" for n in kept],
        *([row[n].replace("|", "\\|") for n in kept] for row in rows),
    ]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", environment_line(run)])


def as_benchstat(run: SavedRun) -> str:
    """A set of lines for each sample that counts, in the form of Ollama's own `cmd/bench`.

    Names are those of Ollama's tool with a part for the workload before the step. Grammar: Go's "benchmark data
    format" (golang.org/design/14313-benchmark-format).
    """
    lines = [f"obt-suite: {run.suite.name}", f"obt-suite-hash: {run.suite.hash()}", f"obt-machine: {run.machine}"]
    for result in results_of(run):
        lines.append(_about(result))
        for workload in run.suite.workloads:
            for sample in chosen([sample for sample in result.job.samples if sample.workload == workload.name]):
                lines += _steps(result.name, sample)
    return "\n".join(lines)


def _about(result: Result) -> str:
    model, environment = result.job.model, result.job.outcome.environment
    vram = environment.size_vram_bytes if environment else None
    facts = {
        "Model": model.name,
        "Params": model.parameter_size,
        "Quant": model.quantization,
        "Family": model.family,
        "Size": model.size_bytes,
        "VRAM": vram,
    }
    return "# " + " | ".join(f"{name}: {fact}" for name, fact in facts.items() if fact is not None)


def _steps(model: str, sample: Sample) -> Iterator[str]:
    name = f"BenchmarkModel/name={model}/workload={sample.workload}/step="
    for step, metric, rate in (
        ("prefill", Metric.PREFILL, sample.prefill_tokens_per_s),
        ("generate", Metric.DECODE, sample.decode_tokens_per_s),
    ):
        if rate and counts_for(sample, metric):
            yield f"{name}{step} 1 {1e9 / rate:.2f} ns/token {rate:.2f} token/sec"
    for step, metric, time_ms in (
        ("ttft", Metric.TTFT, sample.ttft_ms),
        ("load", Metric.LOAD, sample.load_ms),
        ("total", Metric.E2E, sample.e2e_ms),
    ):
        if time_ms is not None and counts_for(sample, metric):
            yield f"{name}{step} 1 {round(time_ms * 1e6)} ns/op"
