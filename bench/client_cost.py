"""What OBT's client takes of a machine, idle and during a job: `python -m bench.client_cost --help`."""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from bench._machine import describe, in_a_line
from bench._server_and_client import Pair, say, server_and_client
from obt_client.bench.standin.asked import Times
from obt_client.bench.standin.process import StandIn
from obt_core.jobs import JobStatus

_HELP = """\
A server and `obt-client run` are started as a user starts them, with a stand-in for their Ollama. The client's process,
with all that it starts, is watched from outside:

  idle   for so many seconds, after it has enrolled and told what it has; its CPU time is extrapolated to an hour
  job    a suite on the stand-in (50 ms to the first token, 10 ms a token), from claimed to ended, telemetry included

The anchors beside it are load generators at 1 to 256 streams on the development machines (November 2026): they do more
(a tokenizer, many formats) and run for a benchmark only, where OBT's client stays.

  python -m bench.client_cost                  about three minutes
  python -m bench.client_cost --idle-s 600     idle for longer, so less is extrapolated
"""
_ANCHORS = {"guidellm 0.8.1": (987, 1_602, 0.61), "aiperf 0.13": (475, 565, 9.37)}
"""Peak resident MB, least and most over 1 to 256 streams; CPU s per 1,000 tokens at one stream."""
_LOOK_S = 1.0
_SETTLE_S = 10.0
"""After the first beats: the hardware is being looked at, and modules are still being imported."""
_JOB_LIMIT_S = 600.0
_HOUR_S = 3_600.0
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one phase. `cpu_s_per_hour` is extrapolated from `seconds`."""

    phase: str
    seconds: float
    cpu_s: float
    cpu_s_per_hour: float
    resident_mib: float
    resident_most_mib: float
    tokens: int | None = None


class Watch:
    """Processor time and memory of a process with its children, by looks that its caller makes."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._begun_s, self._cpu_s = time.monotonic(), self._cpu()
        self._memory: list[float] = []

    def look(self) -> None:
        """See how much memory is taken now."""
        self._memory.append(sum(self._of_each(lambda one: one.memory_info().rss)) / _MIB)

    def taken(self, phase: str, tokens: int | None = None) -> Taken:
        """Return what was taken since it began."""
        seconds, cpu_s = time.monotonic() - self._begun_s, self._cpu() - self._cpu_s
        return Taken(
            phase=phase,
            seconds=round(seconds, 1),
            cpu_s=round(cpu_s, 2),
            cpu_s_per_hour=round(cpu_s / seconds * _HOUR_S, 1),
            resident_mib=round(statistics.median(self._memory), 1),
            resident_most_mib=round(max(self._memory), 1),
            tokens=tokens,
        )

    def _cpu(self) -> float:
        """Children that ended are in the account of their parent."""
        return sum(self._of_each(lambda one: sum(one.cpu_times()[:4])))

    def _of_each(self, ask: Callable[[psutil.Process], float]) -> list[float]:
        found: list[float] = []
        for one in [self._process, *self._process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                found.append(ask(one))
        return found


async def idle(pair: Pair, seconds: float) -> Taken:
    """Watch a client that has nothing to do."""
    await asyncio.sleep(_SETTLE_S)
    watch, until_s = Watch(pair.client), time.monotonic() + seconds
    while time.monotonic() < until_s:
        watch.look()
        await asyncio.sleep(_LOOK_S)
    return watch.taken("idle")


async def job(pair: Pair, standin: StandIn, suite: str) -> Taken:
    """Watch one job, from when the client has claimed it."""
    watch, status = None, JobStatus.QUEUED
    async for view in pair.job(suite, Times().model, _JOB_LIMIT_S):
        status = view.status
        if status is not JobStatus.QUEUED:
            watch = watch or Watch(pair.client)
            watch.look()
    if watch is None or status is not JobStatus.COMPLETED:
        raise SystemExit(f"the job ended {status}")
    return watch.taken(f"job ({suite})", tokens=(await standin.report()).tokens)


async def measured(options: argparse.Namespace) -> list[Taken]:
    """Run both phases on one client."""
    with tempfile.TemporaryDirectory() as folder:
        async with StandIn() as standin, server_and_client(Path(folder), standin.url, {}) as pair:
            say(f"idle for {options.idle_s:.0f} s")
            rows = [await idle(pair, options.idle_s)]
            await standin.clear()
            say(f"a job of the suite {options.suite}")
            rows.append(await job(pair, standin, options.suite))
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.client_cost",
        description="Resident memory and processor time of the client.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--idle-s", type=float, default=60.0, help="how long to watch it idle (%(default)s)")
    parser.add_argument("--suite", default="quick", help="what its job measures (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def _print(rows: list[Taken]) -> None:
    head = ("phase", "seconds", "CPU s", "CPU s per hour", "MiB, median", "MiB, most", "CPU s per 1,000 tokens")
    print("\n" + "".join(f"{title:>{width}}" for title, width in zip(head, _WIDTHS, strict=True)))
    for row in rows:
        by_token = f"{row.cpu_s / row.tokens * 1_000:.3f}" if row.tokens else "-"
        cells = (
            row.phase,
            row.seconds,
            row.cpu_s,
            row.cpu_s_per_hour,
            row.resident_mib,
            row.resident_most_mib,
            by_token,
        )
        print("".join(f"{cell!s:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)))
    print("\nCPU s per hour are extrapolated from the seconds beside them.")
    most = max(row.resident_most_mib for row in rows) * _MIB / 1e6
    for name, (least_mb, most_mb, cpu_s) in _ANCHORS.items():
        print(
            f"{name}: {least_mb} to {most_mb:,} MB, {least_mb / most:.0f} to {most_mb / most:.0f} times as much; ",
            end="",
        )
        print(f"{cpu_s} CPU s per 1,000 tokens at one stream")


_WIDTHS = (14, 9, 8, 16, 13, 11, 24)


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    machine, rows = describe(), asyncio.run(measured(options))
    if options.json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}))
        return
    print(in_a_line(machine))
    _print(rows)


if __name__ == "__main__":
    main()
