"""How far OBT's own numbers are from the truth: `python -m bench.accuracy --help`."""

import argparse
import asyncio
import json
import random
import statistics
import time
from dataclasses import asdict, dataclass
from itertools import count, pairwise

from bench._machine import describe, in_a_line
from bench._readers import READERS, Body, Reader
from obt_core.metrics import Context, Trace, to_sample
from obt_core.results import SampleRole
from tests.fake_ollama import FakeModel, FakeOllamaProcess, RequestRecord

_FIGURES = {"ttft": "TTFT", "ttft_server": "TTFT, server", "inter_token": "inter-token", "gap": "gap"}
_HELP = """\
A programmable Ollama runs in a process of its own on this machine and notes when it hands each chunk to the kernel.
Readers measure it, obt_core.metrics makes samples of what they saw, and the two are compared. All stamps are
CLOCK_REALTIME of this machine, in microseconds of absolute error:

  TTFT            sample.ttft_ms - (write of the first content chunk - the reader's stamp before its send)
  TTFT, server    sample.ttft_ms - (write of the first content chunk - the fake had read the request): the whole way
                  there and back, so the most that TTFT can be wrong by
  inter-token     sample.tpot_ms - (write of the last - write of the first content chunk) / (tokens - 1)
  gap             every single gap between chunks: seen - written

The fake's stamp is read directly before its send(), so its own way into the kernel counts against the reader.

  python -m bench.accuracy                          1 and 8 streams, 50 ms to the first token, 10 ms a token
  python -m bench.accuracy --readers obt            without the comparison
  python -m bench.accuracy --rate 40000             how many tokens a second are taken in, of 40,000 written
"""


@dataclass(frozen=True, slots=True)
class Errors:
    """Absolute errors in µs."""

    p50_us: float
    p99_us: float
    max_us: float
    n: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """One reader at one number of streams."""

    reader: str
    streams: int
    clock: str
    requests: int
    flagged: int
    merged_chunks: int
    ttft: Errors
    ttft_server: Errors
    inter_token: Errors
    gap: Errors


@dataclass(frozen=True, slots=True)
class Absorbed:
    """One reader under a flood. Rates are tokens per second."""

    reader: str
    streams: int
    asked_per_s: float
    written_per_s: float
    read_per_s: float
    delivered_of_ideal: float
    merged_share: float | None
    """None: the reader cannot tell."""
    cpu_s_per_1000_tokens: float


def _errors(errors_ns: list[float]) -> Errors:
    ranked = sorted(abs(error) / 1e3 for error in errors_ns)
    at_99 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]
    return Errors(round(statistics.median(ranked), 2), round(at_99, 2), round(ranked[-1], 2), len(ranked))


_numbers = count(1)


def _body(tokens: int) -> Body:
    """A request whose first word tells it from all others in the fake's record."""
    return {"model": "fake", "prompt": f"n{next(_numbers)} why", "options": {"num_predict": tokens}}


async def _measure(
    fake: FakeOllamaProcess, reader: Reader, plan: list[list[Body]]
) -> tuple[list[tuple[Trace, RequestRecord]], float]:
    """Every list of the plan is one stream: its requests one after the other. Also the CPU seconds of reading."""
    await fake.clear_record()
    traces: dict[str, Trace] = {}

    async def one_stream(bodies: list[Body]) -> None:
        for body in bodies:
            traces[str(body["prompt"])] = await reader(f"{fake.url}/api/generate", body)

    cpu_s = time.process_time()
    async with asyncio.TaskGroup() as group:
        for bodies in plan:
            group.create_task(one_stream(bodies))
    cpu_s = time.process_time() - cpu_s
    if failed := [trace.error for trace in traces.values() if trace.error_code]:
        raise SystemExit(f"{len(failed)} of {len(traces)} requests failed: {failed[0]}")
    return [(traces[str(record.body["prompt"])], record) for record in await fake.record()], cpu_s


async def accuracy(name: str, streams: int, options: argparse.Namespace) -> Accuracy:
    """Compare one reader with the fake's record."""
    dice = random.Random(streams)
    plan = [[_body(dice.randint(64, 128)) for _ in range(options.requests)] for _ in range(streams)]
    model = FakeModel("fake", ttft_ms=options.ttft_ms, interval_ms=options.interval_ms, slots=streams)
    async with FakeOllamaProcess([model]) as fake:
        pairs, _ = await _measure(fake, READERS[name], plan)
    samples = [to_sample(trace, Context(1, "accuracy", SampleRole.MEASURED)) for trace, _ in pairs]
    ttft, server, inter_token, gaps = list[float](), list[float](), list[float](), list[float]()
    for (trace, record), sample in zip(pairs, samples, strict=True):
        written = [chunk.at_ns for chunk in record.content]
        seen_ttft_ns, seen_tpot_ns = (sample.ttft_ms or 0) * 1e6, (sample.tpot_ms or 0) * 1e6
        ttft.append(seen_ttft_ns - (written[0] - trace.sent_ns))
        server.append(seen_ttft_ns - (written[0] - record.received_ns))
        inter_token.append(seen_tpot_ns - (written[-1] - written[0]) / (len(written) - 1))
        seen = [chunk.stamp_ns for chunk in trace.chunks]
        gaps += [(b - a) - (y - x) for (a, b), (x, y) in zip(pairwise(seen), pairwise(written), strict=True)]
    return Accuracy(
        reader=name,
        streams=streams,
        clock=pairs[0][0].clock.value,
        requests=len(pairs),
        flagged=sum(bool(sample.flags) for sample in samples),
        merged_chunks=sum(sample.merged_chunks for sample in samples),
        ttft=_errors(ttft),
        ttft_server=_errors(server),
        inter_token=_errors(inter_token),
        gap=_errors(gaps),
    )


