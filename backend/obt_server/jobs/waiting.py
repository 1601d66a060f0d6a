"""Why a queued job waits, in one word: what is looked at is what decides when it is claimed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_server.clients import readiness
from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.config import Settings
from obt_server.jobs import repository, slots
from obt_server.jobs.schemas import JobView, WaitReason

_AWAY = frozenset({Presence.OFFLINE, Presence.NEW})


_Why = Callable[[str, str, datetime | None], WaitReason | None]


async def with_reasons(
    session: AsyncSession, views: Sequence[JobView], settings: Settings, now: datetime
) -> list[JobView]:
    """Return those jobs, each queued one with why it waits; None where its client is about to take it."""
    waiting = {view.id for view in views if view.status == JobStatus.QUEUED}
    if not waiting:
        return list(views)
    rows = {row.id: row for row in await repository.list_rows(session, waiting)}
    why = await _judge(session, {row.client_id for row in rows.values()}, settings, now)

    def told(view: JobView) -> JobView:
        row = rows.get(view.id)
        if row is None:
            return view
        return view.model_copy(update={"waits_for": why(row.client_id, row.person, row.not_before)})

    return [told(view) for view in views]


async def of_session(
    session: AsyncSession, session_id: UUID, settings: Settings, now: datetime
) -> dict[str, WaitReason | None]:
    """Return why a session's queued jobs wait, by client: all that wait for one client have the same reason."""
    waiting = await repository.awaited(session, session_id)
    if not waiting:
        return {}
    why = await _judge(session, {client_id for client_id, _, _ in waiting}, settings, now)
    return {client_id: why(client_id, person, not_before) for client_id, person, not_before in waiting}


async def _judge(session: AsyncSession, client_ids: set[str], settings: Settings, now: datetime) -> _Why:
    """Look once at all that makes jobs wait; return what tells of a client, a person and a moment why."""
    of_client = await _of_clients(session, client_ids, settings, now)
    places, tagged = await slots.look(session, settings, now), await readiness.tagged(session, client_ids)

    def why(client_id: str, person: str, not_before: datetime | None) -> WaitReason | None:
        if not_before is not None and not_before > now:
            return WaitReason.SCHEDULED
        return of_client.get(client_id) or places.why_none(tagged.get(client_id, ()), person)

    return why


async def _of_clients(session: AsyncSession, ids: set[str], settings: Settings, now: datetime) -> dict[str, WaitReason]:
    """Why clients take nothing now, whosever it is; those that would are not among them."""
    rule = PresenceRule(settings.stale_after_s, settings.offline_after_s, now)
    seen = {one.id: one.presence for one in await clients.list_seen(session, rule, now, ids)}
    held = await repository.count_active_by_client(session)
    kept = await readiness.kept_from_work(session, ids)
    ready = await readiness.ready(session, ids, settings, now)
    found: dict[str, WaitReason] = {}
    for client_id in ids - ready.keys() | ids & held.keys():
        if client_id in kept:
            found[client_id] = WaitReason.DRAINED
        elif seen.get(client_id) in _AWAY:
            found[client_id] = WaitReason.OFFLINE
        else:
            found[client_id] = WaitReason.BUSY
    return found
