"""A run for other programs: each form is read back by its own grammar."""

import csv
import io
import json
import re

from obt_client.cli.formats import CSV_HEADING, as_benchstat, as_csv, as_json, as_markdown
from obt_core.results import Flag
from obt_core.runs import parse_run

from .runs import a_job, a_run, a_sample, jitter

RUN = a_run(a_job("a:latest", load_ms=jitter(300, 8), number=1), a_job("hf.co/team/b:Q4_K_M", jitter(50), number=2))
_LINE = re.compile(r"(?P<name>Benchmark\S+) +(?P<iterations>\d+)(?P<figures>( +[-+.e\d]+ +\S+)+)")
_CONFIG = re.compile(r"[a-z][^\sA-Z]*:\s+\S.*")


def test_json_is_the_run_with_its_summary_and_can_be_read_as_a_run() -> None:
    text = as_json(RUN)
    assert parse_run(text.encode()) == RUN
    summaries = json.loads(text)["summaries"]
    assert [one["model"] for one in summaries] == ["a:latest", "hf.co/team/b:Q4_K_M"]
    assert summaries[0]["grade"] == "clean"
    assert summaries[0]["summary"]["workloads"][0]["metrics"]["decode_tokens_per_s"]["n"] == 30


def test_csv_has_a_row_for_each_figure_and_nothing_for_what_was_not_measured() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(RUN))))
    assert tuple(rows[0]) == CSV_HEADING
    figures = {(row["model"], row["workload"], row["metric"]): row for row in rows}
    decode = figures["a:latest", "chat", "decode_tokens_per_s"]
    assert float(decode["low"]) < float(decode["median"]) < float(decode["high"])
    assert (decode["n"], decode["grade"], decode["p99"]) == ("30", "clean", "")
    assert ("a:latest", "load", "load_ms") in figures
    assert not any(metric == "prefill_tokens_per_s" for _, _, metric in figures)


def test_markdown_is_a_table_whose_rows_are_as_long_as_its_heading() -> None:
    lines = [line for line in as_markdown(RUN).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    assert lines[0].startswith("| model | workload | n | decode tok/s |")
    assert len(lines) == 2 + 3


def test_benchstat_lines_follow_the_grammar_of_go_and_the_names_of_ollama() -> None:
    lines = as_benchstat(RUN).splitlines()
    found = [_LINE.fullmatch(line) for line in lines]
    assert all(
        match or line.startswith("# ") or _CONFIG.fullmatch(line) for match, line in zip(found, lines, strict=True)
    )
    steps = [line for line in lines if line.startswith("BenchmarkModel/name=a:latest/workload=chat/step=generate 1 ")]
    assert len(steps) == 30
    ns, unit, rate, rate_unit = steps[0].split()[2:]
    assert (unit, rate_unit) == ("ns/token", "token/sec")
    assert abs(float(ns) * float(rate) / 1e9 - 1) < 1e-3
    assert sum("/step=load 1 " in line and line.endswith(" ns/op") for line in lines) == 8
    assert "# Model: a:latest | Params: 1.2B | Quant: Q8_0 | Size: 1073741824 | VRAM: 1073741824" in lines


def test_samples_that_do_not_count_are_in_no_benchstat_line() -> None:
    job = a_job(decode=jitter(100, 6))
    stalled = a_sample(7, "chat", flags=(Flag.MODEL_RELOADED,), decode_tokens_per_s=1.0)
    text = as_benchstat(a_run(job.model_copy(update={"samples": (*job.samples, stalled)})))
    assert text.count("/step=generate") == 6
