"""What safety costs a heartbeat: the same beats with all of it on, and with none of what goes before the application.

    python -m bench.guard_cost --beats 2000 --rounds 9

Servers of the same code in one process, each with a database and one client of its own: one as it is served, two whose
guard, limits and patience are taken away (they still check the client's key, as no server could do without). Beats are
written byte for byte over a connection that is kept, and read as simply, in turns of the servers. What is compared is
the processor's time for them, in which a busy machine shows less than in the clock's; the writing and reading is in all
alike. Beside the ratio stands that of the two servers without, which is what the machine adds by itself.
"""

import argparse
import asyncio
import socket
import statistics
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from uvicorn.loops.auto import auto_loop_factory

from backend.tests import builders
from bench._machine import describe, in_a_line
from obt_server.app import create_app
from obt_server.auth import service as auth
from obt_server.compression import CompressedApi
from obt_server.config import Settings
from obt_server.transport.configuration import uvicorn_config

API = "/api/v1"
WARM_UP = 200
TURN = 20
"""Beats to one server before the next one's turn: none is to find its connection closed for its silence."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beats", type=int, default=1_000, help="beats of a round, to each server (1,000)")
    parser.add_argument("--rounds", type=int, default=9, help="rounds (9)")
    options = parser.parse_args()
    print(in_a_line(describe()))
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_measure(options.beats, options.rounds))


async def _measure(beats: int, rounds: int) -> None:
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(_beating(is_bare=bare)) for bare in (False, True, True)]
        await _round(servers, WARM_UP)
        seen = [await _round(servers, beats) for _ in range(rounds)]
    _print("with all of it / without", [row[0] / row[1] for row in seen])
    _print("without / without", [row[2] / row[1] for row in seen])
    on_us, without_us = (statistics.median(row[place] for row in seen) for place in (0, 1))
    print(f"processor's time of a beat: {on_us:.0f} us with, {without_us:.0f} us without, {on_us - without_us:+.0f} us")


def _print(what: str, ratios: Sequence[float]) -> None:
    print(f"{what}: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} rounds)")


async def _round(servers: Sequence["_Client"], beats: int) -> list[float]:
    """Return the processor's time of a beat with each server, in us, taken in short turns."""
    turns = [[await _cpu_us(one, TURN) for one in servers] for _ in range(max(1, beats // TURN))]
    return [statistics.mean(turn[place] for turn in turns) for place in range(len(servers))]


async def _cpu_us(one: "_Client", beats: int) -> float:
    """Return the processor's time of one beat, in us."""
    begin = time.process_time()
    for _ in range(beats):
        await one.beat()
    return (time.process_time() - begin) / beats * 1e6


class _Client:
    """One server's client, on one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str) -> None:
        self._reader, self._writer = reader, writer
        body = builders.a_heartbeat().model_dump_json().encode()
        head = (
            f"POST {API}/clients/a-client/heartbeat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            f"User-Agent: obt-client\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._request = head.encode() + body

    async def beat(self) -> None:
        """Send a beat and read what is said to it. Raises RuntimeError where it was not taken."""
        self._writer.write(self._request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if b" 200 " not in head[:16]:
            raise RuntimeError(head.decode())
        await self._reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))


@asynccontextmanager
async def _beating(*, is_bare: bool) -> AsyncGenerator[_Client]:
    with TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), rate_client_per_min=10_000_000)  # pyright: ignore[reportCallIssue]
        app = create_app(settings)
        config = uvicorn_config(app, shutdown_s=1)
        if is_bare:
            app.user_middleware = [Middleware(CompressedApi, prefix=f"{API}/")]
            config = uvicorn.Config(app, access_log=False, log_config=None, server_header=False)
        async with _serving(config) as port:
            key = await _enrol(app, port)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            yield _Client(reader, writer, key)
            writer.close()


@asynccontextmanager
async def _serving(config: uvicorn.Config) -> AsyncGenerator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listener]))
    while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def _enrol(app: FastAPI, port: int) -> str:
    valid_for = timedelta(hours=1)
    async with app.state.db.write() as session:
        _, token = await auth.create_token(session, label="bench", uses=1, valid_for=valid_for, now=datetime.now(UTC))
    body = builders.an_enrolment(token, "a-client", "bench").model_dump(mode="json")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        return (await http.post(f"{API}/clients", json=body)).raise_for_status().json()["key"]


if __name__ == "__main__":
    main()
