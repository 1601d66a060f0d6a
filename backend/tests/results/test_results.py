"""Results: what they say, when they are renewed, how they are found."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.tests import builders
from backend.tests.harness import AClient, Harness
from obt_core.environment import Condition, Environment
from obt_core.hardware import UNKNOWN_HARDWARE
from obt_core.jobs import JobOutcome, JobSpec, JobStatus, OutcomeStatus
from obt_core.results import EndReason, Flag, Grade
from obt_server.results.service import series_of

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def a_job(server: Harness, client: AClient | None = None, model: str = "a") -> tuple[AClient, JobSpec]:
    client = client or await server.a_client(models=("a", "b"))
    await server.a_session([client], [model])
    spec = await client.claim()
    assert spec is not None
    return client, spec


async def a_result(server: Harness, client: AClient, model: str = "a", **fields: Any) -> JobSpec:
    _, spec = await a_job(server, client, model)
    await client.send_samples(spec.job_id, builders.a_sample())
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, **fields))
    return spec


async def test_a_failed_job_that_completes_after_all_renews_its_result(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1))
    assert (await client.send_outcome(spec.job_id, builders.a_failure(spec, 1))).status is JobStatus.FAILED
    failed = await server.get(f"/results/{spec.job_id}")
    assert (failed["status"], failed["grade"], failed["reasons"]) == ("failed", "invalid", ["ollama_unreachable"])
    assert failed["error"]["code"] == "ollama_unreachable"
    await client.send_samples(spec.job_id, builders.a_sample(2))
    reply = await client.send_outcome(spec.job_id, builders.an_outcome(spec, 2))
    assert (reply.status, reply.missing) == (JobStatus.COMPLETED, 0)
    result = await server.get(f"/results/{spec.job_id}")
    assert (result["status"], result["grade"], result["sample_count"]) == ("completed", "clean", 2)
    assert result["error"] is None
    assert result["headline"]["ttft_ms"]["n"] == 2


async def test_a_late_failure_does_not_spoil_what_was_completed(server: Harness) -> None:
    """A client that starts anew may call a job failed whose outcome was stored, and its reply lost."""
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))
    before = await server.get(f"/results/{spec.job_id}")
    late = builders.a_failure(spec, 1, "client_restarted").model_copy(update={"environment": None})
    assert (await client.send_outcome(spec.job_id, late)).status is JobStatus.COMPLETED
    assert await server.get(f"/results/{spec.job_id}") == before


@SQLITE
async def test_a_job_that_measured_nothing_has_no_result(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_outcome(spec.job_id, builders.a_failure(spec, 0))
    assert (await server.get("/results"))["results"] == []
    (job,) = (await server.get(f"/sessions/{spec.session_id}"))["jobs"]
    assert (job["status"], job["error"]["code"]) == ("failed", "ollama_unreachable")


@SQLITE
async def test_samples_that_never_came_are_said(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1))
    reply = await client.send_outcome(spec.job_id, builders.an_outcome(spec, 3))
    assert (reply.status, reply.missing, reply.detail) == (JobStatus.COMPLETED, 2, "2 samples never came")
    result = await server.get(f"/results/{spec.job_id}")
    assert (result["grade"], result["reasons"]) == ("disturbed", ["samples_missing"])
    await client.send_samples(spec.job_id, builders.a_sample(2), builders.a_sample(3))
    assert (await client.send_outcome(spec.job_id, builders.an_outcome(spec, 3))).missing == 0
    assert (await server.get(f"/results/{spec.job_id}"))["grade"] == "clean"


def cancelled(spec: JobSpec) -> JobOutcome:
    return builders.an_outcome(spec, 2, status=OutcomeStatus.CANCELLED)


def beside_another(spec: JobSpec) -> JobOutcome:
    return builders.an_outcome(spec, 2, environment=builders.an_environment(spec, other_models_loaded=("b",)))


@SQLITE
@pytest.mark.parametrize(
    ("second", "outcome", "grade", "reasons"),
    [
        ({}, None, "clean", []),
        ({"flags": (Flag.MERGED_READS, Flag.CLOCKS_DISAGREE)}, None, "clean", []),
        ({"flags": (Flag.MODEL_RELOADED,)}, None, "disturbed", ["samples_left_out"]),
        ({"end": EndReason.ERROR, "error_code": "timeout"}, None, "disturbed", ["samples_left_out"]),
        ({}, beside_another, "disturbed", ["other_models_loaded"]),
        ({}, cancelled, "invalid", ["cancelled"]),
    ],
)
async def test_the_grade(server: Harness, second: dict[str, Any], outcome: Any, grade: str, reasons: list[str]) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1), builders.a_sample(2, **second))
    await client.send_outcome(spec.job_id, outcome(spec) if outcome else builders.an_outcome(spec, 2))
    result = await server.get(f"/results/{spec.job_id}")
    assert (result["grade"], result["reasons"]) == (grade, reasons)


@SQLITE
async def test_where_no_sample_counts_the_result_is_invalid(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1, flags=(Flag.CACHED_PROMPT,)))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))
    result = await server.get(f"/results/{spec.job_id}")
    assert (result["grade"], result["reasons"], result["headline"]) == ("invalid", ["no_sample_counted"], {})


async def test_a_result_tells_all_that_is_known_of_it(server: Harness) -> None:
    client = await server.a_client("one", gpu="RTX 4090", models=("a",))
    _, spec = await a_job(server, client)
    machine = builders.a_machine(gpu="RTX 4090")
    environment = builders.an_environment(spec, hardware_fingerprint=machine.fingerprint())
    sample = builders.a_sample(1, ollama={"deep": [{"é": None}], "eval_count": 2**60})
    await client.send_samples(spec.job_id, sample)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, environment=environment))
    await client.put_hardware(builders.a_machine(gpu="RTX 5090"))
    result = await server.get(f"/results/{spec.job_id}")
    assert result["samples"] == [sample.model_dump(mode="json")]
    assert Environment.model_validate(result["environment"]) == environment
    assert result["hardware"]["gpus"][0]["name"] == "RTX 4090"  # the machine as it was
    assert (result["suite"]["name"], result["suite_hash"]) == ("quick", spec.suite_hash)
    assert (result["client_name"], result["model"], result["quantization"]) == ("bench", "a", "Q4_K_M")


async def test_the_notes_and_conditions_of_a_client_are_kept(server: Harness) -> None:
    client, spec = await a_job(server)
    conditions = (Condition(code="swap_used", detail="2 GiB"), Condition(code="on_battery", weight=Grade.DISTURBED))
    environment = builders.an_environment(spec, conditions=conditions)
    await client.send_samples(spec.job_id, builders.a_sample())
    await client.send_outcome(spec.job_id, builders.a_failure(spec, 1).model_copy(update={"notes": ("was cut off",)}))
    notes = ("the budget of chat was spent", "é")
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, notes=notes, environment=environment))
    late = builders.a_failure(spec, 1, "client_restarted").model_copy(update={"notes": ("spoilt",)})
    await client.send_outcome(spec.job_id, late)
    result = await server.get(f"/results/{spec.job_id}")
    assert result["notes"] == list(notes)
    assert Environment.model_validate(result["environment"]).conditions == conditions
    assert (result["grade"], result["reasons"]) == ("disturbed", ["on_battery"])


async def test_a_result_of_a_machine_that_is_not_known_is_shown_without_it(server: Harness) -> None:
    client, spec = await a_job(server)
    environment = builders.an_environment(spec, hardware_fingerprint="f" * 64)
    await client.send_samples(spec.job_id, builders.a_sample())
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, environment=environment))
    assert (await server.get(f"/results/{spec.job_id}"))["hardware"] is None


async def test_results_are_narrowed_by_every_filter(server: Harness) -> None:
    one, two = await server.a_client("one", models=("a", "b")), await server.a_client("two", models=("a",))
    specs = {
        "1a": await a_result(server, one, "a"),
        "1b": await a_result(server, one, "b", status=OutcomeStatus.CANCELLED),
        "2a": await a_result(server, two, "a"),
    }
    names = {str(spec.job_id): name for name, spec in specs.items()}
    for query, expected in (
        ({}, {"1a", "1b", "2a"}),
        ({"client_id": "one"}, {"1a", "1b"}),
        ({"model": "a"}, {"1a", "2a"}),
        ({"grade": "clean"}, {"1a", "2a"}),
        ({"grade": "invalid"}, {"1b"}),
        ({"suite": "quick"}, {"1a", "1b", "2a"}),
        ({"suite": "other"}, set[str]()),
        ({"session_id": str(specs["2a"].session_id)}, {"2a"}),
        ({"client_id": "one", "model": "a"}, {"1a"}),
    ):
        found = (await server.get("/results", **query))["results"]
        assert {names[result["id"]] for result in found} == expected, query
        assert len(found) == len(expected)


async def test_pages_hold_every_result_once_newest_first(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    years = [datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2026, 1, 999, 9999, 2026, 1970)]
    for moment in years:
        await a_result(server, client, started_at=moment, ended_at=moment + timedelta(microseconds=7))
    whole = (await server.get("/results"))["results"]
    assert len({result["id"] for result in whole}) == len(years)
    moments = [datetime.fromisoformat(result["ended_at"]) for result in whole]
    assert moments == sorted(moments, reverse=True)
    seen: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while len(seen) <= len(whole):
        page = await server.get("/results", limit=2, **after)
        seen += page["results"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == whole


def an_environment(**fields: Any) -> Environment:
    return Environment.model_validate(
        {
            "client_version": "0.1.0",
            "hardware_fingerprint": "a" * 64,
            "ollama_version": "0.9.3",
            "model": "a",
            "model_digest": "d" * 64,
            "options": {},
            "suite_hash": "c" * 64,
            "clock": "kernel",
            "size_bytes": 10,
            "size_vram_bytes": 10,
            **fields,
        }
    )


def series(client_id: str = "one", **fields: Any) -> str:
    return series_of(an_environment(**fields), client_id, "d" * 64, "c" * 64)


def test_what_a_series_is_made_of() -> None:
    same = [series(), series(ollama_version="0.10"), series(client_version="2"), series(client_id="two")]
    assert len(set(same)) == 1  # versions are the causes that a change is traced to; the machine is told by its parts
    others = [
        series(hardware_fingerprint="b" * 64),
        series(size_vram_bytes=0),
        series(size_vram_bytes=5),
        series(size_vram_bytes=None),
        series(options={"num_ctx": 4096}),
        series_of(an_environment(), "one", "e" * 64, "c" * 64),
        series_of(an_environment(), "one", "d" * 64, "f" * 64),
        series_of(None, "one", "d" * 64, "c" * 64),
    ]
    assert len({series(), *others}) == 1 + len(others)


@pytest.mark.parametrize("fingerprint", [None, UNKNOWN_HARDWARE.fingerprint()])
def test_where_the_hardware_is_unknown_the_client_stands_for_it(fingerprint: str | None) -> None:
    one, two = (series(client_id, hardware_fingerprint=fingerprint) for client_id in ("one", "two"))
    assert one != two
    assert one == series("one", hardware_fingerprint=fingerprint)
