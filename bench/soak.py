"""What an hour of a fleet does to a server, and to one real client: `python -m bench.soak --help`."""

import argparse
import asyncio
import itertools
import time
from argparse import Namespace
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench._beaters import Wish
from bench._beating import beaters, raise_descriptors
from bench._dashboards import watching
from bench._looks import look
from bench._machine import describe, in_a_line
from bench._postgresql import connected
from bench._served import SEED, Served, postgresql, served
from bench._soaked import LOOKS_A_LINE, Both, Seen, line, text, write
from tests.e2e.programs import Client, Server, job_of, running, until, view_of
from tests.fake_ollama import FakeModel
from tests.fake_ollama.process import FakeOllamaProcess

_HELP = """\
A server, on SQLite or PostgreSQL, with many clients that beat over connections of their own and have their replies
held as real ones do, some dashboards open, and one real client (obt-client beside a programmable Ollama) that is given
a job again and again. Both programs are looked at every ten seconds; a line is printed each minute. At the end: how
memory went over the second half, by least squares, with the standard error; descriptors; what the database
grew by; what became of the beats. Replies are held for 8 s; how long they took counts from when they were due.

  python -m bench.soak                                   an hour, 2,000 clients
  python -m bench.soak --minutes 2 --clients 200
  python -m bench.soak --minutes 600 --postgresql --looks looks.csv
"""
_MODELS_EACH = 3
_INTERVAL_S = 10.0
_HELD_S = 8
_LOOK_S = 10.0
_JOB_MOST_S = 1_800.0
_BETWEEN_JOBS_S = 10.0
_MODEL = FakeModel("fake:latest", ttft_ms=50, interval_ms=10, load_ms=300)


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60, help="for how long (60)")
    parser.add_argument("--clients", type=int, default=2_000, help="how many clients beat (2,000)")
    parser.add_argument("--dashboards", type=int, default=5, help="open live connections (5)")
    parser.add_argument("--suite", default="quick", help="what the real client measures again and again (quick)")
    parser.add_argument("--no-jobs", action="store_true", help="leave the real client idle")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, from its wheel; else on SQLite")
    parser.add_argument("--looks", type=Path, help="write each look into this file, as CSV")
    options = parser.parse_args()
    raise_descriptors(options.clients)
    print(in_a_line(describe()), flush=True)
    seen = asyncio.run(_soak(options))
    if options.looks:
        write(options.looks, seen.looks)
    print(text(seen))


async def _soak(options: Namespace) -> Seen:
    told = Namespace(**vars(options), models_each=_MODELS_EACH, results=0, folder=None, warm=False)
    limits = {"OBT_HELD_HEARTBEATS_MAX": str(options.clients + 1), "OBT_RATE_ADDRESS_PER_MIN": "0"}
    per_s = options.clients / _INTERVAL_S
    wish, seen = Wish(options.clients, _MODELS_EACH, SEED, per_s, options.minutes * 60, _HELD_S), Seen()
    async with AsyncExitStack() as stack:
        beating = await stack.enter_async_context(beaters(wish))
        it = await stack.enter_async_context(served(told, **limits))
        await beating.connect(it.server.port)
        messages = await stack.enter_async_context(watching(it.server, options.dashboards))
        client = await stack.enter_async_context(_real_client(it))
        await beating.measure()
        beside = [asyncio.create_task(_look_on(it.server, client, _size(it, options), seen))]
        if not options.no_jobs:
            beside.append(asyncio.create_task(_jobs(it.server, client, options.suite, seen)))
        seen.told, seen.messages = await beating.told(), sum(messages)
        for task in beside:
            await _end(task)
    return seen


@asynccontextmanager
async def _real_client(it: Served) -> AsyncGenerator[Client]:
    """One that was started as a user starts it, and is known."""
    async with FakeOllamaProcess([_MODEL]) as fake:
        client = Client(it.folder / "real", it.server.url, await it.server.token(), fake.url)
        async with running(client):
            await client.start()
            await until(lambda: view_of(it.server, client), "the client to be known")
            yield client


def _size(it: Served, options: Namespace) -> Callable[[], int]:
    """What the database takes, in bytes: SQLite's file with its log, or PostgreSQL's own word."""
    if not options.postgresql:
        return lambda: sum(file.stat().st_size for file in it.folder.glob("obt.sqlite3*"))
    url = postgresql(it.folder)

    def ask() -> int:
        with closing(connected(url)) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

    return ask


async def _look_on(server: Server, client: Client, size: Callable[[], int], seen: Seen) -> None:
    """Look every ten seconds, at times that do not wander."""
    both, begin = (psutil.Process(server.pid), psutil.Process(client.pid)), time.monotonic()
    for number in itertools.count():
        programs = [look(process) for process in both]
        seen.looks.append(Both(programs[0], programs[1], size(), server.log.stat().st_size))
        if number % LOOKS_A_LINE == 0:
            print(line(seen), flush=True)
        await asyncio.sleep(max(0.0, begin + (number + 1) * _LOOK_S - time.monotonic()))


async def _jobs(server: Server, client: Client, suite: str, seen: Seen) -> None:
    """Have the client measure, again and again."""
    asked = {"suite": suite, "models": [_MODEL.name], "client_ids": [client.name]}
    while True:
        session = (await server.post("/sessions", asked))["id"]
        job = await until(lambda session=session: _ended(server, session), "the job to end", _JOB_MOST_S)
        seen.jobs.append(job["status"])
        await asyncio.sleep(_BETWEEN_JOBS_S)


async def _ended(server: Server, session: str) -> dict[str, Any] | None:
    """Its job, once it is over."""
    await asyncio.sleep(1)
    job = await job_of(server, session)
    return None if job["status"] in {"queued", "claimed", "running"} else job


async def _end(task: asyncio.Task[None]) -> None:
    """Have it end, and say what went wrong in it."""
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    except (AssertionError, OSError, httpx.HTTPError, psutil.Error) as error:
        print(f"Ended before the time: {error!r}", flush=True)


if __name__ == "__main__":
    main()
