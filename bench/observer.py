"""What a CPU-bound job loses to the client that watches beside it: `python -m bench.observer --help`."""

import argparse
import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench._cell import command_of
from bench._command import CommandError, running
from bench._load import Load
from bench._machine import describe, in_a_line
from bench._peers import PEERS, prepare, program_of
from bench._readers import READERS
from dev.paths import LOCAL
from obt_client.bench.standin.asked import Times
from obt_client.bench.standin.process import StandIn
from obt_core.statistics import median_interval

_HELP = """\
One process a core does arithmetic and counts (the job); a stand-in sends 8 streams at 10 ms a token in both arms. In
one arm a reader reads them, as a command of its own. In the other the same requests are made by sockets that nobody
reads: the stand-in and the kernel do the same work, the tokens wait in the sockets' buffers (12 KB a second; seen to
be taken for ten seconds), and nobody wakes up. So the stand-in's own load is in both counts, and only the reader makes
the difference:

  slowdown = 1 - iterations beside the reader / iterations beside the unread sockets

Counting begins when tokens flow on all streams: what a command costs to start is not in it. Arms take turns, and which
of a pair begins changes; printed are the median of the pairs and its 95 % interval (order statistics).

  python -m bench.observer                                     OBT ten pairs, peers that are installed three
  python -m bench.observer --readers obt --pairs 20
"""
_AIM = 0.02
_SETTLE_S = 0.5
_LOOK_EVERY_S = 0.2
_FLOWING_TIMEOUT_S = 180.0
_SPARE_S = 4.0
"""Streaming goes on for so much longer than the counting."""
_SECONDS_MAX = 6.0


@dataclass(frozen=True, slots=True)
class Slowdown:
    """Shares of the job's speed, pair by pair; `low` to `high`: 95 % interval of the median, None of too few pairs.

    `standin_cpu_share`: of one core, in the arm with the reader; the median.
    """

    reader: str
    pairs: tuple[float, ...]
    median: float
    low: float | None
    high: float | None
    standin_cpu_share: float


class Job:
    """The CPU-bound job: one process on each core."""

    def __init__(self, workers: list[asyncio.subprocess.Process]) -> None:
        self._workers = workers

    async def iterations(self, seconds: float) -> int:
        """Let all count for that time."""
        return sum(await asyncio.gather(*(self._one(worker, seconds) for worker in self._workers)))

    @staticmethod
    async def _one(worker: asyncio.subprocess.Process, seconds: float) -> int:
        assert worker.stdin is not None  # noqa: S101
        assert worker.stdout is not None  # noqa: S101  both were asked for
        worker.stdin.write(f"{seconds}\n".encode())
        return int(await worker.stdout.readline())


@asynccontextmanager
async def _job() -> AsyncGenerator[Job, None]:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    pipe, workers = asyncio.subprocess.PIPE, list[asyncio.subprocess.Process]()
    try:
        for core in cores:
            command = (sys.executable, "-m", "bench._hog", str(core))
            workers.append(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))
        yield Job(workers)
    finally:
        for worker in workers:
            worker.kill()
            await worker.wait()


