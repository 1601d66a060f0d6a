"""What OBT's client takes of a machine, idle and during a job: `python -m bench.client_cost --help`."""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from bench._machine import describe, in_a_line
from tests.e2e.programs import Client, Server, job_of, running, until, view_of
from tests.fake_ollama import FakeModel
from tests.fake_ollama.process import FakeOllamaProcess

_HELP = """\
A server and `obt-client run` are started as a user starts them, beside a programmable Ollama, each a process of its
own. The client, with all that it starts, is watched from outside:

  idle   for so many seconds, after it has enrolled and told what it has; its CPU time is extrapolated to an hour
  job    a suite (50 ms to the first token, 10 ms a token, one stream), from claimed to ended, telemetry included

The anchors beside it are load generators at 1 to 256 streams on the development machines (November 2026): they do more
(a tokenizer, many formats) and run for a benchmark only, where OBT's client stays. What a token costs each of them is
measured side by side by bench.accuracy.

  python -m bench.client_cost                  about three minutes
  python -m bench.client_cost --idle-s 600     idle for longer, so less is extrapolated
"""
_ANCHORS = {"guidellm 0.8.1": (987, 1_602), "aiperf 0.13": (475, 565)}
"""Peak resident MB, least and most over 1 to 256 streams."""
_MODEL = FakeModel("fake:latest", ttft_ms=50, interval_ms=10, load_ms=300)
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

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
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


async def idle(client: Client, seconds: float) -> Taken:
    """Watch a client that has nothing to do."""
    await asyncio.sleep(_SETTLE_S)
    watch, until_s = Watch(client.pid), time.monotonic() + seconds
    while time.monotonic() < until_s:
        watch.look()
        await asyncio.sleep(_LOOK_S)
    return watch.taken("idle")


async def job(server: Server, client: Client, fake: FakeOllamaProcess, suite: str) -> Taken:
    """Watch one job, from when the client has claimed it."""
    asked = {"suite": suite, "models": [_MODEL.name], "client_ids": [client.name]}
    session = (await server.post("/sessions", asked))["id"]
    give_up_s = time.monotonic() + _JOB_LIMIT_S
    await until(lambda: _is_no_longer(server, session, "queued"), "the job to be claimed")
    watch = Watch(client.pid)
    while (done := await job_of(server, session))["status"] in {"claimed", "running"}:
        if time.monotonic() > give_up_s:
            raise SystemExit(f"the job was not done in {_JOB_LIMIT_S:.0f} s")
        watch.look()
        await asyncio.sleep(_LOOK_S)
    if done["status"] != "completed":
        raise SystemExit(f"the job was not completed: {done['error']}")
    tokens = sum(len(request.chunks) for request in await fake.record())
    return watch.taken(f"job ({suite})", tokens)


async def _is_no_longer(server: Server, session: str, status: str) -> bool:
    return (await job_of(server, session))["status"] != status


async def measured(options: argparse.Namespace, folder: Path) -> list[Taken]:
    """Run both phases on one client."""
    server = Server(folder)
    async with running(server), FakeOllamaProcess([_MODEL]) as fake:
        await server.start()
        interval = {"OBT_TELEMETRY_INTERVAL_S": f"{options.telemetry_s:g}"}
        client = Client(folder / "measured", server.url, await server.token(), fake.url, **interval)
        async with running(client):
            await client.start()
            await until(lambda: view_of(server, client), "the client to be known")
            print(f"idle for {options.idle_s:.0f} s", file=sys.stderr, flush=True)
            rows = [await idle(client, options.idle_s)]
            await fake.clear_record()
            print(f"a job of the suite {options.suite}", file=sys.stderr, flush=True)
            rows.append(await job(server, client, fake, options.suite))
        await server.owner.aclose()
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
    parser.add_argument("--telemetry-s", type=float, default=1.0, help="its interval in a job; 0: off (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def _print(rows: list[Taken]) -> None:
    head = ("phase", "seconds", "CPU s", "CPU s per hour", "MiB, median", "MiB, most", "tokens")
    print("\n" + "".join(f"{title:>{width}}" for title, width in zip(head, _WIDTHS, strict=True)))
    for row in rows:
        memory = (row.resident_mib, row.resident_most_mib, row.tokens or "-")
        cells = (row.phase, row.seconds, row.cpu_s, row.cpu_s_per_hour, *memory)
        print("".join(f"{cell!s:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)))
    print("\nCPU s per hour are extrapolated from the seconds beside them.")
    ours_mb = max(row.resident_most_mib for row in rows) * _MIB / 1e6
    for name, (least_mb, most_mb) in _ANCHORS.items():
        times = f"{least_mb / ours_mb:.0f} to {most_mb / ours_mb:.0f} times as much"
        print(f"{name}: {least_mb} to {most_mb:,} MB resident, {times}")


_WIDTHS = (14, 9, 8, 16, 13, 11, 8)


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        machine, rows = describe(), asyncio.run(measured(options, Path(folder)))
    if options.json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}))
        return
    print(in_a_line(machine))
    _print(rows)


if __name__ == "__main__":
    main()
