"""What of a heartbeat is news: beside what a client said before."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import repository
from obt_server.clients.presence import PresenceRule
from obt_server.db import Document

PASSING = ("load", "progress")
"""Parts of a heartbeat whose change is no news to anybody's screen by itself."""

_COMMIT_S = 1.0
"""What is written may be seen so much later."""
Silent = tuple[str, datetime, float]
"""A client's ID, when it was last seen, and its interval in seconds."""


async def last_said(session: AsyncSession, client_id: str) -> tuple[datetime | None, Document | None]:
    """Return when a client was last seen, and its last beat; None where it was not."""
    row = await repository.last_said(session, client_id)
    return (None, None) if row is None else (row.last_seen_at, row.status)


async def list_silent(session: AsyncSession, ids: Iterable[str], rule: PresenceRule, now: datetime) -> list[Silent]:
    """Return who of these is or soon may be stale, by what is stored of all servers: after half of that time."""
    return await repository.list_silent(session, ids, now - timedelta(seconds=rule.stale_after_s / 2))


def back_of(silent: Iterable[Silent], rule: PresenceRule, now: datetime) -> set[str]:
    """Return who of these screens may call stale, since they looked before what is written now."""
    seen = now + timedelta(seconds=_COMMIT_S)
    return {id_ for id_, at, every_s in silent if (seen - at).total_seconds() >= rule.stale_s(every_s)}


def is_news(before: Document | None, now: Document) -> bool:
    """Whether a heartbeat says something that a screen shows, beside load and progress."""
    if before is None:
        return True
    return _shown(before) != _shown(now)


def _shown(said: Document) -> Document:
    """What of a heartbeat is news. When a loaded model will be unloaded moves with every request of anybody."""
    loaded = [{**model, "expires_at": None} for model in said["ollama"]["loaded"]]
    shown = {field: value for field, value in said.items() if field not in PASSING}
    return {**shown, "ollama": {**said["ollama"], "loaded": loaded}}
