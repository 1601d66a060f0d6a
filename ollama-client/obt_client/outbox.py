"""Samples on disk before they are sent, one folder a job: nothing that was measured is lost with a connection.

`job.json` (the spec, before anything is measured), `samples.ndjson` (append only, one sample a line), `outcome.json`.
What the server refuses for good goes to the folder `dead-letter` beside, with the server's reason.
"""

import asyncio
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import structlog
from pydantic import ValidationError

from obt_client.files import make_private_dir, sync_dir, write_atomically
from obt_core.jobs import JobError, JobOutcome, JobSpec, OutcomeStatus
from obt_core.results import Sample
from obt_core.wire import Message, UtcDatetime, WireModel

log = structlog.get_logger()
_JOB, _SAMPLES, _OUTCOME, _REASON = "job.json", "samples.ndjson", "outcome.json", "refused.json"
_PROBE_BYTES = 65_536


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
            descriptor = os.open(self.path / _SAMPLES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _write_all(descriptor, line, self._size)
            finally:
                os.close(descriptor)
            if self._size == 0:
                sync_dir(self.path)
        except OSError as error:
            raise _full(error) from error
        self._size += len(line)

    async def resend_all(self) -> None:
        """Take every stored sample as undelivered again: the server says that it misses some. Raises OSError."""
        self._fresh = []
        await asyncio.to_thread(self.load)

    def load(self) -> None:
        """Read what is stored; a last line that a crash cut is dropped, and said. Raises OSError."""
        self.samples_taken = self.last_number = 0
        self._fresh = []
        self._load_samples()
        self._load_outcome()

    def _load_samples(self) -> None:
        path = self.path / _SAMPLES
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
        path = self.path / _OUTCOME
        if self.outcome is None and path.exists():
            try:
                self.outcome = JobOutcome.model_validate_json(path.read_bytes())
            except ValidationError:
                log.warning("damaged_outcome_dropped", job_id=str(self.spec.job_id))

    def cut_outcome(self) -> JobOutcome:
        """Return how a job ended whose client was cut off: failed, with the samples that were stored."""
        path = self.path / _SAMPLES
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


class Outbox:
    """All jobs whose samples or outcome the server does not have yet. `news` is set when there is more to deliver."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "outbox"
        self._dead = data_dir / "dead-letter"
        self._jobs: dict[UUID, JobFolder] = {}
        self.news = asyncio.Event()

    @property
    def jobs(self) -> tuple[JobFolder, ...]:
        """The jobs, the oldest first."""
        return tuple(self._jobs.values())

    async def load(self) -> None:
        """Read what an earlier run left, and end the jobs that were cut. Raises OSError."""
        for folder in await asyncio.to_thread(self._load):
            if folder.outcome is None:
                log.warning("job_was_cut", job_id=str(folder.spec.job_id), samples=folder.samples_taken)
                await self.finish(folder, folder.cut_outcome())
        self.news.set()

    def _load(self) -> tuple[JobFolder, ...]:
        make_private_dir(self._folder)
        found = [folder for path in sorted(self._folder.iterdir()) if (folder := self._open(path))]
        found.sort(key=lambda folder: folder.job.claimed_at)
        self._jobs = {folder.spec.job_id: folder for folder in found}
        return tuple(found)

    def _open(self, path: Path) -> JobFolder | None:
        if not path.is_dir():
            path.unlink()  # a probe that was cut
            return None
        try:
            folder = JobFolder(path, StoredJob.model_validate_json((path / _JOB).read_bytes()), self.news)
        except FileNotFoundError:
            shutil.rmtree(path)  # cut before anything was measured, or while it was removed
            return None
        except ValidationError:
            log.warning("damaged_job_set_aside", folder=path.name)
            self._set_aside(path)
            return None
        folder.load()
        return folder

    async def is_writable(self) -> bool:
        """Whether the disk takes more: without that no job is worth claiming."""
        try:
            await asyncio.to_thread(self._probe)
        except OSError:
            return False
        return True

    def _probe(self) -> None:
        make_private_dir(self._folder)
        write_atomically(self._folder / ".probe", "0" * _PROBE_BYTES)
        (self._folder / ".probe").unlink()

    def folder_for(self, spec: JobSpec) -> JobFolder:
        """Return the folder of a job that was claimed; `create` writes it down."""
        job = StoredJob(spec=spec, claimed_at=datetime.now(UTC))
        folder = self._jobs[spec.job_id] = JobFolder(self._folder / str(spec.job_id), job, self.news)
        return folder

    async def create(self, folder: JobFolder) -> None:
        """Keep a job on disk, before anything is measured. Raises OutboxFullError."""
        await asyncio.to_thread(self._create, folder)

    def _create(self, folder: JobFolder) -> None:
        try:
            make_private_dir(folder.path)
            write_atomically(folder.path / _JOB, folder.job.model_dump_json())
            sync_dir(self._folder)
        except OSError as error:
            raise _full(error) from error

    def holds(self, job_id: UUID) -> bool:
        """Whether the job is here: claimed, and not delivered whole."""
        return job_id in self._jobs

    async def finish(self, folder: JobFolder, outcome: JobOutcome) -> None:
        """End a job. An outcome that the disk does not take is kept in memory until it is delivered."""
        folder.outcome = outcome
        try:
            await asyncio.to_thread(write_atomically, folder.path / _OUTCOME, outcome.model_dump_json())
        except OSError as error:
            log.warning("outcome_only_in_memory", job_id=str(folder.spec.job_id), reason=str(error))
        self.news.set()

    def finish_now(self, folder: JobFolder, outcome: JobOutcome) -> None:
        """End a job while the client is being stopped and nothing can be awaited any more."""
        folder.outcome = outcome
        with suppress(OSError):  # the next start ends the job as cut
            write_atomically(folder.path / _OUTCOME, outcome.model_dump_json())

    async def remove(self, folder: JobFolder) -> None:
        """Forget a job that the server has whole."""
        self._jobs.pop(folder.spec.job_id, None)
        await asyncio.to_thread(_remove, folder.path)

    async def dead_letter(self, folder: JobFolder, refusal: Refusal) -> None:
        """Set a job aside that the server refused for good, with the reason."""
        self._jobs.pop(folder.spec.job_id, None)
        log.error("job_set_aside", job_id=str(folder.spec.job_id), code=refusal.code, detail=refusal.detail)
        try:
            await asyncio.to_thread(self._bury, folder, refusal)
        except OSError as error:
            log.warning("dead_letter_unwritten", job_id=str(folder.spec.job_id), reason=str(error))

    def _bury(self, folder: JobFolder, refusal: Refusal) -> None:
        if folder.path.exists():
            self._set_aside(folder.path)
        target = self._dead / folder.path.name
        make_private_dir(target)
        if folder.outcome:
            write_atomically(target / _OUTCOME, folder.outcome.model_dump_json())
        write_atomically(target / _REASON, refusal.model_dump_json())

    def _set_aside(self, path: Path) -> None:
        make_private_dir(self._dead)
        target = self._dead / path.name
        shutil.rmtree(target, ignore_errors=True)
        path.replace(target)
        sync_dir(self._dead)


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


def _remove(path: Path) -> None:
    # The spec goes first: a folder without it holds nothing that is still wanted, so a cut removal is never a cut job.
    (path / _JOB).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def _full(error: OSError) -> OutboxFullError:
    return OutboxFullError(error.errno, error.strerror or str(error), error.filename)
