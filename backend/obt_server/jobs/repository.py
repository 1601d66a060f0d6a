"""SQL of jobs. Every change of state is an UPDATE that names the states it may come from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from obt_core.jobs import ACTIVE, JobStatus, sources_of
from obt_server.db import Document, WhichClient
from obt_server.jobs.tables import JobLogRow, JobRow
from obt_server.jobs.turns import Waiting, in_turn

SKIPPED_A_TURN = 5_000
"""A statement takes so many parameters and not all; what is left over has its turn with the next sweep."""


async def move(session: AsyncSession, job_ids: Iterable[UUID], target: JobStatus, **values: Any) -> list[JobRow]:
    """Move jobs to `target` where that is allowed from where they are; return those that moved."""
    statement = (
        update(JobRow)
        .where(JobRow.id.in_(list(job_ids)), JobRow.status.in_(sources_of(target)))
        .values(status=target, **values)
        .returning(JobRow)
        .execution_options(populate_existing=True)
    )
    return list((await session.scalars(statement)).all())


async def set_values(session: AsyncSession, job_id: UUID, **values: Any) -> None:
    """Change columns that are no state."""
    await session.execute(update(JobRow).where(JobRow.id == job_id).values(**values))


async def first_queued(session: AsyncSession, client_id: str, now: datetime) -> JobRow | None:
    """Return the job that this client does next: that of whose turn it is; one that is scheduled for later is none."""
    waiting = (await people_waiting(session, now, client_id)).get(client_id)
    if not waiting:
        return None
    statement = (
        select(JobRow)
        .where(JobRow.client_id == client_id, JobRow.status == JobStatus.QUEUED, _is_due(now))
        .where(JobRow.person == in_turn(waiting)[0].person)
        .order_by(JobRow.created_at, JobRow.turn, JobRow.position)
        .limit(1)
    )
    return await session.scalar(statement)


async def people_waiting(
    session: AsyncSession, now: datetime, client_id: str | None = None
) -> dict[str, list[Waiting]]:
    """Return who waits for each client that holds no job, or for that one: since when, and last served there when."""
    before = aliased(JobRow)
    served = select(func.max(before.claimed_at)).where(
        before.client_id == JobRow.client_id, before.person == JobRow.person
    )
    statement = select(JobRow.client_id, JobRow.person, func.min(JobRow.created_at), served.scalar_subquery())
    statement = statement.where(JobRow.status == JobStatus.QUEUED, _is_due(now))
    if client_id is None:
        statement = statement.where(JobRow.client_id.not_in(select(before.client_id).where(before.status.in_(ACTIVE))))
    else:
        statement = statement.where(JobRow.client_id == client_id)
    found: dict[str, list[Waiting]] = {}
    for of_client, person, since, served_at in await session.execute(
        statement.group_by(JobRow.client_id, JobRow.person)
    ):
        found.setdefault(of_client, []).append(Waiting(person, since, served_at))
    return found


async def last_served(session: AsyncSession, people: Iterable[str]) -> dict[str, datetime | None]:
    """Return when those people were last given a job, on any client."""
    statement = select(JobRow.person, func.max(JobRow.claimed_at)).where(JobRow.person.in_(list(people)))
    return {row[0]: row[1] for row in await session.execute(statement.group_by(JobRow.person))}


async def awaited(session: AsyncSession, session_id: UUID) -> list[tuple[str, str, datetime | None]]:
    """Return each client that jobs of a session wait for, with whose they are and before when none begins."""
    statement = select(JobRow.client_id, JobRow.person, JobRow.not_before).distinct()
    statement = statement.where(JobRow.session_id == session_id, JobRow.status == JobStatus.QUEUED)
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def count_queued(session: AsyncSession, most: int) -> int:
    """Count the jobs that wait, as far as `most`."""
    some = select(JobRow.id).where(JobRow.status == JobStatus.QUEUED).limit(most).subquery()
    return await session.scalar(select(func.count()).select_from(some)) or 0


async def count_active_by_client(session: AsyncSession) -> dict[str, int]:
    """Count the jobs that each client holds now."""
    statement = select(JobRow.client_id, func.count()).where(JobRow.status.in_(ACTIVE)).group_by(JobRow.client_id)
    return {row[0]: row[1] for row in await session.execute(statement)}


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(JobRow.not_before.is_(None), JobRow.not_before <= now)


async def due(session: AsyncSession, after: datetime, now: datetime) -> list[JobRow]:
    """Return queued jobs whose scheduled time came after `after`."""
    statement = select(JobRow).where(JobRow.status == JobStatus.QUEUED, JobRow.not_before <= now)
    return list(await session.scalars(statement.where(JobRow.not_before > after)))


async def count_open(session: AsyncSession, client_ids: Iterable[str]) -> dict[str, int]:
    """Count the jobs of those clients that have not ended."""
    statement = (
        select(JobRow.client_id, func.count())
        .where(JobRow.client_id.in_(list(client_ids)), JobRow.status.in_(ACTIVE | {JobStatus.QUEUED}))
        .group_by(JobRow.client_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def queued_with_suite(session: AsyncSession, client_id: str, suite_hash: str) -> list[UUID]:
    """Return the jobs of that suite that wait for this client; at most a turn's worth."""
    statement = select(JobRow.id).where(
        JobRow.client_id == client_id, JobRow.status == JobStatus.QUEUED, JobRow.suite_hash == suite_hash
    )
    return list(await session.scalars(statement.limit(SKIPPED_A_TURN)))


