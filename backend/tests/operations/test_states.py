"""The states of operations: the database allows the moves of the table, whatever people, clients and time do."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from backend.tests.harness import API, Harness
from backend.tests.operations.asking import PULL, ask, claim, done, failed, models_client, of, outcome, progress
from obt_core.heartbeat import AgentState, CancelOperation
from obt_core.operations import TRANSITIONS, OperationStatus
from obt_server.operations import repository
from obt_server.operations.tables import OperationRow

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def set_status(server: Harness, operation_id: UUID, status: OperationStatus) -> None:
    async with server.db.write() as session:
        await session.execute(update(OperationRow).where(OperationRow.id == operation_id).values(status=status))


async def test_the_database_allows_the_moves_of_the_table_and_no_other(server: Harness) -> None:
    client = await models_client(server)
    operation_id = UUID((await ask(server, PULL, client))["id"])
    for source in OperationStatus:
        for target in OperationStatus:
            await set_status(server, operation_id, source)
            async with server.db.write() as session:
                moved = await repository.move(session, [operation_id], target)
            async with server.db.read() as session:
                row = await session.get(OperationRow, operation_id)
            assert row is not None
            may = target in TRANSITIONS[source]
            assert (bool(moved), row.status) == (may, target if may else source), (source, target)


async def test_a_wish_is_done_and_told(server: Harness) -> None:
    client = await models_client(server)
    asked = await ask(server, PULL, client)
    assert (asked["status"], asked["asked_by"], asked["kind"], asked["model"]) == ("queued", "owner", "pull", "new:1b")
    assert [one.kind for one in (await client.beat(**client.said)).directives] == ["operate"]
    spec = await claim(client)
    assert spec is not None
    assert spec.operation.model_dump() == PULL
    assert (await of(server, asked))["status"] == "running"
    reply = await progress(client, spec, stage="pulling", done_bytes=5, total_bytes=10, bytes_per_s=2.5)
    assert not reply.cancelled
    told = await of(server, asked)
    assert told["progress"] == {"stage": "pulling", "done_bytes": 5, "total_bytes": 10, "bytes_per_s": 2.5}
    assert told["started_at"] is not None
    assert await outcome(client, spec, done()) == "completed"
    assert await outcome(client, spec, done()) == "completed"  # told again
    assert (await of(server, asked))["status"] == "completed"
    assert (await client.beat(**client.said)).directives == ()


async def test_a_claim_whose_reply_was_lost_is_given_the_same_until_it_began(server: Harness) -> None:
    client = await models_client(server)
    await ask(server, PULL, client)
    await ask(server, PULL, client)
    first, again = await claim(client), await claim(client)
    assert first is not None
    assert first == again
    assert [one.kind for one in (await client.beat(**client.said)).directives] == ["operate"]
    await progress(client, first)
    assert await claim(client) is None  # one at a time
    assert (await client.beat(**client.said)).directives == ()


async def test_what_is_asked_of_many_at_once_is_claimed_once_each(server: Harness) -> None:
    clients = [await models_client(server) for _ in range(3)]
    await ask(server, PULL, *clients)
    specs = await asyncio.gather(*(claim(client) for client in clients for _ in range(3)))
    assert len({spec.operation_id for spec in specs if spec}) == 3


async def test_a_silent_client_loses_its_operation_and_finds_it_again(server: Harness) -> None:
    client = await models_client(server)
    asked = await ask(server, PULL, client)
    spec = await claim(client)
    assert spec is not None
    await progress(client, spec)
    server.clock.advance(spec.lease_s - 1)
    await client.beat(**client.said, state=AgentState.BUSY, operation_id=spec.operation_id)
    server.clock.advance(spec.lease_s - 1)
    await server.sweep()
    assert (await of(server, asked))["status"] == "running"  # the beat had renewed its lease
    server.clock.advance(2)
    await server.sweep()
    lost = await of(server, asked)
    assert (lost["status"], lost["ended_at"] is not None) == ("lost", True)
    assert not (await progress(client, spec)).cancelled
    assert (await of(server, asked))["status"] == "running"
    assert await outcome(client, spec, failed("ollama_gone")) == "failed"
    assert (await of(server, asked))["error"]["code"] == "ollama_gone"


async def test_cancelling_reaches_the_client_with_its_beat_and_with_its_progress(server: Harness) -> None:
    client = await models_client(server)
    asked = await ask(server, PULL, client)
    spec = await claim(client)
    assert spec is not None
    await progress(client, spec)
    busy: dict[str, Any] = {**client.said, "state": AgentState.BUSY, "operation_id": spec.operation_id}
    assert (await client.beat(**busy)).directives == ()
    cancelled = (await server.owner.post(f"{API}/operations/{asked['id']}/cancel")).raise_for_status().json()
    assert (cancelled["status"], cancelled["cancelled_by"]) == ("cancelled", "owner")
    assert (await client.beat(**busy)).directives == (CancelOperation(operation_id=spec.operation_id),)
    assert (await progress(client, spec)).cancelled
    assert await outcome(client, spec, done()) == "completed"  # it was quicker
    again = await server.owner.post(f"{API}/operations/{asked['id']}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


async def test_a_batch_is_cancelled_together_and_what_has_ended_stays(server: Harness) -> None:
    one, other = await models_client(server), await models_client(server)
    asked = await ask(server, PULL, one, other)
    spec = await claim(one)
    assert spec is not None
    await outcome(one, spec, done())
    path = f"{API}/operations/batches/{asked['batch_id']}/cancel"
    for _ in range(2):
        told = (await server.owner.post(path)).raise_for_status().json()["operations"]
        assert {view["client_id"]: view["status"] for view in told} == {one.id: "completed", other.id: "cancelled"}
    assert await claim(other) is None


@SQLITE
async def test_a_retry_is_an_operation_of_its_own(server: Harness) -> None:
    client = await models_client(server)
    asked = await ask(server, PULL, client)
    path = f"{API}/operations/{asked['id']}/retry"
    assert (await server.owner.post(path)).status_code == 409  # it has not ended
    spec = await claim(client)
    assert spec is not None
    await outcome(client, spec, failed("no_space"))
    again = (await server.owner.post(path)).raise_for_status().json()
    assert (again["status"], again["operation"], again["client_id"]) == ("queued", PULL, client.id)
    assert again["id"] != asked["id"]
    assert (await of(server, asked))["status"] == "failed"


@SQLITE
async def test_an_operation_of_another_client_is_nobodys_business(server: Harness) -> None:
    client, other = await models_client(server), await models_client(server)
    await ask(server, PULL, client)
    spec = await claim(client)
    assert spec is not None
    reply = await other.http.post(f"{API}/operations/{spec.operation_id}/progress", json={})
    assert reply.status_code == 403
    beat = await other.beat(**other.said, state=AgentState.BUSY, operation_id=spec.operation_id)
    assert beat.directives == (CancelOperation(operation_id=spec.operation_id),)
