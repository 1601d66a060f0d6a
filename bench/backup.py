"""Whether a backup under load holds all that was there, and what it costs: `python -m bench.backup --help`."""

import argparse
import asyncio
import itertools
import sys
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import Connection, text

from backend.tests.copying.clusters import wheel_programs
from bench._beaters import Told, Wish
from bench._beating import beaters, raise_descriptors
from bench._beats import INTERVAL_S
from bench._command import Watched, watch
from bench._databases import drop_database, new_database
from bench._machine import describe, in_a_line
from bench._moment import Compared, compare
from bench._served import SEED, Served, add_options, postgresql, served
from bench._storing import Doing
from obt_server.copying.places import SQLITE_NAME, Place, place_of
from obt_server.copying.service import snapshot

_HELP = """\
A server over a filled database, whose clients beat (their replies are not held, so that each tells how long it took)
and some of which do jobs, so that results are stored all the time. First a stretch without a backup; then `obt-server
backup` runs beside, as a person would start it, and of PostgreSQL also `pg_dump -Fc` (docs/backup.md). What each wrote
is restored into an empty database, and compared in every column of every row: what was there before the backup began
and is still the same after it must be in it, and the same; counts must be those of the results in it, as of one
moment. Else the status is 1. What is compared is kept in view by two readers, so SQLite's log grows meanwhile.

  python -m bench.backup --results 5000 --clients 200
  python -m bench.backup --results 1000000 --folder million
  python -m bench.backup --results 100000 --folder growth --postgresql
"""
_AT_MOST_S = 7_200.0
_WRITERS = 10
MIB = 2**20
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of making a backup: the commands that make it and that restore it, with their settings."""

    name: str
    make: Sequence[str | Path]
    restore: Sequence[str | Path]
    file: Path
    target: Place
    made_from: Mapping[str, str]
    restored_into: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What became of the beats meanwhile, and how many results were stored."""

    name: str
    told: Told
    stored: int


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one backup. Sizes in bytes, times in seconds."""

    name: str
    took: Watched
    size_bytes: int
    of_bytes: int
    restored: Watched
    compared: Compared


def main() -> None:
    """Back up, restore, compare, print."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--seconds", type=float, default=30, help="how long the stretch without a backup is (30)")
    parser.add_argument("--stored-per-s", type=float, default=2, help="results that are stored meanwhile (2)")
    options = parser.parse_args()
    raise_descriptors(options.clients)
    print(in_a_line(describe()), flush=True)
    with TemporaryDirectory() as temporary:
        options.folder = options.folder or Path(temporary)
        sys.exit(1 if asyncio.run(_measure(options)) else 0)


async def _measure(options: Namespace) -> int:
    """Return how many were not what they should be."""
    wrong = 0
    async with served(options, OBT_RATE_ADDRESS_PER_MIN="0") as it:
        print(_head())
        quiet, _ = await _stretch(it, options, "without", lambda: asyncio.sleep(options.seconds))
        print(_beats(quiet), flush=True)
        with TemporaryDirectory(dir=it.folder, prefix="backups-") as temporary:
            for way in _ways(it, options, Path(temporary)):
                made = await _made(it, options, way)
                wrong += bool(made.compared.wrong)
                print(_text(made), flush=True)
    return wrong


def _ways(it: Served, options: Namespace, folder: Path) -> list[Way]:
    obt: list[str | Path] = [sys.executable, "-m", "obt_server"]
    own = {"OBT_DATA_DIR": str(it.folder)}
    file, into = folder / "obt.zip", {"OBT_DATA_DIR": str(folder / "restored")}
    make, restore = [*obt, "backup", file], [*obt, "restore", file]
    if not options.postgresql:
        target = place_of(str(folder / "restored" / SQLITE_NAME))
        return [Way("obt-server backup", make, restore, file, target, own, into)]
    url, programs, dump = postgresql(it.folder), wheel_programs(), folder / "obt.dump"
    first, second = new_database(url), new_database(url)
    own, into = {**own, "OBT_DATABASE_URL": url}, {**into, "OBT_DATABASE_URL": first.url}
    dumped = [programs / "pg_dump", "-Fc", "-f", dump, url]
    put_back = [programs / "pg_restore", "--no-owner", "-d", second.url, dump]
    return [
        Way("obt-server backup", make, restore, file, first, own, into),
        Way("pg_dump -Fc", dumped, put_back, dump, second, {}, {}),
    ]


