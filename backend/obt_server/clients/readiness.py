"""Which clients would take work at once: heard lately, idle, and kept from nothing by a person."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import repository
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.config import Settings


async def ready(session: AsyncSession, ids: Collection[str], settings: Settings, now: datetime) -> dict[str, list[str]]:
    """Return the tags of each of those clients that would take work at once, by its ID."""
    rule = PresenceRule(settings.stale_after_s, settings.offline_after_s, now)
    return {
        row.id: row.tags
        for row in await repository.list_idle(session, ids)
        if rule.judge(row.last_seen_at, row.interval_s, now, was_offline=False) is Presence.ONLINE
    }


async def kept_from_work(session: AsyncSession, ids: Iterable[str]) -> set[str]:
    """Return those of them that a person drained or archived."""
    return await repository.kept_from_work(session, ids)


async def tags_of(session: AsyncSession, client_id: str) -> list[str]:
    """Return the tags of one client."""
    return await repository.tags_of(session, client_id)


async def tagged(session: AsyncSession, ids: Collection[str]) -> dict[str, list[str]]:
    """Return the tags of those clients that have some, by ID."""
    return {row.id: row.tags for row in await repository.list_tags(session, ids)}
