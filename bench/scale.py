"""How fast the API answers over a large database: `python -m bench.scale --help`."""

import argparse
import asyncio
import random
import statistics
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from bench._beats import beating
from bench._machine import describe, in_a_line
from bench._served import Served, add_options, served
from bench._targets import Call, calls_of, know
from tests.e2e.programs import API

_HELP = """\
A real server over a filled database, whose clients beat meanwhile. Every call that a page of the dashboard makes is
made so many times, one after the other, each time of another client, model or result, in a shuffled order; answers are
compressed, as for a browser.

  python -m bench.scale --results 1000000 --folder million
  python -m bench.scale --results 1000000 --folder million-pg --postgresql
"""
_AIM_MS = 100.0
_NEWS_PER_S = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the calls of one kind took, and how long their answers were as they were sent."""

    call: Call
    taken_ms: Sequence[float]
    sent_bytes: Sequence[int]
    refused: int


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--times", type=int, default=40, help="calls of each kind (40)")
    parser.add_argument("--no-beats", action="store_true", help="leave the clients silent")
    options = parser.parse_args()
    print(in_a_line(describe()))
    _print(asyncio.run(_measure(options)))


async def _measure(options: Namespace) -> list[Seen]:
    async with served(options) as it:
        calls = calls_of(await know(it))
        if options.no_beats:
            return await _ask(it, calls, options.times)
        async with beating(it.beats(_NEWS_PER_S)):
            return await _ask(it, calls, options.times)


async def _ask(it: Served, calls: Sequence[Call], times: int) -> list[Seen]:
    dice = random.Random(2)
    taken: dict[Call, list[tuple[float, int, bool]]] = {call: [] for call in calls}
    for call in calls:
        await _time(it.server.owner, call.path(dice))  # what is read for the first time is not counted
    for call in dice.sample([call for call in calls for _ in range(times)], len(calls) * times):
        taken[call].append(await _time(it.server.owner, call.path(dice)))
    return [
        Seen(call, [ms for ms, _, _ in seen], [sent for _, sent, _ in seen], sum(not good for _, _, good in seen))
        for call, seen in taken.items()
    ]


async def _time(http: httpx.AsyncClient, path: str) -> tuple[float, int, bool]:
    begin = time.perf_counter()
    reply = await http.get(f"{API}{path}")
    return (time.perf_counter() - begin) * 1e3, reply.num_bytes_downloaded, reply.is_success


def _print(all_seen: Sequence[Seen]) -> None:
    print(f"{'page':16}{'call':18}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}{'kB sent':>9}{'refused':>9}")
    for seen in all_seen:
        p50, p95, most = (_quantile(seen.taken_ms, share) for share in (0.5, 0.95, 1.0))
        kilobytes = statistics.median(seen.sent_bytes) / 1_000
        print(
            f"{seen.call.page:16}{seen.call.name:18}{p50:>8.1f}{p95:>8.1f}{most:>8.1f}{kilobytes:>9.1f}{seen.refused:>9}"
        )
    every = [ms for seen in all_seen for ms in seen.taken_ms]
    quick = sum(ms < _AIM_MS for ms in every) / len(every)
    print(f"{quick:.1%} of {len(every):,} calls under {_AIM_MS:.0f} ms (aim: 95 %)")


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[round(share * (len(values) - 1))]


if __name__ == "__main__":
    main()
