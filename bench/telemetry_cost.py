"""What telemetry costs the speed that is measured: `python -m bench.telemetry_cost --help`."""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench._command import watch
from bench._machine import describe, in_a_line
from dev.make_gguf import Quant, Size
from dev.random_models import DEMO_MODELS, ensure_models, model_name
from dev.real_ollama import PROGRAM, serving
from obt_client.bench.standin.asked import Times
from obt_client.bench.standin.process import StandIn
from obt_core.runs import MeasuredJob, parse_run
from obt_core.statistics import median_interval
from obt_core.suites import Metric
from obt_core.values import counted_values

_HELP = """\
`obt-client bench` measures one model again and again, telemetry on (a reading a second) and off by turns; which of a
pair comes first changes. Printed is, pair by pair, the median speed with telemetry over that without:

  decode    tokens a second by Ollama's own clock (a stand-in's is its schedule, and says nothing)
  flow      1 / TPOT: the same by our stamps

1 is no difference; below it telemetry costs. With it the median of the pairs and its 95 % interval (order statistics;
from six pairs on). The stand-in keeps to its schedule, whatever else the machine does: it shows what telemetry costs
our stamps. The real Ollama (CPU only), where it is installed (python3 -m dev.real_ollama), needs every core, and shows
what telemetry costs it. The guard is off in both, so that no sample is left out for what the machine does.

  python -m bench.telemetry_cost               ten pairs each
  python -m bench.telemetry_cost --pairs 6 --engines standin
"""
_SUITE = """\
name = "decode"
title = "Decode"
blocks = 1

[options]
num_ctx = 512

[[workloads]]
name = "chat"
prompt = { kind = "text", text = "Hello." }
generate_tokens = 128
samples = 8
budget_s = 60
"""
_FIGURES = {"decode": (Metric.DECODE, 1), "flow": (Metric.TPOT, -1)}
_OF_ENGINE = {"standin": ("flow",), "ollama": ("decode", "flow")}
_RUN_LIMIT_S = 300.0
_ALWAYS = {"OBT_GUARD_CPU_PERCENT": "100", "OBT_GUARD_GPU_PERCENT": "100", "OBT_QUIET_WAIT_S": "0"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Ratios pair by pair; `low` to `high`: 95 % interval of their median, None of too few pairs."""

    engine: str
    figure: str
    ratios: tuple[float, ...]
    median: float
    low: float | None
    high: float | None
    ticks: int
    """Of telemetry, in all runs that had it."""


async def _run(url: str, model: str, folder: Path, interval_s: float) -> MeasuredJob:
    """One run of `obt-client bench`. Raises CommandError."""
    suite, saved = folder / "decode.toml", folder / "run.json"
    suite.write_text(_SUITE)
    command = [sys.executable, "-m", "obt_client", "bench", model, "--suite", suite, "--ollama", url, "--quiet"]
    env = {**os.environ, **_ALWAYS, "OBT_TELEMETRY_INTERVAL_S": f"{interval_s:g}"}
    await watch([*command, "--output", saved], log=folder / "log", timeout_s=_RUN_LIMIT_S, env=env)
    run = parse_run(saved.read_bytes())
    saved.unlink()
    return run.jobs[0]


def _speed(job: MeasuredJob, metric: Metric, power: int) -> float | None:
    """None where no sample counts: on a machine that is much too busy our own process stands still."""
    values = counted_values(job.samples, metric)
    return statistics.median(values) ** power if values else None


async def costs(engine: str, url: str, model: str, pairs: int, folder: Path) -> list[Cost]:
    """Measure by turns, and compare pair by pair."""
    ratios: dict[str, list[float]] = {figure: [] for figure in _OF_ENGINE[engine]}
    ticks = 0
    for number in range(pairs):
        jobs: dict[float, MeasuredJob] = {}
        for interval_s in (1.0, 0.0) if number % 2 else (0.0, 1.0):
            jobs[interval_s] = await _run(url, model, folder, interval_s)
        told = jobs[1.0].telemetry
        ticks += len(told.ticks) if told else 0
        for figure, values in ratios.items():
            metric, power = _FIGURES[figure]
            speeds = [_speed(jobs[interval_s], metric, power) for interval_s in (1.0, 0.0)]
            if speeds[0] and speeds[1]:
                values.append(speeds[0] / speeds[1])
        last = ", ".join(f"{figure} {values[-1]:.4f}" for figure, values in ratios.items() if values)
        print(f"{engine}, pair {number + 1} of {pairs}: {last}", file=sys.stderr, flush=True)
    if missing := [figure for figure, values in ratios.items() if not values]:
        print(f"{engine}: no samples that count for {', '.join(missing)}: the machine is too busy", file=sys.stderr)
    return [_cost(engine, figure, values, ticks) for figure, values in ratios.items() if values]


def _cost(engine: str, figure: str, ratios: list[float], ticks: int) -> Cost:
    interval = median_interval(ratios, rho=0.0)
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Cost(engine, figure, tuple(ratios), statistics.median(ratios), low, high, ticks)


@asynccontextmanager
async def _engine(name: str) -> AsyncGenerator[tuple[str, str], None]:
    """Where an engine listens, and the model to measure there."""
    if name == "standin":
        async with StandIn() as standin:
            yield standin.url, Times(tokens=128).model
        return
    with serving() as url:
        await asyncio.to_thread(ensure_models, url, DEMO_MODELS, lambda line: print(line, file=sys.stderr))
        yield url, model_name(Size.MEDIUM, Quant.Q8_0)


async def _measured(engines: list[str], pairs: int) -> list[Cost]:
    rows: list[Cost] = []
    with tempfile.TemporaryDirectory() as name:
        for engine in engines:
            async with _engine(engine) as (url, model):
                rows += await costs(engine, url, model, pairs, Path(name))
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.telemetry_cost",
        description="Measured speed with telemetry over measured speed without.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engines", default="standin,ollama", help="of standin, ollama (%(default)s)")
    parser.add_argument("--pairs", type=int, default=10, help="of runs of each engine (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def _print(rows: list[Cost]) -> None:
    print(f"\n{'engine':<10}{'figure':<8}{'pairs':>6}{'on / off':>10}{'95 % interval':>20}{'ticks':>8}")
    for row in rows:
        interval = "-" if row.low is None or row.high is None else f"{row.low:.4f} to {row.high:.4f}"
        print(f"{row.engine:<10}{row.figure:<8}{len(row.ratios):>6}{row.median:>10.4f}{interval:>20}{row.ticks:>8}")


def main() -> None:
    """Measure and print."""
    parser = _parser()
    options = parser.parse_args()
    wanted = options.engines.split(",")
    if unknown := set(wanted) - set(_OF_ENGINE):
        parser.error(f"no such engine: {', '.join(sorted(unknown))}")
    if "ollama" in wanted and not PROGRAM.exists():
        print("the real Ollama is not installed, left out (python3 -m dev.real_ollama)", file=sys.stderr)
        wanted.remove("ollama")
    machine, rows = describe(), asyncio.run(_measured(wanted, options.pairs))
    if options.json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}))
        return
    print(in_a_line(machine))
    _print(rows)


if __name__ == "__main__":
    main()