async def absorbed(name: str, streams: int, options: argparse.Namespace) -> Absorbed:
    """Let the fake write as many tokens a second as asked and see how many are taken in."""
    tokens = max(2, round(options.rate * options.seconds / streams))
    model = FakeModel("fake", ttft_ms=200, interval_ms=1e3 * streams / options.rate, slots=streams)
    async with FakeOllamaProcess([model]) as fake:
        pairs, cpu_s = await _measure(fake, READERS[name], [[_body(tokens)] for _ in range(streams)])
    chunks = [chunk for trace, _ in pairs for chunk in trace.chunks]
    written = [chunk.at_ns for _, record in pairs for chunk in record.content]
    written_per_s, read_per_s = _rate(written), _rate([chunk.stamp_ns for chunk in chunks])
    return Absorbed(
        reader=name,
        streams=streams,
        asked_per_s=options.rate,
        written_per_s=round(written_per_s, 1),
        read_per_s=round(read_per_s, 1),
        delivered_of_ideal=round(read_per_s / options.rate, 4),
        merged_share=None if name == "aiohttp" else round(sum(chunk.merged for chunk in chunks) / len(chunks), 4),
        cpu_s_per_1000_tokens=round(cpu_s / len(chunks) * 1_000, 4),
    )


def _rate(stamps_ns: list[int]) -> float:
    return (len(stamps_ns) - 1) / ((max(stamps_ns) - min(stamps_ns)) / 1e9)


def _print_accuracy(rows: list[Accuracy], options: argparse.Namespace) -> None:
    print(f"Truth: {options.ttft_ms} ms to the first token, {options.interval_ms} ms a token, 64 to 128 tokens.")
    print("Absolute error in microseconds (--help says against what):\n")
    print(f"{'reader':<12}{'streams':>8}  {'clock':<9}{'figure':<14}{'p50':>10}{'p99':>10}{'max':>10}{'of':>8}")
    for row in rows:
        for figure, title in _FIGURES.items():
            errors: Errors = getattr(row, figure)
            print(f"{row.reader:<12}{row.streams:>8}  {row.clock:<9}{title:<14}", end="")
            print(f"{errors.p50_us:>10.2f}{errors.p99_us:>10.2f}{errors.max_us:>10.2f}{errors.n:>8}")
        print(f"{'':<22}{row.requests} requests, {row.flagged} flagged, {row.merged_chunks} merged chunks")
    _print_ratios(rows)


def _print_ratios(rows: list[Accuracy]) -> None:
    """How much further off the others are than our own reader."""
    for ours in (row for row in rows if row.reader == "obt"):
        for other in (row for row in rows if row.reader != "obt" and row.streams == ours.streams):
            ratio = other.ttft.p50_us / max(ours.ttft.p50_us, 0.01)
            print(
                f"\n{ours.streams} streams: {other.reader}'s TTFT error is {ratio:.0f} times that of obt (p50)", end=""
            )
    print()


def _print_absorbed(rows: list[Absorbed]) -> None:
    print(f"{'reader':<12}{'streams':>8}{'asked/s':>10}{'written/s':>11}{'read/s':>10}", end="")
    print(f"{'delivered/ideal':>17}{'merged':>9}{'CPU s/1000 tokens':>19}")
    for row in rows:
        merged = "unknown" if row.merged_share is None else f"{row.merged_share:.1%}"
        print(f"{row.reader:<12}{row.streams:>8}{row.asked_per_s:>10.0f}{row.written_per_s:>11.0f}", end="")
        print(f"{row.read_per_s:>10.0f}{row.delivered_of_ideal:>17.4f}{merged:>9}", end="")
        print(f"{row.cpu_s_per_1000_tokens:>19.4f}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy",
        description="OBT's figures against the record of an Ollama with known times.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--streams", default=None, help="concurrent streams, such as 1,8 (with --rate: 64)")
    parser.add_argument("--readers", default="obt,aiohttp", help=f"of {', '.join(READERS)} (%(default)s)")
    parser.add_argument("--requests", type=int, default=30, help="requests a stream, one after the other (%(default)s)")
    parser.add_argument("--ttft-ms", type=float, default=50.0, help="to the first token (%(default)s)")
    parser.add_argument("--interval-ms", type=float, default=10.0, help="a token (%(default)s)")
    parser.add_argument("--rate", type=float, help="flood: tokens per second over all streams")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long the flood lasts (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


async def _run(options: argparse.Namespace) -> list[Accuracy] | list[Absorbed]:
    levels = [int(level) for level in (options.streams or ("64" if options.rate else "1,8")).split(",")]
    cells = [(name, level) for level in levels for name in options.readers.split(",")]
    if options.rate:
        return [await absorbed(name, level, options) for name, level in cells]
    return [await accuracy(name, level, options) for name, level in cells]


def main() -> None:
    """Measure and print."""
    parser = _parser()
    options = parser.parse_args()
    if unknown := set(options.readers.split(",")) - set(READERS):
        parser.error(f"no such reader: {', '.join(sorted(unknown))}; there are {', '.join(READERS)}")
    machine = describe()
    rows = asyncio.run(_run(options))
    if options.json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}))
        return
    print(in_a_line(machine))
    if options.rate:
        _print_absorbed([row for row in rows if isinstance(row, Absorbed)])
    else:
        _print_accuracy([row for row in rows if isinstance(row, Accuracy)], options)


if __name__ == "__main__":
    main()
