"""Why a queued job waits, in one word: what is looked at is what decides when it is claimed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_server.clients import readiness
from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.config import Settings
from obt_server.jobs import repository, slots
from obt_server.jobs.schemas import JobView, WaitReason
from obt_server.jobs.tables import JobRow

_AWAY = frozenset({Presence.OFFLINE, Presence.NEW})


async def with_reasons(
    session: AsyncSession, views: Sequence[JobView], settings: Settings, now: datetime
) -> list[JobView]:
    """Return those jobs, each queued one with why it waits; None where its client is about to take it."""
    waiting = {view.id for view in views if view.status == JobStatus.QUEUED}
    if not waiting:
        return list(views)
    rows = {row.id: row for row in await repository.list_rows(session, waiting)}
    of_client = await _of_clients(session, {row.client_id for row in rows.values()}, settings, now)
    places, tagged = await slots.look(session, settings, now), await readiness.tagged(session)

    def why(row: JobRow) -> WaitReason | None:
        if row.not_before is not None and row.not_before > now:
            return WaitReason.SCHEDULED
        tags = tagged.get(row.client_id, ())
        return of_client.get(row.client_id) or places.why_none(tags, row.person)

    return [view.model_copy(update={"waits_for": why(rows[view.id])}) if view.id in rows else view for view in views]


async def _of_clients(session: AsyncSession, ids: set[str], settings: Settings, now: datetime) -> dict[str, WaitReason]:
    """Why clients take nothing now, whosever it is; those that would are not among them."""
    rule = PresenceRule(settings.stale_after_s, settings.offline_after_s, now)
    seen = {one.id: one.presence for one in await clients.list_seen(session, rule, now, ids)}
    held = await repository.count_active_by_client(session)
    kept = await readiness.kept_from_work(session, ids)
    ready = await readiness.ready(session, settings, now)
    found: dict[str, WaitReason] = {}
    for client_id in ids - ready.keys() | ids & held.keys():
        if client_id in kept:
            found[client_id] = WaitReason.DRAINED
        elif seen.get(client_id) in _AWAY:
            found[client_id] = WaitReason.OFFLINE
        else:
            found[client_id] = WaitReason.BUSY
    return found
