"""A job on a machine that is not quiet."""

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from obt_client.bench.stop import StopSignal
from obt_client.ollama import Ollama
from obt_client.work import do_job
from obt_core.grading import grade
from obt_core.results import DISTURBING, Flag, Grade
from obt_core.statistics import summarize
from obt_core.telemetry import Track
from tests.fake_ollama import FakeOllama

from .builders import settings_of
from .jobs import HARDWARE, STEADY, Sink, a_job, a_suite


@pytest.fixture
def hogs() -> Generator[None]:
    """Every core is busy."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command) for _ in range(psutil.cpu_count() or 1)]
    yield
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="who listens at a port is told without rights on Linux only")
@pytest.mark.usefixtures("hogs")
async def test_a_job_beside_a_hog_is_disturbed_with_the_reason_and_its_telemetry_shows_it() -> None:
    suite, sink = a_suite(), Sink()
    async with FakeOllama([STEADY]) as fake:
        watched = settings_of(Path("unused"), ollama_url=fake.url, telemetry_interval_s=0.5)
        outcome = await do_job(
            a_job(suite),
            ollama=Ollama(fake.url),
            folder=sink,
            settings=watched,
            hardware=HARDWARE,
            on_progress=lambda _: None,
            stop=StopSignal(),
        )
    assert sink.counted
    assert all(Flag.FOREIGN_CPU_LOAD in sample.flags for sample in sink.counted)
    assert len(sink.counted) > suite.workloads[0].samples  # each was to be replaced
    summary = summarize(sink.samples, suite, telemetry=sink.telemetry)
    judged, reasons = grade(outcome, summary, len(sink.samples))
    assert (judged, reasons[:2]) == (Grade.DISTURBED, ["machine_not_quiet", "foreign_cpu_load"])
    assert sink.telemetry
    tracks = [channel.track for channel in sink.telemetry.channels]
    assert {Track.CPU, Track.FOREIGN_CPU, Track.OLLAMA_CPU, Track.MEMORY_USED} <= set(tracks)
    foreign = [tick.values[tracks.index(Track.FOREIGN_CPU)] for tick in sink.telemetry.ticks]
    assert max(value or 0.0 for value in foreign) > watched.guard_cpu_percent
    environment = outcome.environment
    assert environment
    assert [condition.code for condition in environment.conditions][:1] == ["cpu_busy_before"]
    assert not DISTURBING.intersection(flag for sample in sink.samples[:1] for flag in sample.flags)  # a warm-up
