"""What a fleet's heartbeats cost the server, beside a bare route: `python -m bench.fleet --help`."""

import argparse
import asyncio
import statistics
from argparse import Namespace
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench._beaters import Told, Wish
from bench._beating import Beaters, beaters, cpu_s_of, raise_descriptors, size_of
from bench._clicks import click_to_work
from bench._dashboards import watching
from bench._machine import describe, in_a_line
from bench._served import SEED, served
from tests.e2e.programs import Program, free_port, until

_HELP = """\
Clients beat over connections of their own, from another process, each at its time whether the others are answered or
not; a real server answers, with dashboards open beside, and in the same run a bare FastAPI route that only parses.
Beats a second and core: beats over the CPU time that the server's process took for them, all else that it did included.

  python -m bench.fleet --clients 100 1000 10000
  python -m bench.fleet --clients 10000 --per-s 2500 --postgresql
  python -m bench.fleet --clients 1000 --held

first p99: of each client's first beat after the server's start; refused: of those + of the others.
Where replies are held, some clicks are timed too: from asking for a benchmark until its client holds the job.
"""
_MODELS_EACH = 3
_HELD_S = 8
"""Shorter than the interval: a reply that came late would cost its client the next beat."""
_CLICKS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was asked, what came, what it cost."""

    what: str
    clients: int
    per_s: float
    told: Told
    cpu_s: float
    memory_mib: float
    grown_mib: float
    messages: int = 0
    clicks_ms: Sequence[float] = ()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, nargs="+", default=[100, 1_000], help="how many clients (100 1000)")
    parser.add_argument("--per-s", type=float, help="beats of all a second (clients / 10: one each 10 s)")
    parser.add_argument("--seconds", type=float, default=20, help="how long each is measured (20)")
    parser.add_argument("--held", action="store_true", help="have replies held, as clients do")
    parser.add_argument("--dashboards", type=int, default=50, help="open live connections (50)")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, from its wheel; else on SQLite")
    parser.add_argument("--no-bare", action="store_true", help="leave the bare route out")
    options = parser.parse_args()
    raise_descriptors(max(options.clients))
    print(in_a_line(describe()))
    print(_HEAD)
    asyncio.run(_measure(options))


async def _measure(options: Namespace) -> None:
    for clients in options.clients:
        per_s = options.per_s or clients / 10
        wish = Wish(clients, _MODELS_EACH, SEED, per_s, options.seconds)
        if not options.no_bare:
            print(_line(await _of_bare(wish)), flush=True)
        print(_line(await _of_server(wish, options)), flush=True)


async def _of_bare(wish: Wish) -> Row:
    with TemporaryDirectory() as folder:
        port = free_port()
        bare = Program("bench._bare", [str(port)], {"PYTHONPATH": str(Path.cwd())}, Path(folder) / "log")
        await bare.start()
        await until(lambda: _listens(port), "the bare route")
        try:
            async with beaters(wish) as beating:
                await beating.connect(port)
                return await _measured("bare route", wish, beating, psutil.Process(bare.pid), lambda: 0, [])
        finally:
            await bare.kill()


async def _of_server(wish: Wish, options: Namespace) -> Row:
    told = Namespace(
        clients=wish.clients,
        models_each=wish.models_each,
        results=0,
        postgresql=options.postgresql,
        folder=None,
        warm=False,
    )
    name = ("PostgreSQL" if options.postgresql else "SQLite") + (", held" if options.held else "")
    clicks = _CLICKS if options.held else 0
    wish = Wish(**{**asdict(wish), "wait_s": _HELD_S if options.held else 0, "silent": clicks})
    async with AsyncExitStack() as stack:
        beating = await stack.enter_async_context(beaters(wish))  # made meanwhile: or all would be back after a silence
        it = await stack.enter_async_context(served(told, **_settings(wish)))
        await beating.connect(it.server.port)
        messages = await stack.enter_async_context(watching(it.server, options.dashboards))
        folder = it.folder / "postgresql" if options.postgresql else it.folder
        clicking = click_to_work(it.server, it.fleet[-clicks:]) if clicks else None
        process = psutil.Process(it.server.pid)
        return await _measured(name, wish, beating, process, lambda: size_of(folder), messages, clicking)


def _settings(wish: Wish) -> dict[str, str]:
    """All clients come from one address here."""
    return {"OBT_HELD_HEARTBEATS_MAX": str(wish.clients), "OBT_RATE_ADDRESS_PER_MIN": "0"}


async def _measured(
    what: str,
    wish: Wish,
    beating: Beaters,
    process: psutil.Process,
    size: Callable[[], int],
    messages: list[int],
    clicking: Coroutine[None, None, list[float]] | None = None,
) -> Row:
    await beating.measure()
    before, at, seen = size(), cpu_s_of(process), sum(messages)
    clicks = asyncio.create_task(clicking) if clicking else None
    told = await beating.told()
    cpu_s = cpu_s_of(process) - at
    memory, live = process.memory_info().rss, sum(messages) - seen
    return Row(
        what, wish.clients, wish.per_s, told, cpu_s, memory / 2**20, (size() - before) / 2**20,
        live, await clicks if clicks else (),
    )  # fmt: skip


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


_HEAD = (
    f"{'':<20}{'clients':>8}{'asked/s':>9}{'got/s':>8}{'/s/core':>9}{'µs CPU':>8}{'p50 ms':>8}{'p99 ms':>8}{'worst':>8}"
    f"{'late p99':>9}{'first p99':>10}{'refused':>8}{'lost':>6}{'MiB':>7}{'MiB/day':>9}{'live':>7}"
    "   click p50 / worst ms"
)


def _line(row: Row) -> str:
    told = row.told
    per_core = told.beats / row.cpu_s if row.cpu_s else float("nan")
    cpu_us = row.cpu_s / told.beats * 1e6 if told.beats else float("nan")
    refused = f"{told.first_refused}+{told.refused}"
    return (
        f"{row.what:<20}{row.clients:>8,}{row.per_s:>9,.0f}{told.beats / told.seconds:>8,.0f}{per_core:>9,.0f}"
        f"{cpu_us:>8,.0f}{told.p50_ms:>8.2f}{told.p99_ms:>8.2f}{told.worst_ms:>8.1f}{told.late_ms:>9.2f}"
        f"{told.first_p99_ms:>10.1f}{refused:>8}{told.lost:>6}{row.memory_mib:>7,.0f}"
        f"{row.grown_mib / told.seconds * 86_400:>9,.0f}{row.messages:>7,}{_clicks(row.clicks_ms)}"
    )


def _clicks(taken_ms: Sequence[float]) -> str:
    return f"{statistics.median(taken_ms):>9.1f} / {max(taken_ms):.1f}" if taken_ms else ""


if __name__ == "__main__":
    main()
