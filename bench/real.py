"""How far OBT's verdicts on a real Ollama can be relied on: `python -m bench.real --help`."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench._machine import describe, in_a_line
from dev.make_gguf import Quant, Size
from dev.random_models import DEMO_MODELS, ensure_models, model_name
from dev.real_ollama import serving
from obt_core.runs import MeasuredJob, SavedRun, parse_run
from obt_core.statistics import Comparison, Verdict, compare, drift, median_interval
from obt_core.suites import Metric
from obt_core.values import counted_values

_HELP = """\
A real Ollama with models of random weights is measured again and again by `obt-client bench`, each time as a user
would run it, and its verdicts are counted:

  --pairs 15     F16 against Q8_0 of one model in one run each: Q8_0 decodes faster, by far
  --same 30      one model by itself: each of so many runs against the one before it
  --hog          all of it beside a load on every core that comes and goes: what becomes of interval, drift mark,
                 grade and verdict

The machine must be quiet otherwise. Install the Ollama first: python3 -m dev.real_ollama
"""
F16, Q8_0 = model_name(Size.MEDIUM, Quant.F16), model_name(Size.MEDIUM, Quant.Q8_0)
_SUITE = """\
name = "decode"
title = "Decode"
blocks = 1

[options]
num_ctx = 512

