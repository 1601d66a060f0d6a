"""What a hundred times as many results do to a server on PostgreSQL: `python -m bench.growth --help`."""

import argparse
import asyncio
import shutil
import sys
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bench._asking import ask
from bench._beats import beating
from bench._grown import GIB, Asked, Grown, growth, keep, read, told
from bench._kept_true import untrue
from bench._machine import describe, in_a_line
from bench._multiply import Wish, multiply
from bench._postgresql import connected, forget_counts, row_of_result, settings, tables, vacuum
from bench._served import filled, served
from bench._storing import Stored, store
from bench._targets import calls_of, know

_HELP = """\
One PostgreSQL (of the wheel, with its defaults) grows from size to size. At each: every call that a page of the
dashboard makes is timed as in bench.scale, while the clients beat; jobs are claimed, delivered and ended over HTTP by
many clients at once, as fast as the server takes them; then sizes of tables, TOAST and indexes, what is dead, what
autovacuum did, and how long VACUUM takes.

The first results are made one by one (about 600 a second), the others are copies of them that PostgreSQL makes itself:
under IDs of their own, spread over four years before, at speeds a little other, counted where the server counts; what
the server keeps beside results is then compared with the results. Only a part of the copies has its samples; the others
are as retention leaves them. What one takes is said before the disk is filled. With --folder it goes on where it was:
at sizes that were measured already, nothing is measured again.

  python -m bench.growth --results 2000 10000 50000
  python -m bench.growth --results 100000 1000000 10000000 --folder growth
"""
_FIRST = 100_000
_NEWS_PER_S = 5.0
_PAST = 1.5
"""A database with so many times the results is no more of that size; some more are there where a try was cut off."""
_SPARE = 1.1
"""The disk takes so many times what the rows do: the log, and what indexes are sorted in."""


def main() -> None:
    """Grow, measure, print."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    _add_options(parser)
    options = parser.parse_args()
    print(in_a_line(describe()), flush=True)
    with TemporaryDirectory() as temporary:
        options.folder = options.folder or Path(temporary)
        asyncio.run(_grow(options))


def _add_options(parser: argparse.ArgumentParser) -> None:
    sizes = [10_000, 100_000]
    parser.add_argument("--results", type=int, nargs="+", default=sizes, help="the sizes (10000 100000)")
    parser.add_argument("--filled", type=int, default=_FIRST, help="how many are made one by one, at most (100,000)")
    parser.add_argument("--samples", type=float, default=0.05, help="the part of the copies that has samples (0.05)")
    parser.add_argument(
        "--environments", type=float, default=1.0, help="the part of the copies that has its environment (1.0)"
    )
    parser.add_argument("--clients", type=int, default=1_000, help="how many clients (1,000)")
    parser.add_argument("--models-each", type=int, default=10, help="models of a client on average (10)")
    parser.add_argument("--times", type=int, default=40, help="calls of each kind (40)")
    parser.add_argument("--seconds", type=float, default=60, help="the clients beat for so long at least (60)")
    parser.add_argument("--stored", type=int, default=500, help="results that are stored to time it (500)")
    parser.add_argument("--at-once", type=int, default=16, help="clients that deliver at once (16)")
    parser.add_argument("--folder", type=Path, help="keep the database here and use it again; else it is thrown away")


async def _grow(options: Namespace) -> None:
    sizes: list[int] = sorted(options.results)
    options.results, options.postgresql, options.warm = min(sizes[0], options.filled), True, False
    url, _ = await filled(options, options.folder)
    file = options.folder / "growth.json"
    if url is None:
        raise AssertionError("PostgreSQL has an address")
    print(settings(url), flush=True)
    for size in sizes:
        if size in {one.asked_for for one in read(file)}:
            continue
        if (present := _count(url)) > _PAST * size:
            print(f"{size:,}: there are {present:,} already", flush=True)
            continue
        seen = await _at(size, url, options)
        keep(file, seen)
        print(told(seen), flush=True)
    print(growth([one for one in read(file) if one.asked_for in sizes]))


async def _at(size: int, url: str, options: Namespace) -> Grown:
    begin = time.monotonic()
    wish = Wish(size, options.samples, options.environments)
    _require_room(url, wish, options.folder)
    multiply(url, wish, _say)
    growing_s = time.monotonic() - begin
    forget_counts(url)
    first_s = _vacuum_all(url)
    calls, stored, beats_s = await _serve(url, options)
    before = tables(url)
    vacuum_s = _vacuum_all(url)
    return Grown(
        asked_for=size, results=_count(url), growing_s=growing_s, first_vacuum_s=first_s, calls=calls, beats_s=beats_s,
        stored=stored, before=before, vacuum_s=vacuum_s, after=tables(url), row=row_of_result(url), untrue=untrue(url),
    )  # fmt: skip


async def _serve(url: str, options: Namespace) -> tuple[Sequence[Asked], Stored, float]:
    """Have a server, ask it while the clients beat, then store: the calls, the storing, the seconds of beats."""
    async with served(options) as it:
        calls, begin = calls_of(await know(it)), time.monotonic()
        async with beating(it.beats(_NEWS_PER_S)):
            seen = await ask(it, calls, options.times)
            await asyncio.sleep(begin + options.seconds - time.monotonic())
        beats_s = time.monotonic() - begin
        stored = await store(it, url, options.stored, options.at_once)
    asked = [
        Asked(one.call.page, one.call.name, one.quantile_ms(0.5), one.quantile_ms(0.95), one.refused) for one in seen
    ]
    return asked, stored, beats_s


def _vacuum_all(url: str) -> Mapping[str, float]:
    return vacuum(url, [table.name for table in tables(url)])


def _count(url: str) -> int:
    with closing(connected(url)) as connection:
        row = connection.execute("SELECT count(*) FROM results").fetchone()
    return int(row[0]) if row else 0


def _require_room(url: str, wish: Wish, folder: Path) -> None:
    """End where the disk has not the room that so many copies would take."""
    each = _bytes_a_copy(url, wish)
    needed = _SPARE * max(0, wish.results - _count(url)) * each
    free = shutil.disk_usage(folder).free
    _say(f"to {wish.results:,}: {each:,.0f} B a copy, about {needed / GIB:,.1f} GiB; {free / GIB:,.1f} GiB are free")
    if needed > free:
        sys.exit("That is more than the disk has: fewer --results, --samples or --environments, or another --folder.")


def _bytes_a_copy(url: str, wish: Wish) -> float:
    """What a result takes now, less what of its long columns copies will not have."""
    row, present = row_of_result(url), _count(url)
    of_results = sum(table.total_bytes for table in tables(url) if table.name in {"results", "jobs", "sessions"})
    saved = row["samples_bytes"] * (1 - min(1.0, wish.samples / (row["samples_share"] or 1)))
    saved += row["environment_bytes"] * (1 - min(1.0, wish.environments / (row["environments_share"] or 1)))
    return of_results / present - saved


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
