"""Slow clients (slowloris and its kin): each is cut, and costs the others nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from backend.tests.attacks.raw import all_of, connected, request, status_of
from backend.tests.harness import API, Harness
from obt_server.config import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PATIENCE_S = 0.2


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"slow_client_s": PATIENCE_S})


async def _for_ever(do: Callable[[], Awaitable[object]]) -> None:
    """Until it fails. What is sent at once waits for nothing, and the server is in this loop too."""
    while True:
        await do()
        await asyncio.sleep(0)


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()
    await asyncio.sleep(0)


async def test_a_connection_that_says_nothing_is_cut(server: Harness) -> None:
    async with connected(server) as (reader, _):
        assert status_of(await all_of(reader)) == 408


@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\n", b"POST /api/v1/clients HTTP/1.1\r\nHost: localhost\r\nX-A: "])
async def test_a_head_that_never_ends_is_cut_though_it_drips(server: Harness, begun: bytes) -> None:
    async with connected(server) as (reader, writer):
        writer.write(begun)
        reading = asyncio.create_task(all_of(reader))
        while not reading.done():
            writer.write(b"x")
            await asyncio.wait([reading], timeout=PATIENCE_S / 10)
        assert status_of(reading.result()) == 408


async def test_a_body_that_stops_halfway_is_cut(server: Harness) -> None:
    async with connected(server) as (reader, writer):
        writer.write(request("POST", f"{API}/clients", "Content-Type: application/json", "Content-Length: 9") + b"{")
        assert await all_of(reader) == b""


async def test_a_body_that_drips_for_ever_is_cut(server: Harness) -> None:
    async with connected(server) as (reader, writer):
        writer.write(request("POST", f"{API}/clients", "Content-Type: application/json", "Content-Length: 4000000"))
        reading = asyncio.create_task(all_of(reader))
        while not reading.done():
            writer.write(b" ")
            await asyncio.wait([reading], timeout=PATIENCE_S / 4)
        assert reading.result() == b""


async def test_who_does_not_take_his_answers_is_cut(server: Harness) -> None:
    """Pipelined questions with long answers, of which not one byte is read until the server has closed."""
    question = request("GET", f"{API}/openapi.json").replace(b"Connection: close", b"Connection: keep-alive")
    async with connected(server) as (reader, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        with pytest.raises(ConnectionError):
            await _for_ever(lambda: _write(writer, question))
        assert not reader.at_eof()


async def test_a_slow_but_honest_request_is_answered(server: Harness) -> None:
    sent = request("POST", f"{API}/auth/link", "Content-Type: application/json", "Content-Length: 46")
    sent += b'{"secret": "obt_link_unknown-unknown-unknown"}'
    async with connected(server) as (reader, writer):
        for start in range(0, len(sent), 40):
            writer.write(sent[start : start + 40])
            await writer.drain()
        assert status_of(await all_of(reader)) == 401


async def test_a_held_beat_is_no_slow_client(server: Harness) -> None:
    client = await server.a_client()
    beating = asyncio.create_task(client.beat(wait_s=1))
    assert (await beating).directives == ()


async def test_a_browser_that_only_listens_stays(server: Harness) -> None:
    headers = {"Origin": server.url, "Cookie": f"obt_session={server.owner.cookies['obt_session']}"}
    url = server.url.replace("http", "ws") + f"{API}/live"
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        assert "snapshot" in str(await socket.recv())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.recv(), PATIENCE_S * 3)
        pong = await socket.ping()
        await pong


async def test_a_socket_that_is_flooded_is_closed(server: Harness) -> None:
    headers = {"Origin": server.url, "Cookie": f"obt_session={server.owner.cookies['obt_session']}"}
    url = server.url.replace("http", "ws") + f"{API}/live"
    for size in (1, 1_000, 100_000):
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await _for_ever(partial(socket.send, "x" * size))
            assert closed.value.rcvd is None or closed.value.rcvd.code in {1008, 1009}, size


async def test_a_flood_of_pings_is_closed(server: Harness) -> None:
    headers = {"Origin": server.url, "Cookie": f"obt_session={server.owner.cookies['obt_session']}"}
    url = server.url.replace("http", "ws") + f"{API}/live"
    async with connect(url, additional_headers=headers, proxy=None, ping_interval=None) as socket:
        with pytest.raises(ConnectionClosed):
            await _for_ever(socket.ping)
