"""SQL of the audit log: add, read, forget what is old. Nothing changes a row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.audit.schemas import AuditFilter
from obt_server.audit.tables import AuditRow


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write deeds down."""
    await session.execute(insert(AuditRow), rows)


async def page(session: AsyncSession, wish: AuditFilter, before_id: int | None, limit: int) -> list[AuditRow]:
    """Return deeds, newest first, from before that one."""
    statement = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    for column, part in ((AuditRow.actor, wish.actor), (AuditRow.subject, wish.subject)):
        statement = statement if part is None else statement.where(column.icontains(part, autoescape=True))
    if wish.action is not None:
        statement = statement.where(AuditRow.action.startswith(wish.action, autoescape=True))
    if wish.begin is not None:
        statement = statement.where(AuditRow.at >= wish.begin)
    if wish.end is not None:
        statement = statement.where(AuditRow.at < wish.end)
    if before_id is not None:
        statement = statement.where(AuditRow.id < before_id)
    return list(await session.scalars(statement))


async def forget(session: AsyncSession, before: datetime) -> int:
    """Forget what was done before that moment; return how many deeds."""
    found = await session.execute(delete(AuditRow).where(AuditRow.at < before).returning(AuditRow.id))
    return len(found.all())
