"""One job's folder in the outbox: its spec, its samples and telemetry as they are taken, its outcome."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from obt_client.agent.line_file import LineFile
from obt_core.jobs import JobError, JobOutcome, JobSpec, OutcomeStatus
from obt_core.results import Sample
from obt_core.telemetry import TelemetryBatch
from obt_core.wire import Message, UtcDatetime, WireModel

log = structlog.get_logger()
JOB_FILE, SAMPLES_FILE, TELEMETRY_FILE = "job.json", "samples.ndjson", "telemetry.ndjson"
OUTCOME_FILE = "outcome.json"


class StoredJob(WireModel):
    """The content of job.json."""

    spec: JobSpec
    claimed_at: UtcDatetime


class Refusal(WireModel):
    """The content of refused.json: what the server said."""

    refused_at: UtcDatetime
    status: int
    code: str
    detail: Message


class JobFolder:
    """One job's samples on disk, and its outcome once it has one."""

    def __init__(self, path: Path, job: StoredJob, news: asyncio.Event) -> None:
        self.path, self.job, self._news = path, job, news
        self.outcome: JobOutcome | None = None
        self.refusal: Refusal | None = None
        self.samples_taken = 0
        self.last_number = 0
        self._samples, self._telemetry = LineFile(path / SAMPLES_FILE), LineFile(path / TELEMETRY_FILE)
        self._fresh: list[bytes] = []
        self._fresh_ticks: list[bytes] = []

    @property
    def spec(self) -> JobSpec:
        """What is to be measured."""
        return self.job.spec

    @property
    def undelivered(self) -> tuple[bytes, ...]:
        """The samples that the server has not acknowledged yet, as JSON, in their order."""
        return tuple(self._fresh)

    @property
    def undelivered_ticks(self) -> tuple[bytes, ...]:
        """The batches of telemetry that the server has not acknowledged yet, as JSON, in their order."""
        return tuple(self._fresh_ticks)

    def delivered(self, count: int) -> None:
        """Forget the first `count` undelivered samples: the server has them."""
        del self._fresh[:count]

    def ticks_delivered(self, count: int) -> None:
        """Forget the first `count` undelivered batches of telemetry."""
        del self._fresh_ticks[:count]

    async def append(self, sample: Sample) -> None:
        """Store a sample for good. Raises OutboxFullError; what was stored before stays whole."""
        line = sample.model_dump_json().encode()
        await asyncio.to_thread(self._samples.append, line)
        self._count(sample, line)
        self._news.set()

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        """Store ticks of the job's telemetry. Raises OutboxFullError."""
        line = batch.model_dump_json().encode()
        await asyncio.to_thread(self._telemetry.append, line)
        self._fresh_ticks.append(line)
        self._news.set()

    def _count(self, sample: Sample, line: bytes) -> None:
        self.samples_taken += 1
        self.last_number = max(self.last_number, sample.number)
        self._fresh.append(line)

    async def resend_all(self) -> None:
        """Take every stored sample as undelivered again: the server says that it misses some."""
        try:
            await asyncio.to_thread(self.load)
        except OSError as error:
            log.warning("samples_unreadable", job_id=str(self.spec.job_id), reason=str(error))

    def load(self) -> None:
        """Read what is stored; a last line that a crash cut is dropped, and said. Raises OSError."""
        self.samples_taken = self.last_number = 0
        self._fresh = []
        for line in self._lines_of(self._samples):
            try:
                self._count(Sample.model_validate_json(line), line)
            except ValidationError:
                log.warning("damaged_sample_dropped", job_id=str(self.spec.job_id), bytes=len(line))
        self._fresh_ticks = self._lines_of(self._telemetry)
        self._load_outcome()

    def _lines_of(self, file: LineFile) -> list[bytes]:
        lines, torn = file.load()
        if torn:
            log.warning("torn_line_dropped", job_id=str(self.spec.job_id), file=file.path.name, bytes=torn)
        return lines

    def _load_outcome(self) -> None:
        path = self.path / OUTCOME_FILE
        if self.outcome is None and path.exists():
            try:
                self.outcome = JobOutcome.model_validate_json(path.read_bytes())
            except ValidationError:
                log.warning("damaged_outcome_dropped", job_id=str(self.spec.job_id))

    def cut_outcome(self) -> JobOutcome:
        """Return how a job ended whose client was cut off: failed, with the samples that were stored."""
        path = self.path / SAMPLES_FILE
        last = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else self.job.claimed_at
        return self.failed("client_restarted", "The client was restarted while it measured.", last)

    def failed(self, code: str, message: str, ended_at: datetime) -> JobOutcome:
        """Return the outcome of a job that ended outside of its measuring, with the samples that were stored."""
        return JobOutcome(
            status=OutcomeStatus.FAILED,
            sample_count=self.samples_taken,
            started_at=self.job.claimed_at,
            ended_at=max(ended_at, self.job.claimed_at),
            error=JobError(code=code, message=message[:4_000]),
        )
