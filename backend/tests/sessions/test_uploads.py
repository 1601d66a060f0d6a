"""Runs that were measured without a server: each becomes a session, once, and disturbs nobody's work."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.heartbeat import Work
from obt_core.jobs import JobOutcome, JobStatus
from obt_core.runs import FORMAT_VERSION, AnnouncedRun, MeasuredJob, RunReply, SavedRun
from obt_core.suite_files import shipped_suites

(QUICK,) = (suite for suite in shipped_suites() if suite.name == "quick")
MEASURED_AT = builders.MOMENT - timedelta(days=30)
MACHINE = builders.a_machine(gpu="RTX 3090", memory_gib=96)


def a_measured_job(name: str = "a", samples: int = 3) -> MeasuredJob:
    model = builders.a_model(name)
    told = {"model": model.name, "model_digest": model.digest, "suite": QUICK, "suite_hash": QUICK.hash()}
    spec = builders.JobSpec.model_validate({"job_id": uuid4(), "session_id": uuid4(), **told})
    environment = builders.an_environment(spec, hardware_fingerprint=MACHINE.fingerprint())
    times: dict[str, Any] = {"started_at": MEASURED_AT, "ended_at": MEASURED_AT + timedelta(minutes=1)}
    return MeasuredJob(
        job_id=spec.job_id,
        model=model,
        outcome=builders.an_outcome(spec, samples, environment=environment, **times),
        samples=tuple(builders.a_sample(number) for number in range(1, samples + 1)),
    )


def a_run(*jobs: MeasuredJob, **fields: Any) -> SavedRun:
    told: dict[str, Any] = {
        "run_id": uuid4(),
        "client_version": "0.1.0",
        "machine": "my box",
        "order_seed": 2**53 - 1,
        "started_at": MEASURED_AT,
        "ended_at": MEASURED_AT + timedelta(minutes=1),
        "hardware": MACHINE,
        "suite": QUICK,
        "jobs": jobs or (a_measured_job(),),
    }
    return SavedRun(**{**told, **fields})


async def announce(client: AClient, run: SavedRun, expected: int = 200, **fields: Any) -> Any:
    body = {**run.announced().model_dump(mode="json"), **fields}
    reply = await client.http.post(f"{API}/clients/{client.id}/runs", json=body)
    assert reply.status_code == expected, reply.text
    return RunReply.model_validate(reply.json()) if expected == 200 else reply.json()


async def deliver(client: AClient, run: SavedRun) -> list[JobStatus]:
    for job in run.jobs:
        await client.send_samples(job.job_id, *job.samples)
        if job.telemetry:
            await client.send_telemetry(job.job_id, builders.a_batch(job.telemetry))
    return [(await client.send_outcome(job.job_id, job.outcome)).status for job in run.jobs]


async def test_a_run_becomes_a_session_of_when_it_was_measured_with_all_that_was_measured(server: Harness) -> None:
    client = await server.a_client(models=())
    run = a_run(a_measured_job("a"), a_measured_job("b", samples=4))
    reply = await announce(client, run)
    assert reply.created
    assert await deliver(client, run) == [JobStatus.COMPLETED] * 2
    session = await server.get(f"/sessions/{run.run_id}")
    assert (session["state"], session["counts"]) == ("completed", {"completed": 2})
    assert session["title"] == f"Uploaded: {QUICK.title}: 2 models on my box"
    assert session["created_at"] == MEASURED_AT.isoformat().replace("+00:00", "Z")
    result = await server.get(f"/results/{run.jobs[1].job_id}")
    assert (result["grade"], result["sample_count"], len(result["samples"])) == ("clean", 4, 4)
    assert result["hardware"]["gpus"][0]["name"] == "RTX 3090"
    assert result["suite"]["name"] == QUICK.name
    assert session["jobs"][0]["order_seed"] == 2**53 - 1


async def test_handing_it_over_again_changes_nothing_and_tells_what_is_there(server: Harness) -> None:
    client, run = await server.a_client(), a_run()
    await announce(client, run)
    await deliver(client, run)
    before = [await server.get(path) for path in ("/sessions", "/results", f"/results/{run.jobs[0].job_id}")]
    reply = await announce(client, run)
    assert not reply.created
    assert [(job.status, job.samples_stored) for job in reply.jobs] == [(JobStatus.COMPLETED, 3)]
    assert await deliver(client, run) == [JobStatus.COMPLETED]
    assert before == [await server.get(path) for path in ("/sessions", "/results", f"/results/{run.jobs[0].job_id}")]


async def test_a_runs_telemetry_is_kept_once_and_tells_of_its_energy(server: Harness) -> None:
    client = await server.a_client()
    job = a_measured_job(samples=10).model_copy(update={"telemetry": builders.a_series(15)})
    run = a_run(job)
    await announce(client, run)
    for _ in range(2):
        assert await deliver(client, run) == [JobStatus.COMPLETED]
    result = await server.get(f"/results/{job.job_id}")
    assert result["telemetry_ticks"] == 15
    assert result["summary"]["workloads"][0]["energy"]["power_w"] == pytest.approx(builders.POWER_W)


async def test_a_run_in_a_form_of_a_later_release_is_refused_with_what_to_do(server: Harness) -> None:
    client, run = await server.a_client(), a_run()
    problem = await announce(client, run, 422, format_version=FORMAT_VERSION + 1)
    assert problem["code"] == "run_too_new"
    assert "Upgrade this server" in problem["detail"]
    assert (await server.get("/sessions"))["sessions"] == []
    assert (await announce(client, run)).created


async def test_one_that_was_begun_is_completed_later(server: Harness) -> None:
    client, run = await server.a_client(), a_run()
    await announce(client, run)
    await client.send_samples(run.jobs[0].job_id, run.jobs[0].samples[0])
    await server.sweep()
    reply = await announce(client, run)
    assert [(job.status, job.samples_stored) for job in reply.jobs] == [(JobStatus.LOST, 1)]
    assert await deliver(client, run) == [JobStatus.COMPLETED]


async def test_two_at_once_make_one_session(server: Harness) -> None:
    client, run = await server.a_client(), a_run()
    replies = await asyncio.gather(*(announce(client, run) for _ in range(4)))
    assert sorted(reply.created for reply in replies) == [False, False, False, True]
    assert len((await server.get("/sessions"))["sessions"]) == 1


async def test_the_clients_own_work_goes_on_while_a_run_is_handed_over(server: Harness) -> None:
    client, run = await server.a_client(models=("a",)), a_run()
    await announce(client, run)
    await client.send_samples(run.jobs[0].job_id, run.jobs[0].samples[0])
    assert await client.claim() is None
    await server.a_session([client], ["a"])
    assert Work() in (await client.beat()).directives
    spec = await client.claim()
    assert spec is not None
    assert spec.job_id != run.jobs[0].job_id
    assert (await client.beat(job_id=spec.job_id, state="busy")).directives == ()
    assert await deliver(client, run) == [JobStatus.COMPLETED]
    await client.send_samples(spec.job_id, builders.a_sample())
    assert (await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))).status is JobStatus.COMPLETED


async def test_what_the_client_has_now_is_not_changed_by_what_it_had_then(server: Harness) -> None:
    client = await server.a_client(gpu="RTX 5090")
    run = a_run()
    await announce(client, run)
    (view,) = (await server.get("/clients"))["clients"]
    assert view["machine"]["gpus"][0]["name"] == "RTX 5090"


async def test_a_run_that_failed_or_was_stopped_is_stored_as_that(server: Harness) -> None:
    client, job = await server.a_client(), a_measured_job()
    failed = {**dict(job.outcome), "status": "failed", "error": {"code": "client_stopped", "message": "Ctrl-C"}}
    run = a_run(job.model_copy(update={"outcome": JobOutcome.model_validate(failed)}))
    await announce(client, run)
    assert await deliver(client, run) == [JobStatus.FAILED]
    assert (await server.get(f"/results/{job.job_id}"))["reasons"] == ["client_stopped"]


async def test_a_run_of_the_future_is_one_of_now(server: Harness) -> None:
    client, run = await server.a_client(), a_run(started_at=server.clock.now() + timedelta(days=9_000))
    await announce(client, run)
    session = await server.get(f"/sessions/{run.run_id}")
    assert session["created_at"] == server.clock.now().isoformat().replace("+00:00", "Z")


async def test_nobody_hands_over_a_run_for_another_or_over_anothers(server: Harness) -> None:
    mine, other, run = await server.a_client(), await server.a_client(), a_run()
    await announce(mine, run)
    await deliver(mine, run)
    assert (await announce(other, run, 409))["code"] == "run_conflict"
    stolen = a_run(run.jobs[0])
    assert (await announce(other, stolen, 409))["code"] == "run_conflict"
    assert (await announce(mine, stolen, 409))["code"] == "run_conflict"
    body = a_run().announced().model_dump(mode="json")
    assert (await other.http.post(f"{API}/clients/{mine.id}/runs", json=body)).status_code == 403
    assert (await server.nobody.post(f"{API}/clients/{mine.id}/runs", json=body)).status_code == 401
    assert (await server.owner.post(f"{API}/clients/{mine.id}/runs", json=body)).status_code == 403
    assert len((await server.get("/sessions"))["sessions"]) == 1


async def test_a_jobs_or_a_sessions_id_that_stands_for_something_else_is_refused(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    session = await server.a_session([client], ["a"])
    claimed = await client.claim()
    assert claimed is not None
    taken = a_measured_job().model_copy(update={"job_id": claimed.job_id})
    assert (await announce(client, a_run(taken), 409))["code"] == "run_conflict"
    assert (await announce(client, a_run(run_id=UUID(session["id"])), 409))["code"] == "run_conflict"
    assert (await server.get(f"/sessions/{session['id']}"))["counts"] == {"claimed": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"jobs": []},
        {"jobs": [{"job_id": "x"}]},
        {"run_id": "../../x"},
        {"order_seed": float("1e300")},
        {"machine": "a\u0000b"},
        {"started_at": "yesterday"},
        {"suite": {"name": "x"}},
        {"format_version": "new"},
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_what_is_no_run_is_refused_and_stores_nothing(server: Harness, fields: dict[str, Any]) -> None:
    client = await server.a_client()
    assert "errors" in await announce(client, a_run(), 422, **fields)
    assert (await server.get("/sessions"))["sessions"] == []


def test_a_run_is_announced_in_one_small_body() -> None:
    run = a_run(*(a_measured_job(f"model-{number}:latest") for number in range(100)))
    assert len(AnnouncedRun.model_dump_json(run.announced())) < 100_000
