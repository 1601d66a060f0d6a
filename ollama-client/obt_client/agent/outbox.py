"""Samples on disk before they are sent, one folder a job: nothing that was measured is lost with a connection.

`job.json` (the spec, before anything is measured), `samples.ndjson` and `telemetry.ndjson` (append only, one sample, or
a few ticks, a line), `outcome.json`.
What the server refuses for good goes to the folder `dead-letter` beside, with the server's reason.
"""

import asyncio
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import structlog
from pydantic import ValidationError

from obt_client.agent.job_folder import JOB_FILE, OUTCOME_FILE, JobFolder, Refusal, StoredJob
from obt_client.agent.line_file import OutboxFullError, full_error
from obt_client.agent.operation_box import OperationBox
from obt_client.files import make_private_dir, sync_dir, write_atomically
from obt_core.jobs import JobOutcome, JobSpec

__all__ = ["DEAD_LETTERS", "OUTBOX", "REASON_FILE", "JobFolder", "Outbox", "OutboxFullError", "Refusal"]

log = structlog.get_logger()
OUTBOX, DEAD_LETTERS, REASON_FILE = "outbox", "dead-letter", "refused.json"
_PROBE_BYTES = 65_536


class Outbox:
    """All jobs whose samples or outcome the server does not have yet, and `operations`.

    `news` is set when there is more to deliver.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / OUTBOX
        self._dead = data_dir / DEAD_LETTERS
        self._jobs: dict[UUID, JobFolder] = {}
        self.news = asyncio.Event()
        self.operations = OperationBox(data_dir, self.news)

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
        await self.operations.load()
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
            folder = JobFolder(path, StoredJob.model_validate_json((path / JOB_FILE).read_bytes()), self.news)
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
            write_atomically(folder.path / JOB_FILE, folder.job.model_dump_json())
            sync_dir(self._folder)
        except OSError as error:
            raise full_error(error) from error

    def holds(self, job_id: UUID) -> bool:
        """Whether the job is here: claimed, and not delivered whole."""
        return job_id in self._jobs

    async def finish(self, folder: JobFolder, outcome: JobOutcome) -> None:
        """End a job. An outcome that the disk does not take is kept in memory until it is delivered."""
        folder.outcome = outcome
        try:
            await asyncio.to_thread(write_atomically, folder.path / OUTCOME_FILE, outcome.model_dump_json())
        except OSError as error:
            log.warning("outcome_only_in_memory", job_id=str(folder.spec.job_id), reason=str(error))
        self.news.set()

    def finish_now(self, folder: JobFolder, outcome: JobOutcome) -> None:
        """End a job while the client is being stopped and nothing can be awaited any more."""
        folder.outcome = outcome
        with suppress(OSError):  # the next start ends the job as cut
            write_atomically(folder.path / OUTCOME_FILE, outcome.model_dump_json())

    async def remove(self, folder: JobFolder) -> None:
        """Forget a job that the server has whole; cut short, it is delivered and removed again."""
        try:
            await asyncio.to_thread(_remove, folder.path)
        except OSError as error:  # the next start delivers it again, which changes nothing at the server
            log.warning("delivered_job_stays", job_id=str(folder.spec.job_id), reason=str(error))
        self._jobs.pop(folder.spec.job_id, None)

    async def dead_letter(self, folder: JobFolder, refusal: Refusal) -> None:
        """Set a job aside that the server refused for good, with the reason."""
        try:
            await asyncio.to_thread(self._bury, folder, refusal)
        except OSError as error:
            log.warning("dead_letter_unwritten", job_id=str(folder.spec.job_id), reason=str(error))
        log.error("job_set_aside", job_id=str(folder.spec.job_id), code=refusal.code, detail=refusal.detail)
        self._jobs.pop(folder.spec.job_id, None)

    def _bury(self, folder: JobFolder, refusal: Refusal) -> None:
        if folder.path.exists():
            self._set_aside(folder.path)
        target = self._dead / folder.path.name
        make_private_dir(target)
        if folder.outcome:
            write_atomically(target / OUTCOME_FILE, folder.outcome.model_dump_json())
        write_atomically(target / REASON_FILE, refusal.model_dump_json())

    def _set_aside(self, path: Path) -> None:
        make_private_dir(self._dead)
        target = self._dead / path.name
        shutil.rmtree(target, ignore_errors=True)
        path.replace(target)
        sync_dir(self._dead)


def _remove(path: Path) -> None:
    # The spec goes first: a folder without it holds nothing that is still wanted, so a cut removal is never a cut job.
    (path / JOB_FILE).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)
