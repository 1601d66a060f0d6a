"""The documents name everything there is, and their examples are true."""

import json
import re
from pathlib import Path

import pytest

from core.tests.traces import MOMENT
from obt_core import grading
from obt_core.environment import Environment
from obt_core.metrics import Chunk, Context, Trace, to_sample
from obt_core.results import (
    DISQUALIFYING,
    DISTURBING,
    ClockSource,
    EndReason,
    EnergyUse,
    Estimate,
    Flag,
    Grade,
    SampleRole,
    WorkloadSummary,
)
from obt_core.suite_files import SHIPPED, parse_suite_text, shipped_prompts, shipped_suites
from obt_core.suite_files.keys import TABLES
from obt_core.suites import Metric
from obt_core.values import value_of

DOCS = Path(__file__).parents[2] / "docs"
SUITES = (DOCS / "suites.md").read_text("utf-8")
MEASURING = (DOCS / "measuring.md").read_text("utf-8")


def named_in(text: str) -> set[str]:
    """Whatever stands as code, and the words within."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
    return {word for span in spans for word in (span, *re.findall(r"[a-z0-9_]+", span))}


def first_column(text: str, header: str) -> list[str]:
    """The code in the first cells of the table that begins with that header."""
    table = text.split(f"\n| {header} |", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)


def test_the_example_of_a_suite_is_one() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", SUITES, re.DOTALL)
    suite = parse_suite_text(example)
    contexts = {workload.name: workload.num_ctx for workload in suite.workloads}
    assert contexts == {
        "ticket-c1": None,
        "ticket-c4": None,
        "history-1024": None,
        "history-8192": 9216,
        "monday": None,
    }


def test_every_key_of_a_suite_is_documented() -> None:
    keys = {key for table in TABLES.values() for key in table}
    assert keys <= named_in(SUITES)
    assert set(first_column(SUITES, "key | sets")) == TABLES["sweep"]


def test_every_suite_and_prompt_that_comes_with_obt_is_documented() -> None:
    assert first_column(SUITES, "shipped") == list(SHIPPED)
    assert first_column(SUITES, "shipped prompt") == list(shipped_prompts())
    told = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (\d+ (?:s|min)) \|$", SUITES, re.MULTILINE))
    for suite in shipped_suites():
        number, unit = told[suite.name].split()
        assert suite.budget_s() == pytest.approx(int(number) * (60 if unit == "min" else 1), rel=0.1)


def test_every_metric_is_documented() -> None:
    assert first_column(MEASURING, "metric | formula | not measured where") == [
        "decode_tokens_per_s",
        "prefill_tokens_per_s",
        *(metric for metric in Metric if metric not in {Metric.DECODE, Metric.PREFILL}),
    ]


def test_every_flag_is_documented_with_whether_it_leaves_a_sample_out() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| .* \| (yes|no|in part|replaced) \|$", MEASURING, re.MULTILINE))
    kinds = dict.fromkeys(Flag, "no") | dict.fromkeys(DISQUALIFYING, "yes") | dict.fromkeys(DISTURBING, "replaced")
    assert told == kinds | {Flag.CLIENT_STALLED: "in part", Flag.SEND_DELAYED: "in part"}


def test_every_end_and_role_and_grade_is_documented() -> None:
    assert first_column(MEASURING, "end of a request (`end`) | counts for") == list(EndReason)
    assert {f"role: {role}" for role in SampleRole if role is not SampleRole.MEASURED} <= named_in(MEASURING)
    assert re.findall(r"^\| (clean|disturbed|invalid) \|", MEASURING, re.MULTILINE) == list(Grade)
    codes = set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', Path(grading.__file__).read_text("utf-8")))
    assert codes
    assert codes <= named_in(MEASURING)


def test_what_a_workload_and_an_environment_tell_is_documented() -> None:
    figures = set(WorkloadSummary.model_fields) - {"workload", "taken", "counted", "metrics"}
    estimates = set(Estimate.model_fields) - {"median", "low", "high", "n"}
    surroundings = set(Environment.model_fields) - set(_OF_THE_JOB)
    assert figures | estimates | surroundings | set(EnergyUse.model_fields) - {"power_w"} <= named_in(MEASURING)


_OF_THE_JOB = [
    "client_version",
    "hardware_fingerprint",
    "ollama_version",
    "model",
    "model_digest",
    "quantization",
    "options",
    "suite_hash",
    "clock",
    "size_bytes",
    "size_vram_bytes",
    "context_length",
    "other_models_loaded",
    "cpu_percent_before",
]
"""Facts that need no words."""


def test_the_worked_example_is_what_comes_out() -> None:
    (line,) = re.findall(r"```json\n(.*?)```", MEASURING, re.DOTALL)
    stamps_ns = [round((104.8 + (1374.8 - 104.8) * n / 63) * 1e6) for n in range(64)]
    trace = Trace(
        started_at=MOMENT,
        clock=ClockSource.KERNEL,
        sent_ns=0,
        last_byte_ns=1_399_200_000,
        chunks=tuple(Chunk(stamp_ns, None, text_chars=4, thinking_chars=0) for stamp_ns in stamps_ns),
        final=json.loads(line),
    )
    sample = to_sample(trace, Context(number=1, workload="chat", role=SampleRole.MEASURED, cacheable_tokens=9))
    told = re.findall(r"^\| `(\w+)` \| (?:.* = )?([\d.]+)(?: s)? \|$", MEASURING, re.MULTILINE)
    assert len(told) == 6
    assert {name: value_of(sample, Metric(name)) for name, _ in told} == {name: float(value) for name, value in told}
    assert value_of(sample, Metric.LOAD) is None
    assert sample.flags == ()
