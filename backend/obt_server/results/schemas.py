"""A result as a browser sees it."""

from datetime import datetime
from uuid import UUID

from obt_core.environment import Environment
from obt_core.hardware import HardwareSnapshot
from obt_core.jobs import JobError, JobStatus
from obt_core.results import Estimate, Grade, Metric, Sample, Summary
from obt_core.suites import Suite
from obt_core.wire import WireModel


class ResultView(WireModel):
    """One result in a list. `reasons` are the codes behind its grade. `series` is equal for results of one story."""

    id: UUID
    session_id: UUID
    client_id: str
    client_name: str
    model: str
    model_digest: str
    quantization: str | None
    suite_name: str
    suite_hash: str
    series: str
    status: JobStatus
    grade: Grade
    reasons: list[str]
    started_at: datetime
    ended_at: datetime
    sample_count: int
    headline: dict[Metric, Estimate]


class Results(WireModel):
    """A page of results, newest first. `next` asks for the page after it."""

    results: list[ResultView]
    next: str | None


class ResultDetail(ResultView):
    """All that is known of one result, every sample included.

    `notes` are the client's own remarks. `telemetry_ticks` tells how much telemetry there is, by the job's own route.
    """

    summary: Summary
    environment: Environment | None
    hardware: HardwareSnapshot | None
    suite: Suite
    error: JobError | None
    notes: list[str]
    telemetry_ticks: int
    samples: list[Sample]
