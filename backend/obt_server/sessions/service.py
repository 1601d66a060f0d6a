"""Looking at sessions, cancelling them. Asking for them: `asking`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import ENDED
from obt_server.audit import service as audit
from obt_server.config import Settings
from obt_server.errors import NotFoundError
from obt_server.jobs import log, waiting
from obt_server.jobs import service as jobs
from obt_server.jobs.schemas import JobLog, JobsPage, Waits
from obt_server.paging import Key, to_cursor
from obt_server.sessions.schemas import SessionDetail, SessionFilter, Sessions, SessionView, Stage
from obt_server.sessions.state import derive
from obt_server.sessions.tables import SessionRow
from obt_server.suites import service as suites

JOBS_MAX = 250
"""Jobs that come with their session; the rest is asked for page by page."""
BEFORE_FIRST = -1


async def get_detail(session: AsyncSession, session_id: UUID, settings: Settings, now: datetime) -> SessionDetail:
    """Return a session with the first of its jobs. Raises NotFoundError."""
    row = await _get_row(session, session_id)
    (view,) = await _views(session, [row])
    page = await jobs.page_of_session(session, session_id, BEFORE_FIRST, JOBS_MAX)
    suite = await suites.find(session, row.suite_hash)
    told = await waiting.with_reasons(session, page.jobs, settings, now)
    return SessionDetail(**dict(view), suite=suite, jobs=told, jobs_next=page.next)


async def jobs_page(
    session: AsyncSession, session_id: UUID, after: int, limit: int, settings: Settings, now: datetime
) -> JobsPage:
    """Return more jobs of a session. Raises NotFoundError."""
    await _get_row(session, session_id)
    page = await jobs.page_of_session(session, session_id, after, limit)
    told = await waiting.with_reasons(session, page.jobs, settings, now)
    return JobsPage(jobs=told, next=page.next)


async def get_waits(session: AsyncSession, session_id: UUID, settings: Settings, now: datetime) -> Waits:
    """Return why its queued jobs wait. Raises NotFoundError."""
    await _get_row(session, session_id)
    return Waits(clients=await waiting.of_session(session, session_id, settings, now))


async def log_page(
    session: AsyncSession, session_id: UUID, job_id: UUID | None, before: int | None, limit: int
) -> JobLog:
    """Return what happened to a session's jobs, newest first. Raises NotFoundError."""
    await _get_row(session, session_id)
    return await log.page(session, session_id, job_id, before, limit)


async def list_page(
    session: AsyncSession, narrow: SessionFilter, after: Key | None, limit: int, now: datetime
) -> Sessions:
    """Return a page of sessions, newest first."""
    statement = select(SessionRow).order_by(SessionRow.created_at.desc(), SessionRow.id.desc()).limit(limit + 1)
    statement = statement.where(*await _conditions(session, narrow, now))
    if after is not None:
        statement = statement.where(tuple_(SessionRow.created_at, SessionRow.id) < tuple_(*after))
    rows = (await session.scalars(statement)).all()
    page = rows[:limit]
    following = to_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None
    return Sessions(sessions=await _views(session, page), next=following)


async def _conditions(session: AsyncSession, narrow: SessionFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrow.q:
        found.append(SessionRow.title.icontains(narrow.q, autoescape=True))
    if narrow.suite:
        found.append(SessionRow.suite_name == narrow.suite)
    if narrow.stage is not None:
        open_ids = await jobs.open_sessions(session)
        is_open, is_later = SessionRow.id.in_(open_ids), SessionRow.not_before > now
        found += {
            Stage.OPEN: [is_open],
            Stage.SCHEDULED: [is_open, is_later],
            Stage.ENDED: [SessionRow.id.not_in(open_ids)],
        }[narrow.stage]
    return found


async def list_views(session: AsyncSession, ids: Iterable[UUID]) -> list[SessionView]:
    """Return those sessions, newest first."""
    if not (asked := list(ids)):
        return []
    statement = select(SessionRow).where(SessionRow.id.in_(asked)).order_by(SessionRow.created_at.desc())
    return await _views(session, (await session.scalars(statement)).all())


async def list_open(session: AsyncSession) -> list[SessionView]:
    """Return the sessions in which something is still to be done."""
    return await list_views(session, await jobs.open_sessions(session))


async def cancel(session: AsyncSession, session_id: UUID, settings: Settings, now: datetime) -> SessionDetail:
    """Cancel what has not ended. Cancelling an ended session changes nothing."""
    row = await _get_row(session, session_id)
    ids = await jobs.ids_to_cancel(session, session_id)
    await jobs.cancel(session, ids, now)
    await audit.note(
        session, "benchmark.cancelled", "session", session_id, after={"title": row.title, "jobs": len(ids)}
    )
    return await get_detail(session, session_id, settings, now)


async def _get_row(session: AsyncSession, session_id: UUID) -> SessionRow:
    row = await session.get(SessionRow, session_id)
    if row is None:
        raise NotFoundError(f"There is no session {session_id}.")
    return row


async def _views(session: AsyncSession, rows: Sequence[SessionRow]) -> list[SessionView]:
    told = await jobs.tally(session, [row.id for row in rows])
    return [
        SessionView(
            id=row.id,
            title=row.title,
            suite_name=row.suite_name,
            suite_hash=row.suite_hash,
            state=derive(told[row.id].counts),
            counts=told[row.id].counts,
            created_at=row.created_at,
            not_before=row.not_before,
            asked_by=row.asked_by,
            ended_at=told[row.id].last_ended_at if told[row.id].counts.keys() <= ENDED else None,
        )
        for row in rows
    ]
