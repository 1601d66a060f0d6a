"""What a fleet loses when everything fails: `python -m bench.faults --help`."""

import argparse
import asyncio
import json
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from bench._machine import describe, in_a_line
from tests.e2e.campaign.campaign import Report, campaign, kinds_of
from tests.e2e.campaign.house import Size, a_house
from tests.e2e.campaign.schedule import plan

_HELP = """\
Real servers on one PostgreSQL behind a proxy, real clients beside fake Ollamas, pages that stay open, and sessions
that are asked for all the time. Then, by a schedule drawn from the seed: servers, clients and PostgreSQL are killed and
started again; clients, a page and servers are cut off, their packets lost or late; replies are lost, requests sent
twice, again later, or overtaken; PostgreSQL takes no writes, as when its disk is full; clients' clocks jump, where
libfaketime is installed. At the end all is healed, and this must hold: every sample that a client told, or that lay on
its disk when it was killed, is stored exactly once and as it was taken, and so many answers as the Ollamas gave, less
those cut off; no job was on two clients; no job stays open, no outbox full, none was refused; every change of a job's
state is allowed (a trigger writes each down); the pages that were open show what the database holds. Else it ends with
status 1.

  python -m bench.faults --seed 1 --clients 60 --minutes 8 --faults 120
"""
_QUIET_S = 5.0
"""The load runs so long before the first fault."""


def main() -> None:
    """Run a campaign and print what came of it."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=8_881, help="of the schedule (8881)")
    parser.add_argument("--clients", type=int, default=200, help="how many clients (200; each takes 60 MB)")
    parser.add_argument("--servers", type=int, default=3, help="how many servers (3)")
    parser.add_argument("--minutes", type=float, default=30, help="how long faults happen (30)")
    parser.add_argument("--faults", type=int, default=500, help="how many faults (500)")
    parser.add_argument("--logs", type=Path, help="a folder to keep the logs of servers and clients in")
    parser.add_argument("--json", action="store_true", help="print all as JSON, the schedule too")
    options = parser.parse_args()
    if not options.json:
        print(in_a_line(describe()), flush=True)
    began = time.monotonic()
    report = asyncio.run(_run(options))
    told = {**vars(options), "took_s": round(time.monotonic() - began), **_facts(report)}
    whole = {**told, "machine": describe(), "log": report.log}
    print(json.dumps(whole, indent=2, default=str) if options.json else _text(told))
    sys.exit(1 if report.violations else 0)


async def _run(options: Namespace) -> Report:
    size = Size(clients=options.clients, servers=options.servers)
    async with a_house(size, options.logs) as house:
        kinds = kinds_of(house)
        seconds = options.minutes * 60
        among = {"clients": size.clients, "servers": size.servers, "pages": size.pages}
        faults = plan(options.seed, options.faults, seconds, **among, kinds=kinds)
        print(f"{size.clients} clients beat; {len(faults)} faults of {len(kinds)} kinds", file=sys.stderr, flush=True)
        return await campaign(house, faults, options.seed, begin_s=_QUIET_S, say=_say)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _facts(report: Report) -> dict[str, Any]:
    return {
        "faults_done": {str(kind): report.faults[kind] for kind in sorted(report.faults)},
        "faults_done_in_all": sum(report.faults.values()),
        "requests_touched": {str(kind): report.requests_touched[kind] for kind in sorted(report.requests_touched)},
        "sessions": report.sessions,
        "sessions_cancelled": report.cancelled,
        "jobs": dict(report.found.jobs),
        "state_changes": report.found.moves,
        "samples_stored": report.found.samples,
        "answers_given_by_ollamas": report.found.given,
        "requests_through_the_proxy": report.requests,
        "pages": report.pages,
        "clients_called_a_clone": report.found.clones,
        "answered_with_an_error": dict(report.errors.most_common(40)),
        "violations": report.violations,
    }


def _text(told: dict[str, Any]) -> str:
    lines: list[str] = []
    for name, value in told.items():
        shown = name.replace("_", " ")
        if isinstance(value, dict):
            lines += [f"{shown}:", *(f"  {count:>7,}  {what}" for what, count in value.items())]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        elif isinstance(value, list):
            lines += [f"{shown}: {len(value)}", *(f"  {one}" for one in value)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        else:
            lines.append(f"{shown}: {value}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
