"""What a person reads at the end of a run, in narrow and in wide terminals."""

import re

import pytest

from obt_client.cli.formats import as_csv
from obt_client.cli.report import report
from obt_core.environment import Condition
from obt_core.jobs import JobError, OutcomeStatus
from obt_core.results import Flag, Grade
from obt_core.runs import SavedRun
from obt_core.telemetry import Channel, EnergySource, Telemetry, Tick, Track

from .runs import a_job, a_run, a_sample, jitter

LONG = "registry.example.org/some-team/a-model-with-a-long-name:q4_K_M-2026"


def two_models() -> SavedRun:
    loads = jitter(500, 8)
    slow = a_job("medium:f16", jitter(32), loads, number=1)
    return a_run(slow, a_job(LONG, jitter(98), jitter(300, 8), number=2))


@pytest.mark.parametrize("width", [60, 80, 160])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_lost(width: int) -> None:
    lines = report(two_models(), width, "run.json")
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for told in ("medium:f16", "q4_K_M-2026", "decode tok/s", "TTFT", "TPOT", "load", "p90", "run.json", "clean"):
        assert told in text


def test_models_are_compared_with_the_first_in_sentences() -> None:
    text = " ".join(report(two_models(), 160))
    assert f"{LONG} decodes 3.0" in text or f"{LONG} decodes 3.1" in text
    assert "times as fast as medium:f16" in text
    assert "loads 1.6" in text or "loads 1.7" in text


def test_models_of_one_speed_are_said_to_be_that() -> None:
    run = a_run(a_job("a:latest", jitter(100), number=1), a_job("b:latest", jitter(100, seed=2), number=2))
    assert "b:latest and a:latest decode at the same speed: no difference was found" in " ".join(report(run, 160))


def test_the_error_bar_and_the_circumstances_stand_below() -> None:
    text = " ".join(report(two_models(), 160))
    assert "OBT's own error here with 1 stream: TTFT ≤ 31 µs p99, gap ≤ 21 µs p99 (kernel clock)." in text
    for told in ("bench-box", "Ryzen 9", "64.0 GiB", "RTX 4090", "Ollama 0.9.3", "on gpu", "suite short, seed 5"):
        assert told in text


def test_what_makes_numbers_doubtful_is_told() -> None:
    job = a_job(decode=[*jitter(100, 10), *jitter(97, 10), *jitter(90, 10)])
    stalled = [a_sample(100 + n, "chat", flags=(Flag.MODEL_RELOADED,), ttft_ms=40.0) for n in range(2)]
    text = " ".join(report(a_run(job.model_copy(update={"samples": (*job.samples, *stalled)})), 160))
    assert "disturbed: samples_left_out" in text
    assert "! chat: decode drifted by -" in text
    assert "! chat: 2 of 32 samples left out: 2 model_reloaded" in text


def test_a_machine_that_was_not_quiet_is_told_with_what_became_of_the_samples() -> None:
    job = a_job(decode=jitter(100, 12))
    hit = [a_sample(100 + n, "chat", flags=(Flag.FOREIGN_CPU_LOAD,), ttft_ms=90.0) for n in range(3)]
    text = " ".join(report(a_run(job.model_copy(update={"samples": (*job.samples, *hit)})), 160))
    assert "! chat: 3 of 15 samples disturbed (replaced): foreign_cpu_load" in text
    assert "clean" in text
    mostly = [a_sample(100 + n, "chat", flags=(Flag.FOREIGN_CPU_LOAD,), ttft_ms=90.0) for n in range(20)]
    text = " ".join(report(a_run(job.model_copy(update={"samples": (*job.samples, *mostly)})), 160))
    assert "! chat: 20 of 32 samples disturbed (counted, since most were): foreign_cpu_load" in text
    assert "disturbed: machine_not_quiet, foreign_cpu_load" in text


def test_conditions_and_energy_are_told() -> None:
    job = a_job(decode=jitter(100, 12))
    assert job.outcome.environment
    told = (
        Condition(code="on_battery", detail="61 % charged", weight=Grade.DISTURBED),
        Condition(code="offload_split"),
    )
    environment = job.outcome.environment.model_copy(update={"conditions": told, "idle_power_w": 20.0})
    outcome = job.outcome.model_copy(update={"environment": environment})
    last = max(sample.started_at for sample in job.samples)
    begun = min(sample.started_at for sample in job.samples)
    long_ms = 10_000.0
    samples = tuple(s.model_copy(update={"e2e_ms": long_ms, "generated_tokens": 100}) for s in job.samples)
    seconds = int((last - begun).total_seconds()) + 12
    channel = Channel(track=Track.ENERGY, device="gpu0", source=EnergySource.COUNTER)
    ticks = tuple(Tick(at_ms=1e3 * n, values=(150.0 * n,)) for n in range(seconds))
    series = Telemetry(started_at=begun, channels=(channel,), ticks=ticks)
    job = job.model_copy(update={"outcome": outcome, "samples": samples, "telemetry": series})
    text = " ".join(report(a_run(job), 200))
    assert "disturbed: on_battery" in text
    assert "! on battery: 61 % charged" in text
    assert "! offload split" in text
    assert re.search(r"- chat: [\d.]+ J per token, [\d.]+ J above idle, 150 W \(gpu0; counter\)", text), text
    rows = as_csv(a_run(job)).splitlines()
    assert any(",j_per_token," in row for row in rows)


def test_a_model_that_failed_is_told_with_its_error() -> None:
    error = JobError(code="model_not_found", message="a:latest is not installed")
    job = a_job(status=OutcomeStatus.FAILED, error=error).model_copy(update={"samples": ()})
    text = "\n".join(report(a_run(job), 80))
    assert "invalid: model_not_found" in text
    assert "! a:latest is not installed" in text
    assert "nothing was measured" in text
