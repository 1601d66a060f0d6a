"""Whether intervals cover and verdicts hold as often as they say: `python -m bench.statistics --help`."""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import fmean, median, stdev

from bench._machine import describe, in_a_line
from bench._medians import METHODS, RESAMPLES
from core.tests.statistics.draws import POPULATIONS, Population, machine
from obt_core.statistics import (
    Comparison,
    Verdict,
    bca_interval,
    compare,
    confidence_at_look,
    correlation,
    drift,
    looks,
    median_interval,
    precise_enough,
    rank_test,
    steps,
)
from obt_core.statistics.comparison import SIGNIFICANCE

_HELP = f"""\
Samples with a known median are drawn, over and over, and given to obt_core.statistics. Normal, lognormal, exponential
and bimodal ones are independent; "AR 0.5" are normal ones of which each correlates by 0.5 with the next. Tables:

  intervals   share of 95 % intervals that hold the true median, and their mean width in standard deviations, by method
              (the bootstraps take {RESAMPLES} resamples); "OBT" is what is reported, "interpolated" the same without
              its correction for serial correlation
  stopping    the same at the look where sampling stopped because the interval was within a target (in standard
              deviations), with the samples it took: OBT's looks, the same looks at 95 % each, a look at every sample
  verdicts    a thing compared with itself: false alarms of OBT's verdict, of its rank test alone without the
              correction for serial correlation, and of that test at 5 %; how often the interval of the difference holds
              0; false drift marks
  power       tokens that take 10 ms, with jitter and spikes that make a request vary by so much, against slower ones:
              slowdowns found, and what was called detectable
  steps       series at rest in which a step was found, and series with a step of 3 standard deviations in the middle
              where exactly one was found within two places of it
  speed       milliseconds a call and the ratio to a bootstrap of 2,000 resamples in the same run

The standard error of a share near 95 % is 0.7 points with 1,000 trials.

  python -m bench.statistics                                 all tables, about two minutes
  python -m bench.statistics --tables intervals --trials 5000 --sizes 6,7,8,9,10,15,20,30,50,100
"""

Row = dict[str, str | float | None]
_DIFFERENT = {Verdict.FASTER, Verdict.SLOWER}


def intervals(trials: int, sizes: list[int], chance: random.Random) -> Iterator[Row]:
    """Coverage and width by population, size and method."""
    for name, population in POPULATIONS.items():
        for n in sizes:
            drawn = [population.draw(chance, n) for _ in range(trials)]
            found = {method: [way(values) for values in drawn] for method, way in METHODS.items()}
            row: Row = {"samples": name, "n": n}
            for method, ends in found.items():
                there = [end for end in ends if end is not None]
                covered = sum(low <= population.median <= high for low, high in there)
                row[method] = round(covered / trials, 4) if there else None
                row[f"{method}, width"] = (
                    round(fmean(high - low for low, high in there) / population.scale, 3) if there else None
                )
            yield row


def _stops(population: Population, values: list[float], target: float, schedule: list[int], level: float) -> int:
    relative = target * population.scale / population.median
    return next((n for n in schedule if precise_enough(values[:n], relative, level)), schedule[-1])


def stopping(trials: int, _sizes: list[int], chance: random.Random) -> Iterator[Row]:
    """Coverage where sampling stopped."""
    schedule = looks(10, 60)
    rules = {
        "OBT": (list(schedule), confidence_at_look(len(schedule))),
        "looks at 95 %": (list(schedule), 0.95),
        "every sample": (list(range(6, 61)), 0.95),
    }
    for name, population in POPULATIONS.items():
        for target in (0.8, 0.5, 0.35):
            row: Row = {"samples": name, "target": target}
            drawn = [population.draw(chance, schedule[-1]) for _ in range(trials)]
            for rule, (counts, level) in rules.items():
                taken = [values[: _stops(population, values, target, counts, level)] for values in drawn]
                held = [median_interval(values, confidence=level) for values in taken]
                covered = sum(one is not None and one.low <= population.median <= one.high for one in held)
                row[rule] = round(covered / trials, 4)
                row[f"{rule}, n"] = round(fmean(map(len, taken)), 1)
            yield row


def verdicts(trials: int, sizes: list[int], chance: random.Random) -> Iterator[Row]:
    """A thing compared with itself."""
    for name, population in POPULATIONS.items():
        for n in sizes:
            pairs = [(population.draw(chance, n), population.draw(chance, n)) for _ in range(trials)]
            found = [compare(before, after, higher_is_better=False) for before, after in pairs]
            alone = [rank_test(before, after).p_value for before, after in pairs]
            moved = [drift(before) for before, _ in pairs]
            yield {
                "samples": name,
                "n": n,
                "OBT": _share(one.verdict in _DIFFERENT for one in found),
                "rank test": _share(p_value <= SIGNIFICANCE for p_value in alone),
                "at 5 %": _share(p_value <= 0.05 for p_value in alone),
                "0 in interval": _share(_holds_zero(one) for one in found),
                "correlation": round(fmean(correlation(before, after) for before, after in pairs), 3),
                "drift": _share(one is not None and one.is_real for one in moved),
            }


