"""Runs that were measured without a server, and are handed to it afterwards. Each becomes a session."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.runs import FORMAT_VERSION, AnnouncedRun, RunReply, StoredJob
from obt_server.audit import service as audit
from obt_server.db import lock
from obt_server.errors import ConflictError, UnprocessableError
from obt_server.hardware import service as hardware
from obt_server.jobs import service as jobs
from obt_server.sessions.tables import SessionRow
from obt_server.suites import service as suites

_UPLOAD_LOCK = 881_002
_TITLE_CHARS = 120


class RunConflictError(ConflictError):
    """A run's ID, or the ID of one of its jobs, stands for something else here."""

    code = "run_conflict"


class RunTooNewError(UnprocessableError):
    """A run in a form that this server would misunderstand. The client keeps its file."""

    code = "run_too_new"

    def __init__(self, run: AnnouncedRun) -> None:
        super().__init__(
            f"The run was written by a newer OBT ({run.client_version}, format {run.format_version}); this server reads"
            f" format {FORMAT_VERSION}. Upgrade this server, and upload the run again."
        )


async def announce(session: AsyncSession, client_id: str, run: AnnouncedRun, now: datetime) -> RunReply:
    """Make the session of a run, under the run's own ID, with jobs that wait for their samples and outcomes.

    The same run again changes nothing, and tells what is stored of it. Raises RunConflictError, RunTooNewError.
    """
    if run.format_version > FORMAT_VERSION:
        raise RunTooNewError(run)
    await lock(session, _UPLOAD_LOCK)
    is_known = await session.get(SessionRow, run.run_id) is not None
    if is_known:
        await _check_same(session, client_id, run)
    else:
        await _store(session, client_id, run, now)
    views = await jobs.views_of_session(session, run.run_id)
    stored = tuple(StoredJob(job_id=job.id, status=job.status, samples_stored=job.samples_stored) for job in views)
    return RunReply(session_id=run.run_id, created=not is_known, jobs=stored)


async def _store(session: AsyncSession, client_id: str, run: AnnouncedRun, now: datetime) -> None:
    if await jobs.list_views(session, [job.job_id for job in run.jobs]):
        raise RunConflictError("A job of this run is known here already, in another session.")
    measured_at = min(run.started_at, now)  # a clock that is ahead puts nothing before what is still to come
    await hardware.remember(session, client_id, run.hardware, now)
    row = SessionRow(
        id=run.run_id,
        title=_title(run),
        suite_name=run.suite.name,
        suite_hash=await suites.keep(session, run.suite, now),
        created_at=measured_at,
    )
    session.add(row)
    await session.flush()
    after = {"title": row.title, "suite": row.suite_name, "jobs": len(run.jobs)}
    await audit.note(session, "benchmark.uploaded", "session", run.run_id, after=after)
    await jobs.adopt(session, run.run_id, client_id, row.suite_hash, run.jobs, run.order_seed, measured_at)
    await session.flush()


async def _check_same(session: AsyncSession, client_id: str, run: AnnouncedRun) -> None:
    known = {
        (job.id, job.client_id, job.model, job.model_digest, job.suite_hash)
        for job in await jobs.views_of_session(session, run.run_id)
    }
    suite_hash = run.suite.hash()
    told = {(job.job_id, client_id, job.model.name, job.model.digest, suite_hash) for job in run.jobs}
    if known != told:
        raise RunConflictError("Another session has the ID of this run: other jobs, another suite or another client.")


def _title(run: AnnouncedRun) -> str:
    names: list[str] = [job.model.name for job in run.jobs]
    models = names[0][:40] if len(names) == 1 else f"{len(names)} models"
    return f"Uploaded: {run.suite.title}: {models} on {run.machine}"[:_TITLE_CHARS].strip()
