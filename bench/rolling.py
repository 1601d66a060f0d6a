"""What a rolling upgrade of three servers costs under load: `python -m bench.rolling --help`."""

import argparse
import asyncio
import sys
from argparse import Namespace
from pathlib import Path

from bench._machine import describe, in_a_line
from tests.e2e.campaign.house import Size, a_house
from tests.e2e.campaign.rolling import Rolled, roll

_HELP = """\
Real servers on one PostgreSQL behind a proxy that looks at /readyz every 0.2 s and retries nothing; real clients that
measure, and pages that stay open. One server after the other gets SIGTERM, drains for OBT_DRAIN_S, ends, and is
started anew. Counted: requests that failed, and what a page shows otherwise than the database after it has fetched
anew. Both must be none; else the status is 1.

  python -m bench.rolling --clients 60
"""


def main() -> None:
    """Roll and print what it cost."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=8_881, help="of what is asked for (8881)")
    parser.add_argument("--clients", type=int, default=60, help="how many clients (60; each takes 60 MB)")
    parser.add_argument("--servers", type=int, default=3, help="how many servers (3)")
    parser.add_argument("--drain-s", type=float, default=3.0, help="OBT_DRAIN_S of each server (3)")
    parser.add_argument("--between-s", type=float, default=10.0, help="from one server to the next, in seconds (10)")
    parser.add_argument("--logs", type=Path, help="a folder to keep the logs of servers and clients in")
    options = parser.parse_args()
    print(in_a_line(describe()), flush=True)
    rolled = asyncio.run(_run(options))
    print(_text(rolled))
    sys.exit(1 if rolled.failed or rolled.found.violations else 0)


async def _run(options: Namespace) -> Rolled:
    size = Size(clients=options.clients, servers=options.servers, drain_s=options.drain_s)
    async with a_house(size, options.logs) as house:
        return await roll(house, options.seed, options.between_s, house.servers)


def _text(rolled: Rolled) -> str:
    """For people."""
    found = rolled.found
    lines = [
        f"{len(rolled.statuses)} servers replaced in {rolled.seconds:.0f} s, exit statuses {rolled.statuses}",
        f"{rolled.requests:,} requests, {rolled.requests / rolled.seconds:,.0f}/s; failed: {rolled.failed.total()}",
        *(f"  {times} x {what}" for what, times in rolled.failed.most_common()),
        f"open pages: {rolled.events:,} events, {rolled.snapshots} snapshots; missed: {len(rolled.missed)}",
        f"{rolled.sessions} sessions, jobs {dict(found.jobs)}, {found.samples:,} samples stored",
        f"violations: {len(found.violations)}",
        *(f"  {text}" for _, text in found.violations),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
