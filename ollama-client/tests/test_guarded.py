"""A job on a machine that is not quiet."""

import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from obt_client.bench.stop import StopSignal
from obt_client.ollama import Ollama
from obt_client.work import do_job
from obt_core.environment import Condition
from obt_core.grading import grade
from obt_core.jobs import JobOutcome
from obt_core.results import DISTURBING, Flag, Grade
from obt_core.statistics import summarize
from obt_core.suites import Suite
from obt_core.telemetry import Track
from tests.fake_ollama import FakeModel, FakeOllama

from .builders import settings_of
from .jobs import HARDWARE, STEADY, Sink, a_job, a_suite

LIMIT_PERCENT = 10.0


async def watched(suite: Suite, model: FakeModel, sink: Sink, **settings: float) -> JobOutcome:
    """Do a job while the machine is watched, from the first look to the outcome."""
    async with FakeOllama([model]) as fake:
        told = settings_of(Path("unused"), **{"ollama_url": fake.url, "telemetry_interval_s": 0.5, **settings})
        return await do_job(
            a_job(suite, model),
            ollama=Ollama(fake.url),
            folder=sink,
            settings=told,
            hardware=HARDWARE,
            on_progress=lambda _: None,
            stop=StopSignal(),
        )


@pytest.fixture
def hogs() -> Generator[None]:
    """Every core is busy from the first line of the test on, with what is nobody's child here: ours is not foreign."""
    running = [_orphan() for _ in range(psutil.cpu_count() or 1)]
    try:
        while any(process.cpu_times().user < 0.1 for process in running):
            time.sleep(0.01)
        yield
    finally:
        for process in running:
            process.kill()


def _orphan() -> psutil.Process:
    """A hog whose parent has ended."""
    command = ["sh", "-c", '"$0" -c "while True: pass" >/dev/null 2>&1 & echo $!', sys.executable]
    return psutil.Process(int(subprocess.run(command, check=True, capture_output=True).stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="who listens at a port is told without rights on Linux only")
@pytest.mark.usefixtures("hogs")
async def test_a_job_beside_a_hog_is_disturbed_with_the_reason_and_its_telemetry_shows_it() -> None:
    suite, sink = a_suite(), Sink()
    outcome = await watched(suite, STEADY, sink, guard_cpu_percent=LIMIT_PERCENT)
    assert sink.counted
    hit = [sample for sample in sink.counted if Flag.FOREIGN_CPU_LOAD in sample.flags]
    assert len(hit) > 0.8 * len(sink.counted)
    assert len(sink.counted) > suite.workloads[0].samples  # each was to be replaced
    summary = summarize(sink.samples, suite, telemetry=sink.telemetry)
    judged, reasons = grade(outcome, summary, len(sink.samples))
    assert (judged, reasons[:2]) == (Grade.DISTURBED, ["machine_not_quiet", "foreign_cpu_load"])
    assert sink.telemetry
    tracks = [channel.track for channel in sink.telemetry.channels]
    assert {Track.CPU, Track.FOREIGN_CPU, Track.OLLAMA_CPU, Track.MEMORY_USED} <= set(tracks)
    foreign = [tick.values[tracks.index(Track.FOREIGN_CPU)] for tick in sink.telemetry.ticks]
    assert max(value or 0.0 for value in foreign) > LIMIT_PERCENT
    environment = outcome.environment
    assert environment
    assert [condition.code for condition in environment.conditions][:1] == ["cpu_busy_before"]
    assert not DISTURBING.intersection(flag for sample in sink.samples[:1] for flag in sample.flags)  # a warm-up


async def test_a_model_that_half_fits_has_its_own_series_and_is_shown_as_that() -> None:
    suite, sink = a_suite(), Sink()
    outcome = await watched(suite, replace(STEADY, vram_share=0.62), sink, guard_cpu_percent=100)
    environment = outcome.environment
    assert environment
    assert environment.offload_class() == "split"
    assert Condition(code="offload_split", detail="62 % in GPU memory") in environment.conditions
    judged, reasons = grade(outcome, summarize(sink.samples, suite), len(sink.samples))
    assert (judged, reasons) == (Grade.CLEAN, [])


async def test_a_job_that_is_not_watched_has_no_telemetry_and_no_such_flags() -> None:
    suite, sink = a_suite(), Sink()
    outcome = await watched(suite, STEADY, sink, telemetry_interval_s=0)
    assert sink.telemetry is None
    assert not any(DISTURBING.intersection(sample.flags) for sample in sink.samples)
    assert outcome.environment
    assert outcome.environment.idle_power_w is None


@pytest.mark.skipif(sys.platform != "linux", reason="who listens at a port is told without rights on Linux only")
@pytest.mark.usefixtures("hogs")
async def test_a_sample_that_ends_before_anything_was_read_twice_is_judged_all_the_same() -> None:
    suite, sink = a_suite(warmup_max=1), Sink()
    await watched(suite, replace(STEADY, ttft_ms=0.5, interval_ms=0.1), sink, telemetry_interval_s=30)
    assert Flag.FOREIGN_CPU_LOAD in sink.counted[0].flags