[[workloads]]
name = "chat"
prompt = { kind = "text", text = "Hello." }
generate_tokens = 24
precision = { metric = "decode_tokens_per_s", within = 0.03, samples_min = 8 }
samples = 16
budget_s = 40
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One comparison. `width`: of the interval of the relative difference of medians."""

    verdict: str
    relative: float | None
    width: float | None
    detectable: float | None
    samples: tuple[int, int]
    drift: tuple[float | None, float | None]
    half_widths: tuple[float | None, float | None]
    flagged: int
    took_s: float


def _run(url: str, folder: Path, *models: str) -> tuple[SavedRun, float]:
    """One run of `obt-client bench`, and how long it took."""
    suite, saved = folder / "decode.toml", folder / "run.json"
    suite.write_text(_SUITE)
    begun_s = time.monotonic()
    command = [sys.executable, "-m", "obt_client", "bench", *models, "--suite", str(suite), "--ollama", url]
    done = subprocess.run([*command, "--output", str(saved), "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"obt-client bench ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    found = parse_run(saved.read_bytes())
    saved.unlink()
    return found, time.monotonic() - begun_s


def _rates(job: MeasuredJob) -> list[float]:
    return counted_values([sample for sample in job.samples if sample.workload == "chat"], Metric.DECODE)


def _seen(before: MeasuredJob, after: MeasuredJob, took_s: float) -> Seen:
    rates = _rates(before), _rates(after)
    found: Comparison = compare(*rates, higher_is_better=True)
    moved = [drift(values) for values in rates]
    halves = [median_interval(values) for values in rates]
    middles = [sorted(values)[len(values) // 2] if values else 1.0 for values in rates]
    widths = [(i.high - i.low) / 2 / middle if i else None for i, middle in zip(halves, middles, strict=True)]
    return Seen(
        verdict=found.verdict.value,
        relative=found.relative,
        width=found.interval.high - found.interval.low if found.interval else None,
        detectable=found.detectable,
        samples=(len(rates[0]), len(rates[1])),
        drift=(_marked(moved[0]), _marked(moved[1])),
        half_widths=(widths[0], widths[1]),
        flagged=sum(bool(sample.flags) for job in (before, after) for sample in job.samples),
        took_s=round(took_s, 1),
    )


def _marked(found: object) -> float | None:
    return getattr(found, "relative", None) if getattr(found, "is_real", False) else None


def pairs(url: str, folder: Path, count: int) -> list[Seen]:
    """F16 against Q8_0, in one run each."""
    rows = list[Seen]()
    for _ in range(count):
        run, took_s = _run(url, folder, F16, Q8_0)
        jobs = {job.model.name.removesuffix(":latest"): job for job in run.jobs}
        rows.append(_seen(jobs[F16.removesuffix(":latest")], jobs[Q8_0.removesuffix(":latest")], took_s))
        _tell(f"pair {len(rows)} of {count}", rows[-1])
    return rows


def same(url: str, folder: Path, count: int) -> list[Seen]:
    """Q8_0 against itself: every run against the one before."""
    rows = list[Seen]()
    before, _ = _run(url, folder, Q8_0)
    for _ in range(count):
        after, took_s = _run(url, folder, Q8_0)
        rows.append(_seen(before.jobs[0], after.jobs[0], took_s))
        before = after
        _tell(f"same {len(rows)} of {count}", rows[-1])
    return rows


def _tell(what: str, row: Seen) -> None:
    print(f"{what}: {row.verdict} {row.relative or 0:+.2%}, {row.took_s} s", file=sys.stderr, flush=True)


@contextmanager
def hog(wanted: bool) -> Generator[None]:
    """Load every core for one to four seconds, then leave it alone for as long, again and again."""
    burn = "import random,time\nwhile True:\n e=time.time()+random.uniform(1,4)\n while time.time()<e: pass\n"
    burn += " time.sleep(random.uniform(1,4))"
    running = [subprocess.Popen([sys.executable, "-c", burn]) for _ in range(2 if wanted else 0)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def _summary(rows: list[Seen], right: Verdict) -> dict[str, object]:
    def middle(values: list[float]) -> float | None:
        return round(sorted(values)[len(values) // 2], 4) if values else None

    return {
        "right": sum(row.verdict == right for row in rows),
        "of": len(rows),
        "relative_p50": middle([row.relative for row in rows if row.relative is not None]),
        "relative_largest": max((abs(row.relative) for row in rows if row.relative is not None), default=None),
        "interval_width_p50": middle([row.width for row in rows if row.width is not None]),
        "half_width_p50": middle([half for row in rows for half in row.half_widths if half is not None]),
        "detectable_p50": middle([row.detectable for row in rows if row.detectable is not None]),
        "drift_marks": sum(mark is not None for row in rows for mark in row.drift),
        "samples_p50": middle([float(count) for row in rows for count in row.samples]),
        "flagged_samples": sum(row.flagged for row in rows),
        "seconds_a_run_p50": middle([row.took_s for row in rows]),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.real",
        description="OBT's verdicts on a real Ollama, again and again.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pairs", type=int, default=15, help="runs of F16 against Q8_0 (%(default)s)")
    parser.add_argument("--same", type=int, default=30, help="comparisons of Q8_0 with itself (%(default)s)")
    parser.add_argument("--hog", action="store_true", help="beside a load that comes and goes")
    parser.add_argument("--json", action="store_true", help="print every comparison as JSON")
    return parser


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    machine = describe()
    found = dict[str, tuple[list[Seen], Verdict]]()
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        ensure_models(url, DEMO_MODELS, lambda line: print(line, file=sys.stderr))
        with hog(options.hog):
            if options.pairs:
                found["F16 against Q8_0"] = pairs(url, Path(folder), options.pairs), Verdict.FASTER
            if options.same:
                found["Q8_0 against itself"] = same(url, Path(folder), options.same), Verdict.NO_DIFFERENCE_FOUND
    summaries = {name: _summary(rows, right) for name, (rows, right) in found.items()}
    if options.json:
        rows = {name: [asdict(row) for row in rows] for name, (rows, _) in found.items()}
        print(json.dumps({"machine": machine, "summaries": summaries, "rows": rows}))
        return
    print(in_a_line(machine))
    for name, summary in summaries.items():
        print(f"\n{name}{' beside a load that comes and goes' if options.hog else ''}")
        for key, value in summary.items():
            print(f"  {key.replace('_', ' '):<22}{value}")


if __name__ == "__main__":
    main()
