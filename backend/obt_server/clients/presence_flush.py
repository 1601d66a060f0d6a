"""Writes down when clients were last seen and what of their beats is no news: hundreds a second.

What is news is not touched: another server may have heard other news since, and pages would not be told of these.

Plain SQL with values that are ready for the driver: to adapt one by one what is adapted alike costs more than to write.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import news
from obt_server.db import Document

Seen = Mapping[str, tuple[datetime, Document]]
_SQLITE = text(
    "UPDATE clients SET last_seen_at = :at, status = json_patch(status, :passing), offline_since = NULL"
    " WHERE id = :id AND (last_seen_at IS NULL OR last_seen_at <= :at)"
)
# In the order of their IDs, so that two who write wait for each other and never both.
_POSTGRESQL = text(
    "WITH seen AS (SELECT clients.id, told.at, told.passing FROM clients"
    " JOIN unnest(CAST(:ids AS text[]), CAST(:ats AS timestamptz[]), CAST(:passing AS text[]))"
    " AS told (id, at, passing) ON clients.id = told.id WHERE last_seen_at IS NULL OR last_seen_at <= told.at"
    " ORDER BY clients.id FOR NO KEY UPDATE OF clients)"
    " UPDATE clients SET last_seen_at = seen.at, offline_since = NULL, status = status || CAST(seen.passing AS jsonb)"
    " FROM seen WHERE clients.id = seen.id"
)


async def flush(session: AsyncSession, seen: Seen) -> None:
    """Write it down, but for whom news was stored since."""
    if session.get_bind().dialect.name == "postgresql":
        ats, passing = [at for at, _ in seen.values()], [_text(said) for _, said in seen.values()]
        await session.execute(_POSTGRESQL, {"ids": list(seen), "ats": ats, "passing": passing})
        return
    rows = [{"id": client_id, "at": _as_stored(at), "passing": _text(said)} for client_id, (at, said) in seen.items()]
    await session.execute(_SQLITE, rows)


def _text(said: Document) -> str:
    """JSON of what passes, not its bytes: SQLite would keep those as such, and no other database takes them for it."""
    return to_json({field: said.get(field) for field in news.PASSING}).decode()


def _as_stored(at: datetime) -> str:
    """As SQLAlchemy writes a moment into SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
