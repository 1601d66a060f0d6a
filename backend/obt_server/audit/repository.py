"""SQL of the audit log: add, read. Nothing changes a row; what is old goes by `aging`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
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
