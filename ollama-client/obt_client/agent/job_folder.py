"""One job's folder in the outbox: its spec, its samples as they are taken, its outcome."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from obt_client.files import sync_dir
from obt_core.jobs import JobError, JobOutcome, JobSpec, OutcomeStatus
from obt_core.results import Sample
from obt_core.wire import Message, UtcDatetime, WireModel

log = structlog.get_logger()
JOB_FILE, SAMPLES_FILE, OUTCOME_FILE = "job.json", "samples.ndjson", "outcome.json"
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
"""O_BINARY: Windows would write another end of line."""


class OutboxFullError(OSError):
    """The disk takes nothing more: full, over quota, read-only or broken."""


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
        self._size = 0
        self._fresh: list[bytes] = []

    @property
    def spec(self) -> JobSpec:
        """What is to be measured."""
        return self.job.spec

    @property
    def undelivered(self) -> tuple[bytes, ...]:
        """The samples that the server has not acknowledged yet, as JSON, in their order."""
        return tuple(self._fresh)

    def delivered(self, count: int) -> None:
        """Forget the first `count` undelivered samples: the server has them."""
        del self._fresh[:count]

    async def append(self, sample: Sample) -> None:
        """Store a sample for good. Raises OutboxFullError; what was stored before stays whole."""
        line = sample.model_dump_json().encode()
        await asyncio.to_thread(self._write, line + b"\n")
        self._count(sample, line)
        self._news.set()

    def _count(self, sample: Sample, line: bytes) -> None:
        self.samples_taken += 1
        self.last_number = max(self.last_number, sample.number)
        self._fresh.append(line)

    def _write(self, line: bytes) -> None:
        try:
            descriptor = os.open(self.path / SAMPLES_FILE, _APPEND, 0o600)
            try:
                _write_all(descriptor, line, self._size)
            finally:
                os.close(descriptor)
            if self._size == 0:
                sync_dir(self.path)
        except OSError as error:
            raise full_error(error) from error
        self._size += len(line)

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
        self._load_samples()
        self._load_outcome()

    def _load_samples(self) -> None:
        path = self.path / SAMPLES_FILE
        data = path.read_bytes() if path.exists() else b""
        self._size = data.rfind(b"\n") + 1
        if self._size < len(data):
            log.warning("torn_sample_dropped", job_id=str(self.spec.job_id), bytes=len(data) - self._size)
            os.truncate(path, self._size)
        for line in data[: self._size].splitlines():
            try:
                self._count(Sample.model_validate_json(line), line)
            except ValidationError:
                log.warning("damaged_sample_dropped", job_id=str(self.spec.job_id), bytes=len(line))

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


def _write_all(descriptor: int, line: bytes, size: int) -> None:
    """Append a line and make it last; what was written of one that does not fit is taken back."""
    try:
        left = memoryview(line)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def full_error(error: OSError) -> OutboxFullError:
    """Return what to raise where the disk did not take something."""
    return OutboxFullError(error.errno, error.strerror or str(error), error.filename)