def _holds_zero(one: Comparison) -> bool:
    return one.interval is not None and one.interval.low <= 0 <= one.interval.high


def _share(hits: Iterator[bool]) -> float:
    found = list(hits)
    return round(sum(found) / len(found), 4)


def power(trials: int, _sizes: list[int], chance: random.Random) -> Iterator[Row]:
    """Slowdowns of a machine with jitter and spikes."""
    machines = {
        "calm": partial(machine, jitter=0.1, spikes=0.0),
        "usual": machine,
        "rough": partial(machine, jitter=0.2, spikes=0.003, spike_ms=30.0),
    }
    for name, build in machines.items():
        before = build(10.0)
        varies = round(stdev(before(chance, 1_000)) / 10.0, 4)
        for n in (10, 20, 25, 30):
            found = [_found(before, before, n, chance) for _ in range(trials)]
            row: Row = {
                "machine": name,
                "varies": varies,
                "n": n,
                "itself": _share(one.verdict in _DIFFERENT for one in found),
            }
            for slower in (0.01, 0.02, 0.03, 0.05):
                after = build(10.0 * (1 + slower))
                hits = (_found(before, after, n, chance).verdict is Verdict.SLOWER for _ in range(trials))
                row[f"+{slower:.0%}"] = _share(hits)
            seen = [one.detectable for one in found if one.detectable is not None]
            yield {**row, "detectable": round(median(seen), 4) if seen else None}


def _found(
    before: Callable[..., list[float]], after: Callable[..., list[float]], n: int, chance: random.Random
) -> Comparison:
    return compare(before(chance, n), after(chance, n), higher_is_better=False)


def trends(trials: int, _sizes: list[int], chance: random.Random) -> Iterator[Row]:
    """Series of results, at rest and with one step."""
    for name, population in POPULATIONS.items():
        for n in (10, 20, 40, 80):
            at_rest = _share(bool(steps(population.draw(chance, n))) for _ in range(trials))
            hits = 0
            for _ in range(trials):
                values = population.draw(chance, n)
                found = steps([*values[: n // 2], *(value + 3 * population.scale for value in values[n // 2 :])])
                hits += len(found) == 1 and abs(found[0].index - n // 2) <= 2
            yield {"samples": name, "n": n, "at rest": at_rest, "one step found": round(hits / trials, 4)}


def speed(_trials: int, _sizes: list[int], chance: random.Random) -> Iterator[Row]:
    """What the client pays between two samples."""
    for n in (10, 20, 50, 200, 1_000):
        values, others = ([chance.gauss(100, 1) for _ in range(n)] for _ in range(2))
        interval = _ms(lambda values=values: median_interval(values))
        resampled = _ms(lambda values=values: bca_interval(values, median), times=1)
        yield {
            "n": n,
            "median_interval, ms": round(interval, 4),
            "bca_interval, ms": round(resampled, 1),
            "ratio": round(resampled / interval),
            "compare, ms": round(_ms(lambda a=values, b=others: compare(a, b, higher_is_better=True), times=3), 2),
            "steps, ms": round(_ms(lambda values=values: steps(values), times=1), 1) if n <= 200 else None,
        }


def _ms(call: Callable[[], object], times: int = 20) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - begun) / times * 1e3


TABLES = {
    "intervals": intervals,
    "stopping": stopping,
    "verdicts": verdicts,
    "power": power,
    "steps": trends,
    "speed": speed,
}


def _print_row(row: Row, *, header: bool) -> None:
    widths = [max(8, len(name) + 2) if place else 14 for place, name in enumerate(row)]
    if header:
        print("".join(f"{name:>{width}}" for name, width in zip(row, widths, strict=True)))
    cells = ("-" if value is None else str(value) for value in row.values())
    print("".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.statistics",
        description="Coverage of intervals, error rates of verdicts and their power, by simulation.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--tables", default=",".join(TABLES), help="which, separated by commas (%(default)s)")
    parser.add_argument("--trials", type=int, default=500, help="draws a cell (%(default)s)")
    parser.add_argument("--sizes", default="7,10,20,30,50", help="sample sizes (%(default)s)")
    parser.add_argument("--seed", type=int, default=20_261, help="of the draws (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def main() -> None:
    """Simulate and print."""
    parser = _parser()
    options = parser.parse_args()
    names = options.tables.split(",")
    if unknown := set(names) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    sizes = [int(size) for size in options.sizes.split(",")]
    found = {name: TABLES[name](options.trials, sizes, random.Random(options.seed)) for name in names}
    if options.json:
        tables = {name: list(rows) for name, rows in found.items()}
        print(json.dumps({"machine": describe(), "trials": options.trials, "tables": tables}))
        return
    print(f"{in_a_line(describe())}\n{options.trials} trials a cell, seed {options.seed}")
    for name, rows in found.items():
        print(f"\n{name}")
        for place, row in enumerate(rows):
            _print_row(row, header=not place)


if __name__ == "__main__":
    main()
