"""The life of a job, from the queue to its end. How it is given to a client: `claims`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import ACTIVE, JobError, JobOutcome, JobProgress, JobStatus
from obt_core.results import Summary
from obt_core.runs import RunJob
from obt_server.audit import service as audit
from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.config import Settings
from obt_server.db import announce
from obt_server.errors import ConflictError, ForbiddenError, NotFoundError
from obt_server.events import JobChanged
from obt_server.jobs import log, repository
from obt_server.jobs.repository import Tally
from obt_server.jobs.schemas import JobsPage, JobView, LogDetail, LogKind, PlannedJob, SkipReason
from obt_server.jobs.tables import JobRow

_AWAY = frozenset({Presence.OFFLINE, Presence.NEW})
CANCELLABLE = frozenset({JobStatus.QUEUED, JobStatus.CLAIMED, JobStatus.RUNNING, JobStatus.LOST})


class JobNotFoundError(NotFoundError):
    """No such job."""

    code = "job_not_found"


async def queue(
    session: AsyncSession,
    session_id: UUID,
    suite_hash: str,
    planned: Sequence[PlannedJob],
    now: datetime,
    not_before: datetime | None,
    person: str,
) -> None:
    """Store the jobs of a person's session: possible ones queued, impossible ones skipped with their reason."""
    rows = [
        JobRow(
            id=uuid4(),
            session_id=session_id,
            position=position,
            suite_hash=suite_hash,
            person=person,
            status=JobStatus.SKIPPED if plan.skip_reason else JobStatus.QUEUED,
            created_at=now,
            not_before=not_before,
            ended_at=now if plan.skip_reason else None,
            samples_stored=0,
            **plan.model_dump(),
        )
        for position, plan in enumerate(planned)
    ]
    session.add_all(rows)
    _announce(session, rows)


async def adopt(
    session: AsyncSession,
    session_id: UUID,
    client_id: str,
    suite_hash: str,
    measured: Sequence[RunJob],
    order_seed: int | None,
    measured_at: datetime,
) -> None:
    """Store the jobs of a run that was measured without a server.

    Nobody is to work on them: they are `lost`, and were never claimed, until their outcome comes.
    """
    rows = [
        JobRow(
            id=job.job_id,
            session_id=session_id,
            client_id=client_id,
            position=position,
            turn=position,
            model=job.model.name,
            model_digest=job.model.digest,
            suite_hash=suite_hash,
            order_seed=order_seed,
            status=JobStatus.LOST,
            created_at=measured_at,
            ended_at=measured_at,
            samples_stored=0,
        )
        for position, job in enumerate(measured)
    ]
    session.add_all(rows)
    _announce(session, rows)


async def own_job(session: AsyncSession, client_id: str, job_id: UUID, *, to_change: bool = False) -> JobRow:
    """Return a job of this client. Raises JobNotFoundError, or ForbiddenError for the job of another.

    Whoever is `to_change` it, its samples or its result takes turns: a batch that came between the reading of samples
    and their folding would be lost.
    """
    row = await session.get(JobRow, job_id, with_for_update=to_change)
    if row is None:
        raise JobNotFoundError(f"There is no job {job_id}.")
    if row.client_id != client_id:
        raise ForbiddenError("This job belongs to another client.")
    return row


async def renew(
    session: AsyncSession, job: JobRow, progress: JobProgress | None, settings: Settings, now: datetime
) -> bool:
    """Renew the lease of a job that its client works on; False when it should stop.

    The first sign of work makes the job `running`, and so does a sign of life after it was held lost.
    """
    if job.status == JobStatus.LOST and job.claimed_at is None:
        return True  # adopted: what is delivered was measured long ago, and nobody holds it
    was_lost = job.status == JobStatus.LOST
    if was_lost or job.status == JobStatus.CLAIMED:
        moved = await repository.move(
            session, [job.id], JobStatus.RUNNING, started_at=job.started_at or now, ended_at=None
        )
        await log.note(session, moved if was_lost else [], LogKind.RESUMED, now)
        job = moved[0] if moved else job
    if job.status != JobStatus.RUNNING:
        return False
    await log.note_progress(session, job, progress, now)
    values = {} if progress is None else {"progress": progress.model_dump(mode="json")}
    lease = now + timedelta(seconds=settings.lease_s)
    await repository.set_values(session, job.id, lease_expires_at=lease, **values)
    _announce(session, [job])
    return True


def may_go_on(job: JobRow) -> bool:
    """Whether the client that holds this job should work on; a lost job is found again by going on."""
    return job.status in ACTIVE | {JobStatus.LOST}


async def note_samples(session: AsyncSession, job: JobRow, stored: int) -> None:
    """Keep how many samples of the job are stored."""
    await repository.set_values(session, job.id, samples_stored=stored)
    _announce(session, [job])


async def finish(session: AsyncSession, job: JobRow, outcome: JobOutcome, summary: Summary) -> JobStatus:
    """Apply a client's last word. Where the state may not change any more, it stays; the summary is kept anyway."""
    error = outcome.error.model_dump(mode="json") if outcome.error else None
    headline = summary.model_dump(mode="json")["headline"]
    moved = await repository.move(
        session,
        [job.id],
        JobStatus(outcome.status),
        ended_at=outcome.ended_at,
        started_at=job.started_at or outcome.started_at,
        error=error,
        lease_expires_at=None,
    )
    await log.note_end(session, moved, outcome)
    await repository.set_values(session, job.id, headline=headline, progress=None)
    _announce(session, [job])
    return JobStatus((moved[0] if moved else job).status)


