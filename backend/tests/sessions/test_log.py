"""What happened to the jobs of a session, and when."""

from typing import Any
from uuid import uuid4

import pytest

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.environment import Condition
from obt_core.heartbeat import AgentState
from obt_core.jobs import JobError, JobPhase, JobProgress, JobSpec, OutcomeStatus
from obt_core.results import Flag, Grade

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def a_job(server: Harness, *models: str) -> tuple[AClient, JobSpec]:
    client = await server.a_client(models=models or ("a",))
    await server.a_session([client], list(models or ("a",)))
    spec = await client.claim()
    assert spec is not None
    return client, spec


async def log_of(server: Harness, spec: JobSpec, **params: Any) -> list[dict[str, Any]]:
    return (await server.get(f"/sessions/{spec.session_id}/log", **params))["entries"]


async def kinds_of(server: Harness, spec: JobSpec) -> list[str]:
    return [entry["kind"] for entry in reversed(await log_of(server, spec))]


async def tell(client: AClient, spec: JobSpec, phase: JobPhase, workload: str | None = None) -> None:
    progress = JobProgress(phase=phase, workload=workload, samples_done=0, samples_planned=10)
    await client.beat(state=AgentState.BUSY, job_id=spec.job_id, progress=progress)


async def test_a_job_is_told_from_its_claim_to_its_end(server: Harness) -> None:
    client, spec = await a_job(server)
    for phase in (JobPhase.PREFLIGHT, JobPhase.PREFLIGHT, JobPhase.WARMUP, JobPhase.SAMPLING):
        server.clock.advance(2)
        await tell(client, spec, phase, None if phase is JobPhase.PREFLIGHT else "chat")
    busy = builders.a_sample(2, flags=(Flag.FOREIGN_CPU_LOAD,))
    for _ in range(2):  # a batch that comes again tells nothing again
        await client.send_samples(spec.job_id, builders.a_sample(1), busy)
    environment = builders.an_environment(
        spec, conditions=(Condition(code="on_battery", detail="80 %", weight=Grade.DISTURBED),)
    )
    outcome = builders.an_outcome(spec, 2, environment=environment, notes=("a note",))
    for _ in range(2):
        await client.send_outcome(spec.job_id, outcome)
    entries = list(reversed(await log_of(server, spec)))
    assert [entry["kind"] for entry in entries] == [
        "claimed",
        "preflight",
        "warmup",
        "sampling",
        "disturbed",
        "completed",
    ]
    assert {entry["job_id"] for entry in entries} == {str(spec.job_id)}
    assert [entry["at"][-4:-1] for entry in entries[:4]] == [":00", ":02", ":06", ":08"]
    assert entries[2]["detail"]["workload"] == "chat"
    told = entries[4]["detail"]
    assert (told["numbers"], told["flags"], told["workload"]) == ([2], ["foreign_cpu_load"], "chat")
    end = entries[5]["detail"]
    assert (end["samples"], end["notes"], end["conditions"][0]["code"]) == (2, ["a note"], "on_battery")


async def test_a_job_that_was_lost_and_came_back_says_both(server: Harness) -> None:
    client, spec = await a_job(server)
    await tell(client, spec, JobPhase.SAMPLING)
    server.clock.advance(91)
    await server.sweep()
    await client.send_samples(spec.job_id, builders.a_sample())
    error = JobError(code="client_restarted", message="It was restarted.")
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, status=OutcomeStatus.FAILED, error=error))
    assert await kinds_of(server, spec) == ["claimed", "sampling", "lost", "resumed", "failed"]
    assert (await log_of(server, spec))[0]["detail"]["error"]["code"] == "client_restarted"


async def test_what_is_cancelled_and_what_is_skipped_is_told_of_each_job(server: Harness) -> None:
    _, spec = await a_job(server, "a", "b")
    (await server.owner.post(f"{API}/sessions/{spec.session_id}/cancel")).raise_for_status()
    assert sorted(await kinds_of(server, spec)) == ["cancelled", "cancelled", "claimed"]
    away = await server.a_client("away", models=("a",))
    session = await server.a_session([away], ["a"])
    server.clock.advance(3 * 24 * 3_600)
    await server.sweep()
    (entry,) = (await server.get(f"/sessions/{session['id']}/log"))["entries"]
    assert (entry["kind"], entry["detail"]["skip_reason"]) == ("skipped", "offline")


async def test_a_log_is_read_page_by_page_and_of_one_job(server: Harness) -> None:
    client, spec = await a_job(server, "a", "b")
    for phase in (JobPhase.PREFLIGHT, JobPhase.WARMUP, JobPhase.SAMPLING):
        await tell(client, spec, phase)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 0))
    other = await client.claim()
    assert other is not None
    whole = await log_of(server, spec)
    first = await server.get(f"/sessions/{spec.session_id}/log", limit=4)
    second = await server.get(f"/sessions/{spec.session_id}/log", limit=4, before=first["next"])
    assert (first["entries"] + second["entries"], second["next"]) == (whole, None)
    (claimed,) = await log_of(server, spec, job_id=str(other.job_id))
    assert (claimed["kind"], claimed["job_id"]) == ("claimed", str(other.job_id))


@SQLITE
async def test_a_job_that_flaps_between_phases_fills_no_disk(server: Harness) -> None:
    client, spec = await a_job(server)
    for turn in range(170):
        await tell(client, spec, JobPhase.WARMUP if turn % 2 else JobPhase.SAMPLING)
        flagged = builders.a_sample(turn + 1, flags=(Flag.MEMORY_SWAPPED,))
        await client.send_samples(spec.job_id, flagged)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 170))
    entries = await log_of(server, spec, limit=500)
    assert (len(entries), entries[0]["kind"]) == (301, "completed")


@SQLITE
async def test_there_is_no_log_of_a_session_that_is_not(server: Harness) -> None:
    for path in ("log", "jobs"):
        reply = await server.owner.get(f"{API}/sessions/{uuid4()}/{path}")
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_the_jobs_of_a_large_session_come_page_by_page(server: Harness) -> None:
    client = await server.a_client("one")
    session = await server.a_session([client], [f"m{n}" for n in range(250)])
    assert (len(session["jobs"]), session["jobs_next"]) == (250, None)
    two = await server.a_client("two")
    session = await server.a_session([client, two], [f"m{n}" for n in range(150)])
    assert (len(session["jobs"]), session["counts"]) == (250, {"skipped": 300})
    rest = await server.get(f"/sessions/{session['id']}/jobs", after=session["jobs_next"])
    assert (len(rest["jobs"]), rest["next"]) == (50, None)
    models = [job["model"] for job in session["jobs"] + rest["jobs"]]
    assert models == [f"m{n}" for n in range(150)] * 2
    small = await server.get(f"/sessions/{session['id']}/jobs", limit=2)
    assert (small["jobs"], small["next"]) == (session["jobs"][:2], 1)