def has_open(client_id: WhichClient) -> ColumnElement[bool]:
    """Whether this client has a job that waits, or that it holds: a question to be asked with others."""
    return exists().where(JobRow.client_id == client_id, JobRow.status.in_(ACTIVE | {JobStatus.QUEUED}))


async def held_by(session: AsyncSession, client_id: str) -> list[JobRow]:
    """Return the jobs that this client has claimed and not ended, oldest first."""
    statement = select(JobRow).where(JobRow.client_id == client_id, JobRow.status.in_(ACTIVE))
    return list(await session.scalars(statement.order_by(JobRow.claimed_at)))


async def count_active(session: AsyncSession) -> int:
    """Count the jobs that clients hold now."""
    return await session.scalar(select(func.count()).where(JobRow.status.in_(ACTIVE))) or 0


async def list_rows(session: AsyncSession, job_ids: Iterable[UUID]) -> list[JobRow]:
    """Return those jobs."""
    return list(await session.scalars(select(JobRow).where(JobRow.id.in_(list(job_ids)))))


async def of_sessions(session: AsyncSession, session_ids: Iterable[UUID]) -> list[JobRow]:
    """Return the jobs of those sessions in the order in which they were asked for."""
    statement = select(JobRow).where(JobRow.session_id.in_(list(session_ids)))
    return list(await session.scalars(statement.order_by(JobRow.session_id, JobRow.position)))


async def expired(session: AsyncSession, now: datetime) -> list[UUID]:
    """Return jobs whose lease ran out. One that is changed at this moment is left for the next time."""
    statement = select(JobRow.id).where(JobRow.status.in_(ACTIVE), JobRow.lease_expires_at < now)
    return list(await session.scalars(statement.with_for_update(skip_locked=True)))


async def clients_queued_before(session: AsyncSession, moment: datetime) -> set[str]:
    """Return the clients for which jobs have been waiting since before `moment`."""
    statement = select(JobRow.client_id).where(
        JobRow.status == JobStatus.QUEUED, JobRow.created_at < moment, _is_due(moment)
    )
    return set((await session.scalars(statement.distinct())).all())


async def queued_before(session: AsyncSession, moment: datetime, client_ids: Iterable[str]) -> list[UUID]:
    """Return jobs that have been waiting since before `moment` for one of those clients; at most a turn's worth."""
    statement = (
        select(JobRow.id)
        .where(
            JobRow.status == JobStatus.QUEUED,
            JobRow.created_at < moment,
            _is_due(moment),
            JobRow.client_id.in_(list(client_ids)),
        )
        .limit(SKIPPED_A_TURN)
    )
    return list(await session.scalars(statement))


@dataclass(slots=True)
class Tally:
    """The jobs of a session by state, and when the last of those that ended did."""

    counts: dict[JobStatus, int] = field(default_factory=dict[JobStatus, int])
    last_ended_at: datetime | None = None


async def tally(session: AsyncSession, session_ids: Collection[UUID]) -> Mapping[UUID, Tally]:
    """Count the jobs of each session."""
    if not session_ids:
        return {}
    statement = (
        select(JobRow.session_id, JobRow.status, func.count(), func.max(JobRow.ended_at))
        .where(JobRow.session_id.in_(session_ids))
        .group_by(JobRow.session_id, JobRow.status)
    )
    found = {session_id: Tally() for session_id in session_ids}
    for session_id, status, count, ended_at in await session.execute(statement):
        told = found[session_id]
        told.counts[JobStatus(status)] = count
        told.last_ended_at = max(filter(None, (told.last_ended_at, ended_at)), default=None)
    return found


async def sessions_with(session: AsyncSession, statuses: Iterable[JobStatus]) -> set[UUID]:
    """Return the sessions that have a job in one of those states."""
    statement = select(JobRow.session_id).where(JobRow.status.in_(list(statuses))).distinct()
    return set((await session.scalars(statement)).all())


async def page_of_session(session: AsyncSession, session_id: UUID, after: int, limit: int) -> list[JobRow]:
    """Return jobs of a session whose position is beyond `after`, in the order of their positions."""
    statement = select(JobRow).where(JobRow.session_id == session_id, JobRow.position > after)
    return list(await session.scalars(statement.order_by(JobRow.position).limit(limit)))


async def add_log(session: AsyncSession, entries: list[Document]) -> None:
    """Write down what happened."""
    if entries:
        await session.execute(insert(JobLogRow), entries)


async def count_log(session: AsyncSession, job_id: UUID) -> int:
    """Count what was written down of a job."""
    return await session.scalar(select(func.count()).where(JobLogRow.job_id == job_id)) or 0


async def list_log(
    session: AsyncSession, session_id: UUID, job_id: UUID | None, before: int | None, limit: int
) -> list[JobLogRow]:
    """Return what was written down of a session's jobs, or of one of them, newest first."""
    statement = select(JobLogRow).where(JobLogRow.session_id == session_id)
    if job_id is not None:
        statement = statement.where(JobLogRow.job_id == job_id)
    if before is not None:
        statement = statement.where(JobLogRow.id < before)
    return list(await session.scalars(statement.order_by(JobLogRow.id.desc()).limit(limit)))