async def cancel(session: AsyncSession, job_ids: Iterable[UUID], now: datetime) -> int:
    """Cancel jobs that have not ended; return how many. A client hears of it with its next message."""
    values = {"ended_at": now, "lease_expires_at": None, "progress": None}
    moved = await repository.move(session, job_ids, JobStatus.CANCELLED, **values)
    await log.note(session, moved, LogKind.CANCELLED, now)
    _announce(session, moved)
    return len(moved)


async def cancel_one(session: AsyncSession, job_id: UUID, now: datetime) -> None:
    """Cancel one job. Raises JobNotFoundError, ConflictError where it has ended."""
    row = await session.get(JobRow, job_id)
    if row is None:
        raise JobNotFoundError(f"There is no job {job_id}.")
    if not await cancel(session, [job_id], now) and row.status != JobStatus.CANCELLED:
        raise ConflictError(f"This job has ended already: {row.status}.")
    after = {"session_id": str(row.session_id), "client_id": row.client_id, "model": row.model}
    await audit.note(session, "job.cancelled", "job", job_id, after=after)


async def mark_lost(session: AsyncSession, now: datetime) -> None:
    """Mark jobs whose lease ran out as lost; their client may still come back with an outcome."""
    expired = await repository.expired(session, now)
    moved = await repository.move(session, expired, JobStatus.LOST, ended_at=now, progress=None)
    await log.note(session, moved, LogKind.LOST, now)
    _announce(session, moved)


async def skip_waiting(session: AsyncSession, rule: PresenceRule, settings: Settings, now: datetime) -> None:
    """Skip jobs that have waited too long for a client that is not there: from when both, wish and absence, began."""
    moment = now - timedelta(seconds=settings.offline_wait_s)
    waiting = await repository.clients_queued_before(session, moment)
    seen = await clients.list_seen(session, rule, now, waiting) if waiting else []
    away = [one.id for one in seen if one.presence in _AWAY and (one.last_seen_at or moment) <= moment]
    late = await repository.queued_before(session, moment, away) if away else []
    moved = await repository.move(session, late, JobStatus.SKIPPED, skip_reason=SkipReason.OFFLINE, ended_at=now)
    await log.note(session, moved, LogKind.SKIPPED, now, LogDetail(skip_reason=SkipReason.OFFLINE))
    _announce(session, moved)


async def announce_due(session: AsyncSession, after: datetime, now: datetime) -> None:
    """Announce the scheduled jobs whose time came since `after`: a held heartbeat looks whether there is work."""
    _announce(session, await repository.due(session, after, now))


async def count_ahead(session: AsyncSession, client_ids: Iterable[str]) -> dict[str, int]:
    """Count what each of those clients does already, or has waiting."""
    return await repository.count_open(session, client_ids)


async def list_views(session: AsyncSession, job_ids: Iterable[UUID]) -> list[JobView]:
    """Return those jobs as a browser sees them."""
    return await _views(session, await repository.list_rows(session, job_ids))


async def views_of_session(session: AsyncSession, session_id: UUID) -> list[JobView]:
    """Return all jobs of a session in the order in which they were asked for."""
    return await _views(session, await repository.of_sessions(session, [session_id]))


async def page_of_session(session: AsyncSession, session_id: UUID, after: int, limit: int) -> JobsPage:
    """Return jobs of a session from behind that position on, in the order in which they were asked for."""
    rows = await repository.page_of_session(session, session_id, after, limit + 1)
    following = rows[limit - 1].position if len(rows) > limit else None
    return JobsPage(jobs=await _views(session, rows[:limit]), next=following)


async def tally(session: AsyncSession, session_ids: Collection[UUID]) -> Mapping[UUID, Tally]:
    """Count the jobs of each session."""
    return await repository.tally(session, session_ids)


async def open_sessions(session: AsyncSession) -> set[UUID]:
    """Return the sessions in which something is still to be done."""
    return await repository.sessions_with(session, ACTIVE | {JobStatus.QUEUED})


async def ids_to_cancel(session: AsyncSession, session_id: UUID) -> list[UUID]:
    """Return the jobs of a session that can still be cancelled."""
    rows = await repository.of_sessions(session, [session_id])
    return [row.id for row in rows if row.status in CANCELLABLE]


async def _views(session: AsyncSession, rows: Sequence[JobRow]) -> list[JobView]:
    names = await clients.names(session, {row.client_id for row in rows})
    return [_view(row, names.get(row.client_id, row.client_id)) for row in rows]


def _view(row: JobRow, client_name: str) -> JobView:
    columns = {column.key: getattr(row, column.key) for column in JobRow.__table__.columns}
    columns["error"] = JobError.model_validate(row.error) if row.error else None
    return JobView.model_validate({**columns, "client_name": client_name})


def _announce(session: AsyncSession, rows: Iterable[JobRow]) -> None:
    announce(session, *(JobChanged(row.id, row.session_id, row.client_id) for row in rows))
