"""Measuring and changing models take turns on a client, in the order in which people asked."""

import asyncio
from typing import Any

import pytest

from backend.tests import builders
from backend.tests.harness import API, Harness
from backend.tests.operations.asking import PULL, ask, claim, done, models_client, of, outcome, progress
from obt_core.heartbeat import AgentState, Operate, Work

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def kinds(client: Any) -> list[str]:
    return [directive.kind for directive in (await client.beat(**client.said)).directives]


async def test_nothing_is_changed_where_something_is_measured(server: Harness) -> None:
    client = await models_client(server)
    await server.a_session([client], ["a:latest"])
    spec = await client.claim()
    assert spec is not None
    asked = await ask(server, PULL, client)
    for _ in range(2):  # claimed, then running
        assert await claim(client) is None
        assert "operate" not in await kinds(client)
        await client.send_samples(spec.job_id, builders.a_sample(1))
    await client.send_outcome(spec.job_id, builders.a_failure(spec, 1))
    assert await kinds(client) == ["operate"]
    assert await claim(client) is not None
    assert (await of(server, asked))["status"] == "running"


async def test_nothing_is_measured_where_something_is_changed(server: Harness) -> None:
    client = await models_client(server)
    await ask(server, PULL, client)
    spec = await claim(client)
    assert spec is not None
    server.clock.advance(1)
    await server.a_session([client], ["a:latest"])
    for _ in range(2):  # given, then begun
        assert await client.claim() is None
        assert "work" not in await kinds(client)
        await progress(client, spec)
    await outcome(client, spec, done())
    assert await kinds(client) == ["work"]
    assert await client.claim() is not None


async def test_what_was_asked_for_first_is_done_first(server: Harness) -> None:
    client = await models_client(server)
    await server.a_session([client], ["a:latest"])
    server.clock.advance(1)
    await ask(server, {"kind": "delete", "model": "a:latest"}, client)
    server.clock.advance(1)
    await server.a_session([client], ["a:latest"])
    assert await kinds(client) == ["work"]
    assert await claim(client) is None  # it would delete what is to be measured
    job = await client.claim()
    assert job is not None
    await client.send_outcome(job.job_id, builders.a_failure(job, 0))
    assert await kinds(client) == ["operate"]
    assert await client.claim() is None
    spec = await claim(client)
    assert spec is not None
    await outcome(client, spec, done())
    assert await kinds(client) == ["work"]


async def test_a_client_that_asks_for_both_at_once_gets_one(server: Harness) -> None:
    clients = [await models_client(server) for _ in range(6)]
    for client in clients:
        await server.a_session([client], ["a:latest"])
        await ask(server, PULL, client)
    taken = await asyncio.gather(*(asyncio.gather(client.claim(), claim(client)) for client in clients))
    assert [(job is not None, operation) for job, operation in taken] == [(True, None)] * len(clients)


async def test_a_held_beat_is_released_by_an_operation(server: Harness) -> None:
    client = await models_client(server)
    held = asyncio.create_task(client.beat(wait_s=10, **client.said))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.01)
    await ask(server, PULL, client)
    assert (await held).directives == (Operate(),)


@SQLITE
async def test_a_client_of_the_first_protocol_is_told_of_work_alone(server: Harness) -> None:
    client = await server.a_client(models=("a:latest",))
    await client.beat(protocol_version=1)
    asked = await ask(server, PULL, client)
    assert asked["skip_reason"] == "client_outdated"
    await server.a_session([client], ["a:latest"])
    assert (await client.beat(protocol_version=1)).directives == (Work(),)
    assert (await client.beat(protocol_version=1, state=AgentState.BUSY)).directives == ()


async def test_what_is_asked_of_a_drained_client_waits_until_it_is_resumed(server: Harness) -> None:
    client = await models_client(server)
    (await server.owner.post(f"{API}/clients/{client.id}/drain")).raise_for_status()
    asked = await ask(server, PULL, client)
    assert await kinds(client) == []
    assert await claim(client) is None
    await server.sweep()
    assert (await of(server, asked))["status"] == "queued"
    (await server.owner.post(f"{API}/clients/{client.id}/resume")).raise_for_status()
    assert await kinds(client) == ["operate"]
    assert await claim(client) is not None
