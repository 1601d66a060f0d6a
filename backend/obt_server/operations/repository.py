"""SQL of operations. Every change of state is an UPDATE that names the states it may come from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.operations import ENDED, OperationStatus, sources_of
from obt_server.db import WhichClient
from obt_server.operations.tables import OperationRow
from obt_server.paging import Key

CHANGED_A_TURN = 5_000
"""A statement takes so many parameters and not all; what is left over has its turn with the next sweep."""
OPEN = frozenset(OperationStatus) - ENDED


async def move(
    session: AsyncSession, operation_ids: Iterable[UUID], target: OperationStatus, **values: Any
) -> list[OperationRow]:
    """Move operations to `target` where that is allowed from where they are; return those that moved."""
    statement = (
        update(OperationRow)
        .where(OperationRow.id.in_(list(operation_ids)), OperationRow.status.in_(sources_of(target)))
        .values(status=target, **values)
        .returning(OperationRow)
        .execution_options(populate_existing=True)
    )
    return list((await session.scalars(statement)).all())


async def set_values(session: AsyncSession, operation_id: UUID, **values: Any) -> None:
    """Change columns that are no state."""
    await session.execute(update(OperationRow).where(OperationRow.id == operation_id).values(**values))


def has_open(client_id: WhichClient) -> ColumnElement[bool]:
    """Whether this client has an operation that did not end: a question to be asked with others."""
    return exists().where(OperationRow.client_id == client_id, OperationRow.status.in_(OPEN))


async def first_waiting(session: AsyncSession, client_id: str) -> OperationRow | None:
    """Return what this client does now, or else what it does next."""
    statement = (
        select(OperationRow)
        .where(OperationRow.client_id == client_id, OperationRow.status.in_(OPEN))
        .order_by(
            case((OperationRow.status == OperationStatus.RUNNING, 0), else_=1),
            OperationRow.created_at,
            OperationRow.position,
        )
        .limit(1)
    )
    return await session.scalar(statement)


async def goes_before(session: AsyncSession, client_id: str, moment: datetime) -> bool:
    """Whether an operation runs there, or waits there since before `moment`."""
    statement = select(OperationRow.id).where(
        OperationRow.client_id == client_id,
        or_(
            OperationRow.status == OperationStatus.RUNNING,
            and_(OperationRow.status == OperationStatus.QUEUED, OperationRow.created_at < moment),
        ),
    )
    return await session.scalar(statement.limit(1)) is not None


async def list_rows(session: AsyncSession, operation_ids: Iterable[UUID]) -> list[OperationRow]:
    """Return those operations, newest first, those asked for together in their order."""
    return await _scalars(session, select(OperationRow).where(OperationRow.id.in_(list(operation_ids))))


async def of_batch(session: AsyncSession, batch_id: UUID) -> list[OperationRow]:
    """Return what was asked for together, in its order."""
    return await _scalars(session, select(OperationRow).where(OperationRow.batch_id == batch_id))


async def list_open(session: AsyncSession, limit: int) -> list[OperationRow]:
    """Return operations that have not ended: those that run first, then those that wait, the oldest first."""
    statement = select(OperationRow).where(OperationRow.status.in_(OPEN))
    running = case((OperationRow.status == OperationStatus.RUNNING, 0), else_=1)
    statement = statement.order_by(running, OperationRow.created_at, OperationRow.position).limit(limit)
    return list(await session.scalars(statement))


async def list_page(
    session: AsyncSession, filters: Mapping[str, Sequence[Any]], after: Key | None, limit: int
) -> list[OperationRow]:
    """Return operations whose columns have one of the given values each, newest first."""
    statement = select(OperationRow).limit(limit)
    for column, values in filters.items():
        if values:
            statement = statement.where(getattr(OperationRow, column).in_(list(values)))
    if after is not None:
        statement = statement.where(tuple_(OperationRow.created_at, OperationRow.id) < tuple_(*after))
    return await _scalars(session, statement)


async def open_of(session: AsyncSession, client_ids: Iterable[str]) -> list[OperationRow]:
    """Return what has not ended on those clients, in the order in which it will be done."""
    statement = select(OperationRow).where(OperationRow.client_id.in_(list(client_ids)), OperationRow.status.in_(OPEN))
    return list(await session.scalars(statement.order_by(OperationRow.created_at, OperationRow.position)))


async def expired(session: AsyncSession, now: datetime) -> list[UUID]:
    """Return operations whose lease ran out. One that is changed at this moment is left for the next time."""
    statement = select(OperationRow.id).where(
        OperationRow.status == OperationStatus.RUNNING, OperationRow.lease_expires_at < now
    )
    return list(await session.scalars(statement.with_for_update(skip_locked=True)))


async def clients_waited_for(session: AsyncSession) -> set[str]:
    """Return the clients that operations wait for."""
    statement = select(OperationRow.client_id).where(OperationRow.status == OperationStatus.QUEUED)
    return set((await session.scalars(statement.distinct())).all())


async def queued_for(
    session: AsyncSession, client_ids: Iterable[str], before: datetime | None = None
) -> list[OperationRow]:
    """Return operations that wait for one of those clients, since before a moment; at most a turn's worth."""
    statement = select(OperationRow).where(
        OperationRow.status == OperationStatus.QUEUED, OperationRow.client_id.in_(list(client_ids))
    )
    if before is not None:
        statement = statement.where(OperationRow.created_at < before)
    return list(await session.scalars(statement.limit(CHANGED_A_TURN)))


async def _scalars(session: AsyncSession, statement: Select[OperationRow]) -> list[OperationRow]:
    # The IDs of a batch are made in the order of their positions, so that this order is a key for pages too.
    ordered = statement.order_by(OperationRow.created_at.desc(), OperationRow.id.desc())
    return list(await session.scalars(ordered))
