"""A browser's socket: how things stand, then every change, until it is signed out."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import TypeAdapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_core.heartbeat import AgentState
from obt_core.jobs import JobPhase, JobProgress
from obt_server.auth import browser_sessions
from obt_server.clients import service as clients
from obt_server.live import feed
from obt_server.live.schemas import LiveEvent

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
MODEL = "llama3.2:3b"
EVENT: TypeAdapter[LiveEvent] = TypeAdapter(LiveEvent)


@asynccontextmanager
async def _socket(server: Harness, http: httpx.AsyncClient) -> AsyncGenerator[ClientConnection]:
    cookie = http.cookies.get("obt_session")
    headers = {"Origin": server.url} | ({"Cookie": f"obt_session={cookie}"} if cookie else {})
    url = f"ws://{urlsplit(server.url).netloc}{API}/live"
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        yield socket


async def _hear(socket: ClientConnection) -> dict[str, Any]:
    message = await socket.recv()
    EVENT.validate_json(message)
    return json.loads(message)


async def _hear_until(socket: ClientConnection, kind: str, **fields: Any) -> dict[str, Any]:
    """Return the first message of that kind whose subject has those fields."""
    while True:
        message = await _hear(socket)
        subject = message.get(kind.partition("_")[0], message)
        if message["type"] == kind and all(subject[name] == value for name, value in fields.items()):
            return subject


async def test_a_browser_hears_how_things_stand_and_then_all_that_happens(server: Harness) -> None:
    before = await server.a_client(name="first")
    async with _socket(server, server.owner) as socket:
        snapshot = await _hear(socket)
        assert (snapshot["type"], [c["id"] for c in snapshot["clients"]]) == ("snapshot", [before.id])
        client = await server.a_client(name="second", models=(MODEL,))
        assert (await _hear_until(socket, "client_changed", id=client.id, model_count=1))["name"] == "second"
        await client.put_models(builders.a_model(MODEL), builders.a_model("phi4:14b"))
        await _hear_until(socket, "models_changed", client_id=client.id)
        wished = await server.a_session([client], [MODEL])
        await _hear_until(socket, "session_changed", id=wished["id"], state="queued")
        spec = await client.claim()
        assert spec is not None
        progress = JobProgress(phase=JobPhase.SAMPLING, samples_done=3, samples_planned=10, tokens_per_s=42.5)
        await client.beat(state=AgentState.BUSY, job_id=spec.job_id, progress=progress)
        running = await _hear_until(socket, "job_changed", id=str(spec.job_id), status="running")
        assert running["progress"]["tokens_per_s"] == 42.5
        await client.send_samples(spec.job_id, builders.a_sample())
        await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))
        result = await _hear_until(socket, "result_added", id=str(spec.job_id))
        assert result["sample_count"] == 1
    async with _socket(server, server.owner) as socket:
        assert (await _hear(socket))["sessions"] == [], "a session that is done is no news"


@on_sqlite
async def test_a_session_that_is_open_stands_in_the_snapshot_and_its_end_is_told(server: Harness) -> None:
    client = await server.a_client(models=(MODEL,))
    wished = await server.a_session([client], [MODEL])
    async with _socket(server, server.owner) as socket:
        assert [session["id"] for session in (await _hear(socket))["sessions"]] == [wished["id"]]
        (await server.owner.post(f"{API}/sessions/{wished['id']}/cancel")).raise_for_status()
        ended = await _hear_until(socket, "session_changed", id=wished["id"], state="cancelled")
        assert ended["counts"] == {"cancelled": 1}


@on_sqlite
async def test_a_client_that_is_archived_leaves_the_screen(server: Harness) -> None:
    client = await server.a_client()
    async with _socket(server, server.owner) as socket:
        await _hear(socket)
        server.clock.advance(29 * 24 * 3_600)  # the sign-in lasts a day longer
        async with server.db.write() as session:
            assert await clients.archive_gone(session, 28, server.clock.now()) == [client.id]
        await _hear_until(socket, "client_removed", client_id=client.id)


@on_sqlite
@pytest.mark.parametrize("many", [4, 5])
async def test_many_clients_come_in_parts_ahead_of_the_snapshot(
    server: Harness, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(feed, "PART_CLIENTS", 2)
    ids = [(await server.a_client(name=f"client {number}")).id for number in range(many)]
    async with _socket(server, server.owner) as socket:
        messages = [await _hear(socket)]
        while messages[-1]["type"] != "snapshot":
            messages.append(await _hear(socket))
    assert [client["id"] for message in messages for client in message["clients"]] == ids
    assert [len(message["clients"]) for message in messages] == [2, 2, 1][: (many + 1) // 2]
    assert {message["type"] for message in messages[:-1]} == {"snapshot_part"}


@on_sqlite
async def test_nobody_and_no_client_gets_to_listen(server: Harness) -> None:
    client = await server.a_client()
    for http in (server.nobody, client.http):
        async with _socket(server, http) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


@on_sqlite
async def test_signing_out_closes_this_browsers_sockets_and_no_other(server: Harness) -> None:
    other = await server.a_person("owner")
    async with _socket(server, server.owner) as leaving, _socket(server, other) as staying:
        await _hear(leaving)
        await _hear(staying)
        (await server.owner.post(f"{API}/auth/sign-out")).raise_for_status()
        with pytest.raises(ConnectionClosed) as closed:
            await _hear_until(leaving, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        async with server.db.write() as session:
            await browser_sessions.end_by_secret(session, "somebody else's")
        pong = await staying.ping()
        await pong


@on_sqlite
async def test_a_browser_that_left_is_forgotten(server: Harness) -> None:
    async with _socket(server, server.owner) as socket:
        await _hear(socket)
        assert server.app.state.feed.listeners == 1
    while server.app.state.feed.listeners:
        await server.get("/auth/me")
