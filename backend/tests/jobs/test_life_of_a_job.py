"""A job over real HTTP, from the wish to the result."""

import asyncio

import pytest

from backend.tests import builders
from backend.tests.harness import Harness
from obt_core.heartbeat import AgentState, Cancel, Work
from obt_core.jobs import JobStatus

MODEL = "llama3.2:3b"


async def test_a_wish_becomes_a_result(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    wished = await server.a_session([client], [MODEL])
    assert wished["state"] == "queued"
    assert [d.kind for d in (await client.beat()).directives] == ["work"]
    spec = await client.claim()
    assert spec is not None
    assert spec.model == MODEL
    assert spec.suite.name == "quick"
    reply = await client.send_samples(spec.job_id, *(builders.a_sample(n) for n in range(1, 11)))
    assert (reply.stored, reply.cancelled) == (10, False)
    ended = await client.send_outcome(spec.job_id, builders.an_outcome(spec, 10))
    assert (ended.status, ended.missing) == (JobStatus.COMPLETED, 0)
    session = await server.get(f"/sessions/{wished['id']}")
    assert session["state"] == "completed"
    assert session["jobs"][0]["headline"]["decode_tokens_per_s"]["n"] == 10
    result = await server.get(f"/results/{spec.job_id}")
    assert [sample["number"] for sample in result["samples"]] == list(range(1, 11))
    assert result["grade"] == "clean"


async def test_a_held_beat_is_released_by_new_work(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    held = asyncio.create_task(client.beat(wait_s=10))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.01)
    await server.a_session([client], [MODEL])
    assert (await held).directives == (Work(),)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_held_beat_outlasts_events_that_give_it_nothing_to_say(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    await client.beat(state=AgentState.BUSY, job_id=spec.job_id)
    held = asyncio.create_task(client.beat(wait_s=10))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.01)
    await client.send_outcome(spec.job_id, builders.a_failure(spec, 0))
    await server.a_session([client], [MODEL])
    assert (await held).directives == (Work(),)


async def test_a_claim_whose_reply_was_lost_is_given_the_same_job(server: Harness) -> None:
    client = await server.a_client(models=(MODEL, "phi4:14b"))
    await server.a_session([client], [MODEL, "phi4:14b"])
    first, again = await client.claim(), await client.claim()
    assert first is not None
    assert first == again


async def test_a_client_that_works_is_given_nothing_else(server: Harness) -> None:
    client = await server.a_client(models=(MODEL, "phi4:14b"))
    await server.a_session([client], [MODEL, "phi4:14b"])
    spec = await client.claim()
    assert spec is not None
    await client.beat(state=AgentState.BUSY, job_id=spec.job_id)
    assert await client.claim() is None


async def test_every_job_is_claimed_once_however_many_ask(server: Harness) -> None:
    models = tuple(f"model-{n}" for n in range(8))
    clients = [await server.a_client(models=models) for _ in range(3)]
    await server.a_session(clients, list(models))
    taken: list[object] = []

    async def work() -> None:
        for client in clients:
            specs = [spec for spec in await asyncio.gather(*(client.claim() for _ in range(4))) if spec]
            assert len({spec.job_id for spec in specs}) <= 1
            for spec in specs[:1]:
                taken.append(spec.job_id)
                await client.send_outcome(spec.job_id, builders.a_failure(spec, 0))

    for _ in models:
        await work()
    assert len(taken) == len(set(taken)) == 24


async def test_a_lost_job_is_completed_by_its_late_outcome(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    wished = await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample(1))
    server.clock.advance(91)
    await server.sweep()
    assert (await server.get(f"/sessions/{wished['id']}"))["jobs"][0]["status"] == "lost"
    await client.send_samples(spec.job_id, builders.a_sample(1), builders.a_sample(2))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 2))
    job = (await server.get(f"/sessions/{wished['id']}"))["jobs"][0]
    assert (job["status"], job["samples_stored"]) == ("completed", 2)


async def test_a_cancelled_job_keeps_its_state_and_its_late_samples(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    wished = await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    await client.beat(state=AgentState.BUSY, job_id=spec.job_id)
    (await server.owner.post(f"/api/v1/sessions/{wished['id']}/cancel")).raise_for_status()
    reply = await client.beat(state=AgentState.BUSY, job_id=spec.job_id)
    assert reply.directives == (Cancel(job_id=spec.job_id),)
    assert (await client.send_samples(spec.job_id, builders.a_sample(1))).cancelled
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))
    result = await server.get(f"/results/{spec.job_id}")
    assert result["sample_count"] == 1
    assert (await server.get(f"/sessions/{wished['id']}"))["jobs"][0]["status"] == "cancelled"


async def test_an_outcome_sent_twice_changes_nothing(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample(1))
    outcome = builders.an_outcome(spec, 1)
    first = await client.send_outcome(spec.job_id, outcome)
    before = await server.get(f"/results/{spec.job_id}")
    assert await client.send_outcome(spec.job_id, outcome) == first
    assert (await client.send_samples(spec.job_id, builders.a_sample(1))).stored == 1
    assert await server.get(f"/results/{spec.job_id}") == before


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_job_waits_for_an_offline_client_and_is_skipped_in_the_end(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    server.clock.advance(61)
    await server.sweep()
    wished = await server.a_session([client], [MODEL])
    assert wished["jobs"][0]["status"] == "queued"
    server.clock.advance(3_601)
    await server.sweep()
    job = (await server.get(f"/sessions/{wished['id']}"))["jobs"][0]
    assert (job["status"], job["skip_reason"]) == ("skipped", "offline")
