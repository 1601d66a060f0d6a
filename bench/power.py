"""How often OBT's verdict is right: `python -m bench.power --help`."""

import argparse
import asyncio
import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench._machine import describe, in_a_line
from obt_client.bench.standin.process import StandIn
from obt_client.bench.stream import stream
from obt_core.metrics import Context, to_sample
from obt_core.results import SampleRole
from obt_core.statistics import Comparison, Verdict, compare, quantile

_HELP = """\
A stand-in with known times, in a process of its own, answers requests of 64 tokens; OBT's reader times them, and the
time per token of two jobs is compared, as `obt-client bench --compare` does. The truth of every request is drawn anew:

  10 ms a token (10.3 ms in the slower job) x a slow wander with correlation 0.3 from one request to the next
  x log-normal jitter of 1.5 % in all x, in 3 of 100 requests, a spike of 15 % on average

  power          of 100 comparisons of 10.0 with 10.3 ms: how many said "slower"
  false alarms   of 200 comparisons of 10.0 with 10.0 ms: how many said "slower" or "faster"

Both jobs of a comparison run at the same time. The intervals beside the counts are Wilson's, at 95 %.

  python -m bench.power                          all of it, in about five minutes
  python -m bench.power --pairs 10 --null 20     a first look
"""
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Jitter:
    """Shares of the true time per token."""

    spread: float
    wander: float = 0.3
    spike_share: float = 0.03
    spike: float = 0.15

    def factors(self, dice: random.Random, count: int) -> Iterator[float]:
        """What the times of one job's requests are multiplied with."""
        at = dice.gauss(0, 1)
        for _ in range(count):
            spike = dice.expovariate(1 / self.spike) if dice.random() < self.spike_share else 0.0
            yield math.exp(self.spread * at) * (1 + spike)
            at = self.wander * at + math.sqrt(1 - self.wander**2) * dice.gauss(0, 1)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What came of comparisons of one kind. `right` of `of`; shares with their interval."""

    question: str
    right: int
    of: int
    low: float
    high: float
    verdicts: dict[str, int]
    interval_width_p50: float
    detectable_p50: float
    requests_s_a_comparison: float
    """How long the requests of one comparison take one after the other, in s."""


async def _job(url: str, base_ms: float, seed: str, options: argparse.Namespace) -> tuple[list[float], float]:
    """Time per token of each request of a job, in ms, and the seconds that they took."""
    dice = random.Random(seed)
    found, took_s = list[float](), 0.0
    for factor in Jitter(options.jitter).factors(dice, options.samples):
        model = f"standin:t{options.ttft_ms}-i{base_ms * factor:.5f}-n{options.tokens}"
        trace = await stream(f"{url}/api/generate", {"model": model, "prompt": seed})
        sample = to_sample(trace, Context(1, "power", SampleRole.MEASURED))
        if sample.tpot_ms is None or sample.e2e_ms is None:
            raise SystemExit(f"a request failed: {sample.error_code}: {sample.error}")
        found.append(sample.tpot_ms)
        took_s += sample.e2e_ms / 1e3
    return found, took_s


async def _comparison(url: str, after_ms: float, seed: str, options: argparse.Namespace) -> tuple[Comparison, float]:
    before = asyncio.create_task(_job(url, options.before_ms, f"{seed} before", options))
    after, after_s = await _job(url, after_ms, f"{seed} after", options)
    values, before_s = await before
    return compare(values, after, higher_is_better=False, minimum_effect=options.minimum_effect), before_s + after_s


async def _all(standin: StandIn, name: str, after_ms: float, count: int, options: argparse.Namespace) -> Verdicts:
    """Make so many comparisons, some at a time."""
    room = asyncio.Semaphore(options.at_once)

    async def one(number: int) -> tuple[Comparison, float]:
        async with room:
            return await _comparison(standin.url, after_ms, f"{options.seed} {name} {number}", options)

    made = await asyncio.gather(*(one(number) for number in range(count)))
    await standin.clear()
    wanted = Verdict.SLOWER if after_ms > options.before_ms else Verdict.NO_DIFFERENCE_FOUND
    verdicts = Counter(comparison.verdict for comparison, _ in made)
    low, high = wilson(verdicts[wanted], count)
    widths = [c.interval.high - c.interval.low for c, _ in made if c.interval]
    return Verdicts(
        question=f"{options.before_ms} against {after_ms} ms a token",
        right=verdicts[wanted],
        of=count,
        low=round(low, 4),
        high=round(high, 4),
        verdicts={verdict.value: number for verdict, number in verdicts.items()},
        interval_width_p50=round(quantile(widths, 0.5), 4),
        detectable_p50=round(quantile([c.detectable for c, _ in made if c.detectable is not None], 0.5), 4),
        requests_s_a_comparison=round(sum(took_s for _, took_s in made) / count, 1),
    )


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Interval of a share (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927)."""
    share, z2 = hits / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


async def _run(options: argparse.Namespace) -> tuple[list[Verdicts], float]:
    begun_s = time.monotonic()
    async with StandIn() as standin:
        rows = [
            await _all(standin, "power", options.after_ms, options.pairs, options),
            await _all(standin, "null", options.before_ms, options.null, options),
        ]
    return rows, time.monotonic() - begun_s


def _print(rows: list[Verdicts], took_s: float, options: argparse.Namespace) -> None:
    print(f"{options.samples} samples a job, {options.tokens} tokens a sample, jitter {options.jitter:.1%}\n")
    print(
        f"{'question':<34}{'right':>12}{'95 % interval':>18}{'interval p50':>14}{'detectable':>12}{'requests, s':>13}"
    )
    for row in rows:
        share = f"{row.low:.1%} to {row.high:.1%}"
        print(f"{row.question:<34}{f'{row.right} of {row.of}':>12}{share:>18}", end="")
        print(f"{row.interval_width_p50:>14.2%}{row.detectable_p50:>12.2%}{row.requests_s_a_comparison:>13.1f}")
        print(f"  {', '.join(f'{name}: {number}' for name, number in row.verdicts.items())}")
    print(f"\n{took_s:.0f} s in all, {options.at_once} comparisons at a time.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.power",
        description="How often a slowdown is found, and how often one that is not there.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pairs", type=int, default=100, help="comparisons of two speeds (%(default)s)")
    parser.add_argument("--null", type=int, default=200, help="comparisons of a thing with itself (%(default)s)")
    parser.add_argument("--samples", type=int, default=40, help="a job (%(default)s)")
    parser.add_argument("--before-ms", type=float, default=10.0, help="a token, before (%(default)s)")
    parser.add_argument("--after-ms", type=float, default=10.3, help="a token, after (%(default)s)")
    parser.add_argument("--ttft-ms", type=float, default=20.0, help="to the first token (%(default)s)")
    parser.add_argument("--tokens", type=int, default=64, help="a sample (%(default)s)")
    parser.add_argument("--jitter", type=float, default=0.015, help="spread from request to request (%(default)s)")
    parser.add_argument("--minimum-effect", type=float, default=0.0, help="least difference called one (%(default)s)")
    parser.add_argument("--at-once", type=int, default=32, help="comparisons at a time (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    machine = describe()
    rows, took_s = asyncio.run(_run(options))
    if options.json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows], "seconds": round(took_s, 1)}))
        return
    print(in_a_line(machine))
    _print(rows, took_s, options)


if __name__ == "__main__":
    main()
