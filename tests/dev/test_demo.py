"""What the demo chooses, and what its table says."""

import io
from uuid import uuid4

import pytest
from rich.console import Console

from dev.demo_models import choose
from dev.demo_view import comparison, describe, figure, result_table
from dev.server_api import secret_link
from dev.trouble import Trouble
from obt_core.jobs import JobPhase, JobProgress, JobStatus
from obt_core.models import InstalledModel
from obt_core.results import Estimate, Metric
from obt_server.jobs.schemas import JobView


def a_model(name: str, size_mb: int, **more: object) -> InstalledModel:
    return InstalledModel.model_validate({"name": name, "digest": "ab" * 32, "size_bytes": size_mb * 10**6, **more})


def a_job(model: str, **more: object) -> JobView:
    nothing = dict.fromkeys(
        (
            "model_digest",
            "order_seed",
            "skip_reason",
            "error",
            "progress",
            "headline",
            "claimed_at",
            "started_at",
            "ended_at",
        )
    )
    told = {"id": uuid4(), "session_id": uuid4(), "client_id": "box-1", "client_name": "box", "suite_hash": "ab" * 32}
    status = {"status": JobStatus.COMPLETED, "samples_stored": 21, "created_at": "2026-11-21T08:00:00Z"}
    return JobView.model_validate({**nothing, **told, **status, "model": model, **more})


def decode(median: float, low: float | None, high: float | None) -> dict[Metric, Estimate]:
    return {Metric.DECODE: Estimate(median=median, low=low, high=high, n=10)}


def test_few_models_are_all_measured_smallest_first() -> None:
    chosen, note = choose([a_model("b:8b", 5_000), a_model("a:1b", 800)], [])
    assert chosen == ["a:1b", "b:8b"]
    assert note == ""


def test_of_many_the_three_smallest_are_measured_and_it_is_said() -> None:
    chosen, note = choose([a_model(f"m:{size}", size) for size in (70, 3, 8, 1, 32)], [])
    assert chosen == ["m:1", "m:3", "m:8"]
    assert "5 models are installed; measuring the 3 smallest" in note
    assert "--models m:70" in note


def test_what_cannot_be_measured_here_is_never_chosen() -> None:
    models = [
        a_model("cloud:120b", 0, cloud=True),
        a_model("embed:1", 10, capabilities=["embedding"]),
        a_model("m:1", 9),
    ]
    assert choose(models, [])[0] == ["m:1"]


def test_a_named_model_is_taken_with_or_without_its_tag() -> None:
    models = [a_model("m:latest", 1), a_model("n:1b", 2), a_model("o:1b", 3), a_model("p:1b", 4)]
    assert choose(models, ["p:1b", "m", "p:1b"]) == (["p:1b", "m:latest"], "")


def test_a_name_that_is_not_installed_is_told_with_those_that_are() -> None:
    with pytest.raises(Trouble, match="no model x that generates") as told:
        choose([a_model("m:1", 1_234)], ["x"])
    assert "m:1  (1,234 MB)" in str(told.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(25.63, "25.6"), (1234.5, "1,234"), (0.9312, "0.931"), (105.44, "105"), (0.0, "0"), (0.012, "0.0120")],
)
def test_a_figure_has_three_significant_digits(value: float, text: str) -> None:
    assert figure(value) == text


def test_the_ends_of_an_interval_have_the_decimals_of_its_median() -> None:
    assert figure(9.87, like=10.1) == "9.9"


def test_the_table_shows_median_interval_and_what_was_not_measured() -> None:
    job = a_job("m:1", headline=decode(25.63, 25.1, 26.04))
    console = Console(width=100, file=io.StringIO(), record=True)
    console.print(result_table("Quick", [job], {str(job.id): "clean"}))
    shown = console.export_text()
    assert "25.6" in shown
    assert "25.1\N{EN DASH}26.0" in shown
    assert "clean" in shown
    (row,) = (line.split() for line in shown.splitlines() if "m:1" in line)
    assert row.count("-") == 3


def test_speeds_are_compared_only_where_their_intervals_stand_apart() -> None:
    slow, fast = a_job("slow", headline=decode(10, 9, 11)), a_job("fast", headline=decode(41, 40, 42))
    assert comparison([fast, slow]) == "fast generates 4.10 times as fast as slow."
    assert comparison([slow, a_job("near", headline=decode(12, 10.5, 13))]) == ""
    assert comparison([slow, a_job("unsure", headline=decode(41, None, None))]) == ""
    assert comparison([slow, a_job("failed", status=JobStatus.FAILED)]) == ""


def test_a_running_job_is_described_with_what_it_does_and_its_speed() -> None:
    doing = JobProgress(
        phase=JobPhase.SAMPLING, workload="chat", samples_done=3, samples_planned=21, tokens_per_s=25.63
    )
    assert describe(a_job("m", status=JobStatus.RUNNING, progress=doing)) == "sampling chat, 25.6 tokens/s"
    assert describe(a_job("m", status=JobStatus.QUEUED)) == "queued"
    failed = a_job("m", status=JobStatus.FAILED, error={"code": "ollama_gone", "message": "Ollama went away"})
    assert describe(failed) == "failed: Ollama went away"


def test_the_link_is_found_in_what_the_server_prints() -> None:
    assert (
        secret_link("Open this:\n  http://127.0.0.1:8881/sign-in#abc-D_1\n") == "http://127.0.0.1:8881/sign-in#abc-D_1"
    )
    with pytest.raises(Trouble, match="printed no link"):
        secret_link("http://127.0.0.1:8881/")


def test_a_full_table_fits_eighty_columns() -> None:
    headline = {
        Metric.DECODE: Estimate(median=84.2, low=75.9, high=91.2, n=10),
        Metric.PREFILL: Estimate(median=137, low=136, high=138, n=6),
        Metric.TTFT: Estimate(median=1266, low=1260, high=1270, n=6),
        Metric.LOAD: Estimate(median=758, low=756, high=1519, n=5),
    }
    job = a_job("obt-random-medium:q8_0", headline=headline)
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(result_table("Quick", [job], {str(job.id): "disturbed"}))
    shown = console.export_text()
    assert "\N{HORIZONTAL ELLIPSIS}" not in shown
    assert "1,260\N{EN DASH}1,270" in shown
    assert "disturbed" in shown
