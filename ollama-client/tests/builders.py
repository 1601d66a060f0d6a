"""Things that tests hold in their hands."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from obt_client.config import Settings
from obt_core.jobs import JobOutcome, OutcomeStatus
from obt_core.results import ClockSource, EndReason, Sample, SampleRole
from obt_core.telemetry import Channel, Telemetry, TelemetryBatch, Tick, Track

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def settings_of(data_dir: Path, **fields: Any) -> Settings:
    """Settings that neither the environment's OBT_ variables nor a file `.env` of the developer changes."""
    told = {"server_url": "http://127.0.0.1:1", "ollama_url": "http://127.0.0.1:1", "heartbeat_interval_s": 1.0}
    told |= {"telemetry_interval_s": 0, "quiet_wait_s": 0}  # the tests' machine is never quiet
    return Settings(_env_file=None, **{"client_data_dir": data_dir, **told, **fields})  # pyright: ignore[reportCallIssue]


def a_sample(number: int, **fields: Any) -> Sample:
    """A sample with nothing special about it."""
    told: dict[str, Any] = {
        "workload": "chat",
        "role": SampleRole.MEASURED,
        "end": EndReason.LENGTH,
        "clock": ClockSource.KERNEL,
    }
    return Sample(number=number, started_at=NOW, **{**told, **fields})


def some_ticks(first: int, count: int) -> TelemetryBatch:
    """So many ticks of a job's telemetry, its processor's load its number."""
    ticks = tuple(Tick(at_ms=1e3 * number, values=(float(number),)) for number in range(first, first + count))
    series = Telemetry(started_at=NOW, channels=(Channel(track=Track.CPU),), ticks=ticks)
    return TelemetryBatch(first=first, telemetry=series)


def an_outcome(sample_count: int) -> JobOutcome:
    """A job that was completed."""
    return JobOutcome(status=OutcomeStatus.COMPLETED, sample_count=sample_count, started_at=NOW, ended_at=NOW)
