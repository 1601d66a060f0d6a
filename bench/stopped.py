"""What OBT says of samples during which it was stopped: `python -m bench.stopped --help`."""

import argparse
import asyncio
import json
import random
import signal
import sys
import time
from asyncio.subprocess import PIPE

from bench._machine import describe, in_a_line
from obt_client.bench.standin.process import StandIn, Truth
from obt_client.bench.stream import stream
from obt_core.results import Flag

_HELP = """\
A process of its own measures a stand-in with known times, and is stopped by SIGSTOP for 200 ms again and again, at
random moments. A sample was touched when it was under way (from its send to its last token as the stand-in wrote it)
at any moment of a stop; all others are clean.

  touched samples    how many of them are flagged (aim: all)
  clean samples      how many of them are flagged (aim: under 1 %)
"""
_MODEL = "standin:t20-i5-n64"


async def _measure(url: str, streams: int, requests: int) -> None:
    """The process that is stopped: a line of JSON for each sample."""

    async def one_stream(number: int) -> None:
        for turn in range(requests):
            label = f"s{number}-{turn}"
            trace = await stream(f"{url}/api/generate", {"model": _MODEL, "prompt": label})
            flags = [flag.value for flag in trace.flags]
            print(json.dumps({"label": label, "sent_ns": trace.sent_ns, "flags": flags}), flush=True)

    async with asyncio.TaskGroup() as group:
        for number in range(streams):
            group.create_task(one_stream(number))


async def _stop_now_and_then(process: asyncio.subprocess.Process, options: argparse.Namespace) -> list[tuple[int, int]]:
    """Return the spans in which it stood still, in ns of CLOCK_REALTIME."""
    dice, spans = random.Random(options.seed), list[tuple[int, int]]()
    while process.returncode is None:
        await asyncio.sleep(dice.uniform(0.5, 1.5) * options.every_s)
        if process.returncode is not None:
            break
        begun_ns = time.time_ns()
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(options.stop_ms / 1e3)
        process.send_signal(signal.SIGCONT)
        spans.append((begun_ns, time.time_ns()))
    return spans


async def _run(options: argparse.Namespace) -> dict[str, object]:
    async with StandIn() as standin:
        command = ("-m", "bench.stopped", "--child", standin.url)
        sizes = ("--streams", str(options.streams), "--requests", str(options.requests))
        process = await asyncio.create_subprocess_exec(sys.executable, *command, *sizes, stdout=PIPE)
        assert process.stdout is not None  # noqa: S101  it was asked for
        stopping = asyncio.create_task(_stop_now_and_then(process, options))
        told = [json.loads(line) for line in (await process.stdout.read()).splitlines()]
        await process.wait()
        spans = await stopping
        truths = {truth.label: truth for truth in await standin.truths()}
    touched = {sample["label"] for sample in told if _was_touched(sample["sent_ns"], truths[sample["label"]], spans)}
    flagged = {sample["label"] for sample in told if Flag.CLIENT_STALLED in sample["flags"]}
    return {
        "streams": options.streams,
        "stops": len(spans),
        "samples": len(told),
        "touched": len(touched),
        "touched_flagged": len(touched & flagged),
        "clean": len(told) - len(touched),
        "clean_flagged": len(flagged - touched),
    }


def _was_touched(sent_ns: int, truth: Truth, spans: list[tuple[int, int]]) -> bool:
    return any(sent_ns < end_ns and truth.written_ns[-1] > begin_ns for begin_ns, end_ns in spans)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.stopped",
        description="Whether stalls of OBT's own process are told.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--streams", type=int, default=1, help="at a time (%(default)s)")
    parser.add_argument("--requests", type=int, default=100, help="of each stream (%(default)s)")
    parser.add_argument("--every-s", type=float, default=2.0, help="between two stops, about (%(default)s)")
    parser.add_argument("--stop-ms", type=float, default=200.0, help="how long each lasts (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (%(default)s)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    if options.child:
        asyncio.run(_measure(options.child, options.streams, options.requests))
        return
    print(in_a_line(describe()))
    for name, value in asyncio.run(_run(options)).items():
        print(f"{name.replace('_', ' '):<18}{value}")


if __name__ == "__main__":
    main()