async def _made(it: Served, options: Namespace, way: Way) -> Made:
    """Back up under load, restore, compare; the target is dropped."""
    source = place_of(postgresql(it.folder) if options.postgresql else str(it.folder))
    log = it.folder / "backup.log"
    with ExitStack() as stack:
        moments: list[Connection] = []

        async def backed_up() -> Watched:
            moments.append(stack.enter_context(snapshot(source)))
            took = await watch(way.make, log=log, timeout_s=_AT_MOST_S, env=way.made_from)
            moments.append(stack.enter_context(snapshot(source)))
            return took

        seen, took = await _stretch(it, options, way.name, backed_up)
        print(_beats(seen), flush=True)
        restored = await watch(way.restore, log=log, timeout_s=_AT_MOST_S, env=way.restored_into)
        compared = compare(moments[0], moments[1], stack.enter_context(snapshot(way.target)))
        of_bytes = _size(moments[1])
    if options.postgresql:
        drop_database(postgresql(it.folder), way.target)
    return Made(way.name, took, way.file.stat().st_size, of_bytes, restored, compared)


def _size(moment: Connection) -> int:
    """Of the database, in bytes."""
    if moment.dialect.name == "postgresql":
        return moment.scalar(text("SELECT pg_database_size(current_database())")) or 0
    pages, page_bytes = (moment.scalar(text(f"PRAGMA {name}")) or 0 for name in ("page_count", "page_size"))
    return pages * page_bytes


async def _stretch(
    it: Served, options: Namespace, name: str, work: Callable[[], Awaitable[Result]]
) -> tuple[Stretch, Result]:
    """Have the clients beat, and some of them do jobs, until the work is done."""
    wish = Wish(len(it.fleet), it.models_each, SEED, len(it.fleet) / INTERVAL_S, _AT_MOST_S, silent=_WRITERS)
    doing = Doing(it.server.url)
    async with beaters(wish) as beating, doing.http:
        await beating.connect(it.server.port)
        await beating.measure()
        writing = asyncio.create_task(_write(it, options, doing))
        result = await work()
        beating.stop()
        told = await beating.told()
        writing.cancel()
        await asyncio.wait([writing])
        if not writing.cancelled() and (trouble := writing.exception()):
            raise trouble
    return Stretch(name, told, len(doing.outcome_ms)), result


async def _write(it: Served, options: Namespace, doing: Doing) -> None:
    """Have jobs done for ever, so many a second: those of one machine, then those of the next."""
    for machine in itertools.cycle(it.fleet[-_WRITERS:]):
        begin, before = time.monotonic(), len(doing.outcome_ms)
        await doing.ask(it.server, machine)
        await doing.all_jobs(machine)
        done = len(doing.outcome_ms) - before
        await asyncio.sleep(max(0.0, begin + done / options.stored_per_s - time.monotonic()))


_COLUMNS: Mapping[str, tuple[int, Callable[[Stretch], str]]] = {
    "s": (8, lambda seen: f"{seen.told.seconds:,.1f}"),
    "answered": (10, lambda seen: f"{seen.told.beats:,}"),
    "p50 ms": (9, lambda seen: f"{seen.told.p50_ms:,.1f}"),
    "p99 ms": (9, lambda seen: f"{seen.told.p99_ms:,.1f}"),
    "worst ms": (10, lambda seen: f"{seen.told.worst_ms:,.1f}"),
    "refused": (9, lambda seen: f"{seen.told.refused:,}"),
    "lost": (6, lambda seen: f"{seen.told.lost:,}"),
    "stored": (8, lambda seen: f"{seen.stored:,}"),
}


def _head() -> str:
    return f"{'beats':20}" + "".join(f"{name:>{width}}" for name, (width, _) in _COLUMNS.items())


def _beats(seen: Stretch) -> str:
    return f"{seen.name:20}" + "".join(f"{shown(seen):>{width}}" for width, shown in _COLUMNS.values())


def _text(made: Made) -> str:
    compared, size = made.compared, f"{made.size_bytes / MIB:,.1f} MiB of a database of {made.of_bytes / MIB:,.1f} MiB"
    return (
        f"  made in {_took(made.took)}: {size}\n  restored in {_took(made.restored)}\n"
        f"  rows that were the same before and after, and are in it: {compared.alike:,}\n"
        f"  rows that changed meanwhile: {compared.changed:,}; that came meanwhile: {compared.came:,}\n"
        f"  wrong: {'; '.join(compared.wrong) or 'nothing'}"
    )


def _took(watched: Watched) -> str:
    seconds = (watched.ended_ns - watched.started_ns) / 1e9
    return f"{seconds:,.1f} s, {watched.cpu_s:,.1f} s of CPU, {watched.memory_mib:,.0f} MiB at most"


if __name__ == "__main__":
    main()