@asynccontextmanager
async def _unread(url: str, load: Load) -> AsyncGenerator[None, None]:
    """Make the load's requests and read nothing of the answers."""
    place = urlsplit(url)
    with ExitStack() as stack:
        for number in range(load.streams):
            sock = stack.enter_context(socket.create_connection((place.hostname, place.port)))
            body = json.dumps({"model": load.times.model, "prompt": f"n{number}"}).encode()
            sock.sendall(b"POST /api/generate HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        yield


async def _flowing(standin: StandIn, streams: int) -> None:
    """Wait until each stream has got a token. Raises CommandError."""
    begin_s = time.monotonic()
    while sum(bool(truth.written_ns) for truth in await standin.truths()) < streams:
        if time.monotonic() - begin_s > _FLOWING_TIMEOUT_S:
            raise CommandError(f"not all of {streams} streams began in {_FLOWING_TIMEOUT_S:.0f} s")
        await asyncio.sleep(_LOOK_EVERY_S)
    await asyncio.sleep(_SETTLE_S)


async def _arm(job: Job, reader: str | None, options: argparse.Namespace, folder: Path) -> tuple[int, float]:
    """Iterations beside a reader (None: beside unread sockets), and the stand-in's share of a core."""
    tokens = round((options.seconds + _SPARE_S) * 100)
    load = Load(options.streams, Times(ttft_ms=50, interval_ms=10, tokens=tokens), waves=1)
    async with AsyncExitStack() as stack:
        standin = await stack.enter_async_context(StandIn())
        if reader is None:
            await stack.enter_async_context(_unread(standin.url, load))
        else:
            command = command_of(reader, standin.url, load, folder, options.peers_dir)
            env = PEERS[reader].env if reader in PEERS else None
            await stack.enter_async_context(running(command, log=folder / f"{reader}.log", env=env))
        await _flowing(standin, options.streams)
        done = await job.iterations(options.seconds)
        report = await standin.report()
    return done, report.cpu_share or 0.0


async def slowdown(job: Job, reader: str, pairs: int, options: argparse.Namespace, folder: Path) -> Slowdown:
    """Alternate, and compare pair by pair."""
    losses, shares = list[float](), list[float]()
    for pair in range(pairs):
        counts: dict[str | None, int] = {}
        for arm in (None, reader) if pair % 2 else (reader, None):
            counts[arm], share = await _arm(job, arm, options, folder)
            shares += [share] if arm else []
        losses.append(1 - counts[reader] / counts[None])
        print(f"{reader}, pair {pair + 1} of {pairs}: {losses[-1]:+.2%}", file=sys.stderr, flush=True)
    interval = median_interval(losses, rho=0.0)
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Slowdown(reader, tuple(losses), statistics.median(losses), low, high, statistics.median(shares))


async def _measured(readers: list[str], options: argparse.Namespace) -> list[Slowdown]:
    rows = list[Slowdown]()
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), options.streams)
        async with _job() as job:
            for reader in readers:
                pairs = options.peer_pairs if reader in PEERS else options.pairs
                rows.append(await slowdown(job, reader, pairs, options, Path(name)))
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.observer",
        description="How much slower a CPU-bound job is beside a reader of 8 streams.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = ", ".join([*READERS, *PEERS])
    parser.add_argument("--readers", default="obt,guidellm,aiperf,aiohttp", help=f"of {known} (%(default)s)")
    parser.add_argument("--pairs", type=int, default=10, help="of OBT and plain readers (%(default)s)")
    parser.add_argument("--peer-pairs", type=int, default=3, help="of guidellm and aiperf (%(default)s)")
    parser.add_argument("--streams", type=int, default=8, help="at 10 ms a token (%(default)s)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of counting in each arm (%(default)s)")
    parser.add_argument("--peers-dir", type=Path, default=LOCAL / "peers", help="see bench.accuracy (.local/peers)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def _print(rows: list[Slowdown]) -> None:
    print(f"\n{'reader':<12}{'pairs':>6}{'slowdown':>10}{'95 % interval':>20}{'stand-in, share of a core':>28}")
    for row in rows:
        interval = "-" if row.low is None or row.high is None else f"{row.low:.2%} to {row.high:.2%}"
        print(f"{row.reader:<12}{len(row.pairs):>6}{row.median:>10.2%}{interval:>20}{row.standin_cpu_share:>28.3f}")
    for row in rows:
        if row.reader == "obt":
            print(f"\nAim: OBT at most {_AIM:.0%}: {'met' if row.median <= _AIM else 'MISSED'}")


def main() -> None:
    """Measure and print."""
    parser = _parser()
    options = parser.parse_args()
    wanted = options.readers.split(",")
    if unknown := set(wanted) - {*READERS, *PEERS}:
        parser.error(f"no such reader: {', '.join(sorted(unknown))}")
    if options.seconds > _SECONDS_MAX:
        parser.error(f"--seconds: at most {_SECONDS_MAX:g}, or the unread sockets' buffers may fill")
    readers = [name for name in wanted if name in READERS or program_of(name, options.peers_dir).exists()]
    if missing := set(wanted) - set(readers):
        print(f"not installed, left out: {', '.join(sorted(missing))} (bench.accuracy --peers)", file=sys.stderr)
    machine, rows = describe(), asyncio.run(_measured(readers, options))
    if options.json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}))
        return
    print(in_a_line(machine))
    _print(rows)


if __name__ == "__main__":
    main()
