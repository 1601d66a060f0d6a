"""What of a heartbeat is news: beside what a client said before."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import repository
from obt_server.clients.presence import PresenceRule
from obt_server.db import Document

PASSING = ("load", "progress")
"""Parts of a heartbeat whose change is no news to anybody's screen by itself."""


async def last_said(session: AsyncSession, client_id: str) -> tuple[datetime | None, Document | None]:
    """Return when a client was last seen, and its last beat; None where it was not."""
    row = await repository.last_said(session, client_id)
    return (None, None) if row is None else (row.last_seen_at, row.status)


async def list_back(session: AsyncSession, heard: Mapping[str, datetime], rule: PresenceRule) -> set[str]:
    """Return who was silent on every server until now, told when each was heard: screens may call it stale."""
    suspect = max(heard.values()) - timedelta(seconds=rule.stale_after_s)
    rows = await repository.list_silent(session, heard, suspect)
    return {id_ for id_, at, every_s in rows if at and (heard[id_] - at).total_seconds() >= rule.stale_s(every_s)}


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
