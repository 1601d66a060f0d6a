"""Asking for sessions, looking at them, cancelling them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from obt_core.wire import Slug
from obt_server.auth.permissions import Permission, Sender, allow
from obt_server.clients.routes import Rule
from obt_server.context import Now, SettingsOf
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems
from obt_server.jobs.schemas import JobLog, JobsPage, Waits
from obt_server.paging import After, Limit, from_cursor
from obt_server.room import NEEDS_ROOM
from obt_server.sessions import asking, previewing, service
from obt_server.sessions.previews import Again, SessionPlan
from obt_server.sessions.schemas import SessionDetail, SessionFilter, Sessions, Stage
from obt_server.sessions.wishes import NewSession

router = APIRouter(tags=["sessions"])


@router.post(
    "/sessions",
    status_code=201,
    dependencies=[allow(Permission.OPERATE), NEEDS_ROOM],
    responses=problems(401, 403, 404),
)
async def create_session(
    body: NewSession, sender: Sender, session: WriteSession, rule: Rule, settings: SettingsOf, now: Now
) -> SessionDetail:
    """Benchmark models on clients with a suite."""
    return await asking.create(session, body, sender.label, rule, settings, now, person=sender.person)


@router.post("/sessions/plan", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def plan_session(
    body: NewSession, session: ReadSession, rule: Rule, settings: SettingsOf, now: Now
) -> SessionPlan:
    """What a session would become: each pair with its state, and how long it would take. Stores nothing."""
    return await previewing.preview(session, body, rule, settings, now)


@router.get("/sessions/again", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def plan_again(result_id: UUID, session: ReadSession, rule: Rule, now: Now) -> Again:
    """What it takes to run exactly what a result measured: suite, digest and order, and what is different now."""
    return await previewing.again(session, result_id, rule, now)


@router.get("/sessions", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_sessions(
    session: ReadSession,
    now: Now,
    stage: Stage | None = None,
    suite: Slug | None = None,
    q: Annotated[
        str | None, Query(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$", description="A part of the title.")
    ] = None,
    after: After = None,
    limit: Limit = 100,
) -> Sessions:
    """Sessions, newest first, narrowed to what is asked."""
    return await service.list_page(session, SessionFilter(stage, suite, q), from_cursor(after), limit, now)


@router.get("/sessions/{session_id:uuid}", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_session_detail(session_id: UUID, session: ReadSession, settings: SettingsOf, now: Now) -> SessionDetail:
    """One session with its jobs, and why those wait that do."""
    return await service.get_detail(session, session_id, settings, now)


@router.get("/sessions/{session_id}/jobs", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def list_jobs(
    session_id: UUID,
    session: ReadSession,
    settings: SettingsOf,
    now: Now,
    after: Annotated[int, Query(ge=-1, lt=2**31, description="`next` of the page before.")] = service.BEFORE_FIRST,
    limit: Limit = service.JOBS_MAX,
) -> JobsPage:
    """The jobs of a session, in the order in which they were asked for."""
    return await service.jobs_page(session, session_id, after, limit, settings, now)


@router.get("/sessions/{session_id}/waits", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_waits(session_id: UUID, session: ReadSession, settings: SettingsOf, now: Now) -> Waits:
    """Why the queued jobs of a session wait. It changes with what clients do, and is no change of a job: ask again."""
    return await service.get_waits(session, session_id, settings, now)


@router.get("/sessions/{session_id}/log", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_log(
    session_id: UUID,
    session: ReadSession,
    job_id: UUID | None = None,
    before: Annotated[int | None, Query(ge=1, lt=2**53, description="`next` of the page before.")] = None,
    limit: Limit = 100,
) -> JobLog:
    """What happened to the jobs of a session, or to one of them, newest first."""
    return await service.log_page(session, session_id, job_id, before, limit)


@router.post(
    "/sessions/{session_id}/cancel", dependencies=[allow(Permission.OPERATE)], responses=problems(401, 403, 404)
)
async def cancel_session(session_id: UUID, session: WriteSession, settings: SettingsOf, now: Now) -> SessionDetail:
    """Cancel what has not ended. What was measured is kept."""
    return await service.cancel(session, session_id, settings, now)
