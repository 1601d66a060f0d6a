"""SQL of clients."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients.tables import ClientRow
from obt_server.db import Document


async def list_rows(session: AsyncSession, ids: Iterable[str] | None = None) -> list[ClientRow]:
    """Return clients that are not archived, by name; or those with the given IDs."""
    statement = select(ClientRow).order_by(ClientRow.name, ClientRow.id)
    statement = statement.where(ClientRow.archived_at.is_(None) if ids is None else ClientRow.id.in_(list(ids)))
    return list(await session.scalars(statement))


async def list_seen(
    session: AsyncSession, ids: Iterable[str] | None = None
) -> Sequence[Row[str, datetime | None, float, datetime | None]]:
    """Return what presence is judged by, of clients that are not archived or of those with the given IDs."""
    statement = select(ClientRow.id, ClientRow.last_seen_at, ClientRow.interval_s, ClientRow.offline_since)
    statement = statement.where(ClientRow.archived_at.is_(None) if ids is None else ClientRow.id.in_(list(ids)))
    return (await session.execute(statement)).all()


async def get_to_change(session: AsyncSession, client_id: str) -> ClientRow:
    """Return one client, which exists; two who change it take turns."""
    return await session.get_one(ClientRow, client_id, with_for_update=True)


async def labels(session: AsyncSession) -> Sequence[Row[str, str, list[str]]]:
    """Return ID, name and tags of all clients, archived ones too: their results stay."""
    return (await session.execute(select(ClientRow.id, ClientRow.name, ClientRow.tags))).all()


async def names(session: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those clients."""
    found = await session.execute(select(ClientRow.id, ClientRow.name).where(ClientRow.id.in_(set(ids))))
    return {row.id: row.name for row in found}


async def set_values(session: AsyncSession, client_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of one client."""
    await session.execute(update(ClientRow).where(ClientRow.id == client_id).values(**values))


async def flush_presence(session: AsyncSession, seen: Mapping[str, tuple[datetime, Document]]) -> None:
    """Write down when clients were last seen and what they said: one statement, executed for many.

    What was written since stays. In the order of their IDs, so that two who write wait for each other and never both.
    """
    table = ClientRow.__table__
    statement = (
        update(ClientRow)
        .where(table.c.id == bindparam("client"))
        # News may have been stored since this was said.
        .where(or_(table.c.last_seen_at.is_(None), table.c.last_seen_at <= bindparam("at")))
        .values(last_seen_at=bindparam("at"), status=bindparam("said"), offline_since=None)
        .execution_options(synchronize_session=False)
    )
    rows = [{"client": client_id, "at": at, "said": said} for client_id, (at, said) in sorted(seen.items())]
    await (await session.connection()).execute(statement, rows)


async def mark_offline(session: AsyncSession, last_seen: Mapping[str, datetime | None], now: datetime) -> None:
    """Note since when clients are offline, as far as nothing was heard of them since they were last seen."""
    table = ClientRow.__table__
    statement = (
        update(ClientRow)
        .where(table.c.id == bindparam("client"), table.c.offline_since.is_(None))
        .where(table.c.last_seen_at <= bindparam("at"))
        .values(offline_since=now)
        .execution_options(synchronize_session=False)
    )
    rows = [{"client": client_id, "at": at} for client_id, at in sorted(last_seen.items())]
    await (await session.connection()).execute(statement, rows)


async def archive_unseen_since(session: AsyncSession, moment: datetime, now: datetime) -> list[str]:
    """Archive clients that were last seen before `moment`, or came never and enrolled before it; return their IDs."""
    statement = (
        update(ClientRow)
        .where(ClientRow.archived_at.is_(None), func.coalesce(ClientRow.last_seen_at, ClientRow.enrolled_at) < moment)
        .values(archived_at=now)
        .returning(ClientRow.id)
    )
    return list((await session.scalars(statement)).all())
