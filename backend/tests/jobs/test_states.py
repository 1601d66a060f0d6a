"""The states of jobs: moves, claims, leases, cancelling."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.heartbeat import AgentState
from obt_core.jobs import TRANSITIONS, JobPhase, JobProgress, JobSpec, JobStatus
from obt_server.config import Settings
from obt_server.jobs import repository
from obt_server.jobs.tables import JobRow

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def job_of(server: Harness, session: dict[str, Any]) -> dict[str, Any]:
    return (await server.get(f"/sessions/{session['id']}"))["jobs"][0]


async def a_claimed_job(server: Harness, client_id: str = "one") -> tuple[AClient, JobSpec, dict[str, Any]]:
    client = await server.a_client(client_id, models=("a",))
    session = await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    return client, spec, session


async def set_status(server: Harness, job_id: UUID, status: JobStatus) -> None:
    async with server.db.write() as session:
        await session.execute(update(JobRow).where(JobRow.id == job_id).values(status=status))


async def test_the_database_allows_the_moves_of_the_table_and_no_other(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    job_id = UUID((await server.a_session([client], ["a"]))["jobs"][0]["id"])
    for source in JobStatus:
        for target in JobStatus:
            await set_status(server, job_id, source)
            async with server.db.write() as session:
                moved = await repository.move(session, [job_id], target)
            async with server.db.read() as session:
                row = await session.get(JobRow, job_id)
            assert row is not None
            may = target in TRANSITIONS[source]
            assert (bool(moved), row.status) == (may, target if may else source), (source, target)


async def test_no_more_jobs_run_than_the_limit_says(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"running_jobs_max": 2}), clock) as server:
        clients = [await server.a_client(models=("a",)) for _ in range(4)]
        await server.a_session(clients, ["a"])
        taken = [spec for spec in await asyncio.gather(*(client.claim() for client in clients)) if spec]
        assert len(taken) == 2
        waiting = [client for client in clients if not any(spec.job_id for spec in [await client.claim()] if spec)]
        assert len(waiting) == 2
        assert [(await client.beat()).directives for client in waiting] == [(), ()]  # no work is told that is none
        (busy, *_) = [client for client in clients if client not in waiting]
        spec = await busy.claim()
        assert spec is not None
        await busy.send_outcome(spec.job_id, builders.a_failure(spec, 0))
        assert [directive.kind for directive in (await waiting[0].beat()).directives] == ["work"]
        assert await waiting[0].claim() is not None
        assert await waiting[1].claim() is None


@SQLITE
async def test_sessions_are_done_in_the_order_in_which_they_were_asked_for_and_their_models_as_the_seed_says(
    server: Harness,
) -> None:
    client = await server.a_client("one", models=("a", "b", "c"))
    await server.a_session([client], ["a", "b"], order_seed=2)
    server.clock.advance(1)
    await server.a_session([client], ["c"])
    done: list[str] = []
    while spec := await client.claim():
        done.append(spec.model)
        await client.send_outcome(spec.job_id, builders.a_failure(spec, 0))
    assert done == ["b", "a", "c"]


@SQLITE
async def test_a_lease_lives_on_with_every_beat_and_every_sample(server: Harness) -> None:
    client, spec, session = await a_claimed_job(server)
    progress = JobProgress(phase=JobPhase.SAMPLING, samples_done=1, samples_planned=9, tokens_per_s=50)
    for number in range(1, 4):
        server.clock.advance(60)
        await client.beat(state=AgentState.BUSY, job_id=spec.job_id, progress=progress)
        server.clock.advance(60)
        await client.send_samples(spec.job_id, builders.a_sample(number))
        await server.sweep()
    job = await job_of(server, session)
    assert (job["status"], job["samples_stored"], job["progress"]["tokens_per_s"]) == ("running", 3, 50)
    server.clock.advance(90)
    await server.sweep()
    assert (await job_of(server, session))["status"] == "running"  # its lease ends now, and is not yet over
    server.clock.advance(1)
    await server.sweep()
    job = await job_of(server, session)
    assert (job["status"], job["progress"]) == ("lost", None)
    assert (await client.beat(state=AgentState.BUSY, job_id=spec.job_id)).directives == ()
    job = await job_of(server, session)
    assert (job["status"], job["ended_at"]) == ("running", None)


@SQLITE
async def test_a_beat_that_does_not_name_the_job_does_not_renew_it(server: Harness) -> None:
    client, _, session = await a_claimed_job(server)
    for _ in range(2):
        server.clock.advance(46)
        await client.beat()
    await server.sweep()
    assert (await job_of(server, session))["status"] == "lost"


@SQLITE
async def test_a_claim_that_is_answered_again_begins_its_lease_again(server: Harness) -> None:
    client, spec, session = await a_claimed_job(server)
    server.clock.advance(80)
    assert await client.claim() == spec
    server.clock.advance(80)
    await server.sweep()
    assert (await job_of(server, session))["status"] == "claimed"


@SQLITE
async def test_after_a_restart_leases_wait_for_the_grace(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings, clock) as server:
        client, spec, session = await a_claimed_job(server)
    clock.advance(1_000)
    async with serve(settings.model_copy(update={"restart_grace_s": 60}), clock) as server:
        clock.advance(59)
        await server.sweep()
        assert (await job_of(server, session))["status"] == "claimed"
        assert (await server.get(f"/clients/{client.id}"))["presence"] == "stale"
        clock.advance(1)
        await server.sweep()
        assert (await job_of(server, session))["status"] == "lost"
        assert (await server.get(f"/clients/{client.id}"))["presence"] == "offline"
    assert spec.lease_s == 90


@SQLITE
async def test_a_client_that_was_there_for_hours_keeps_its_queue_when_it_starts_anew(server: Harness) -> None:
    """The time that a job waits for a client begins when the client goes."""
    client = await server.a_client("one", models=("a",))
    session = await server.a_session([client], ["a"])
    server.clock.advance(10_000)
    await client.beat()
    server.clock.advance(120)
    await server.sweep()
    assert (await server.get("/clients/one"))["presence"] == "offline"
    assert (await job_of(server, session))["status"] == "queued"
    server.clock.advance(3_600)
    await server.sweep()
    assert (await job_of(server, session))["skip_reason"] == "offline"


# Cancelling


async def cancel(server: Harness, job_id: object) -> httpx.Response:
    return await server.owner.post(f"{API}/jobs/{job_id}/cancel")


async def test_what_can_be_cancelled(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    job_id = UUID((await server.a_session([client], ["a"]))["jobs"][0]["id"])
    for status in JobStatus:
        await set_status(server, job_id, status)
        may = JobStatus.CANCELLED in {*TRANSITIONS[status], status}
        assert (await cancel(server, job_id)).status_code == (204 if may else 409), status
    reply = await cancel(server, UUID(int=1))
    assert (reply.status_code, reply.json()["code"]) == (404, "job_not_found")


@SQLITE
async def test_a_cancelled_job_shows_no_progress_and_is_not_begun_again(server: Harness) -> None:
    client, spec, session = await a_claimed_job(server)
    progress = JobProgress(phase=JobPhase.SAMPLING, samples_done=1, samples_planned=9, tokens_per_s=50)
    await client.beat(state=AgentState.BUSY, job_id=spec.job_id, progress=progress)
    assert (await cancel(server, spec.job_id)).status_code == 204
    job = await job_of(server, session)
    assert (job["status"], job["progress"]) == ("cancelled", None)
    assert await client.claim() is None
    for failure in (builders.a_failure(spec, 0), builders.an_outcome(spec, 0)):
        assert (await client.send_outcome(spec.job_id, failure)).status is JobStatus.CANCELLED
    assert (await job_of(server, session))["ended_at"] == job["ended_at"]


@SQLITE
async def test_the_job_of_another_is_refused_and_told_to_stop(server: Harness) -> None:
    client, spec, session = await a_claimed_job(server)
    other = await server.a_client("two")
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await other.send_samples(spec.job_id, builders.a_sample())
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await other.send_outcome(spec.job_id, builders.an_outcome(spec, 0))
    reply = await other.beat(state=AgentState.BUSY, job_id=spec.job_id)
    assert [directive.kind for directive in reply.directives] == ["cancel"]
    assert (await job_of(server, session))["status"] == "claimed"
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await client.send_outcome(UUID(int=1), builders.an_outcome(spec, 0))
