"""How fast the API answers over a large database: `python -m bench.scale --help`."""

import argparse
import asyncio
import statistics
from argparse import Namespace
from collections.abc import Sequence

from bench._asking import Seen, ask
from bench._beats import beating
from bench._machine import describe, in_a_line
from bench._served import add_options, served
from bench._targets import calls_of, know

_HELP = """\
A real server over a filled database, whose clients beat meanwhile. Every call that a page of the dashboard makes is
made so many times, one after the other, each time of another client, model or result, in a shuffled order; answers are
compressed, as for a browser.

  python -m bench.scale --results 1000000 --folder million
  python -m bench.scale --results 1000000 --folder million-pg --postgresql
"""
_AIM_MS = 100.0
_NEWS_PER_S = 5.0


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
            return await ask(it, calls, options.times)
        async with beating(it.beats(_NEWS_PER_S)):
            return await ask(it, calls, options.times)


def _print(all_seen: Sequence[Seen]) -> None:
    print(f"{'page':16}{'call':18}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}{'kB sent':>9}{'refused':>9}")
    for seen in all_seen:
        p50, p95, most = (seen.quantile_ms(share) for share in (0.5, 0.95, 1.0))
        kilobytes = statistics.median(seen.sent_bytes) / 1_000
        print(
            f"{seen.call.page:16}{seen.call.name:18}{p50:>8.1f}{p95:>8.1f}{most:>8.1f}{kilobytes:>9.1f}{seen.refused:>9}"
        )
    every = [ms for seen in all_seen for ms in seen.taken_ms]
    quick = sum(ms < _AIM_MS for ms in every) / len(every)
    print(f"{quick:.1%} of {len(every):,} calls under {_AIM_MS:.0f} ms (aim: 95 %)")


if __name__ == "__main__":
    main()
