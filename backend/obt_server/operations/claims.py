"""Giving operations to clients, one at a time each, and hearing how they fare."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.operations import OperationOutcome, OperationProgress, OperationSpec, OperationStatus
from obt_server.config import Settings
from obt_server.db import WhichClient, announce
from obt_server.errors import ForbiddenError
from obt_server.events import OperationChanged
from obt_server.operations import repository
from obt_server.operations.service import OperationNotFoundError, operation_of
from obt_server.operations.tables import OperationRow

_MAY_GO_ON = frozenset({OperationStatus.RUNNING, OperationStatus.LOST})


def has_open(client_id: WhichClient) -> ColumnElement[bool]:
    """Whether this client has an operation that did not end: for `clients.stored`."""
    return repository.has_open(client_id)


async def goes_before(session: AsyncSession, client_id: str, moment: datetime) -> bool:
    """Whether an operation runs on that client, or was asked of it before `moment`: then a job of then waits."""
    return await repository.goes_before(session, client_id, moment)


async def waits_since(session: AsyncSession, client_id: str) -> datetime | None:
    """Return since when the operation waits that a claim of this client would get; None if there is none."""
    row = await repository.first_waiting(session, client_id)
    return row.created_at if row is not None and _may_be_given(row) else None


async def claim(session: AsyncSession, client_id: str, settings: Settings, now: datetime) -> OperationSpec | None:
    """Give this client its next operation. The caller has made sure that nothing is measured there.

    A client whose earlier claim was answered into the void gets the same again: it has not begun with it.
    """
    row = await repository.first_waiting(session, client_id)
    if row is None or not _may_be_given(row):
        return None
    lease = now + timedelta(seconds=settings.lease_s)
    if row.status == OperationStatus.QUEUED:
        moved = await repository.move(session, [row.id], OperationStatus.RUNNING, lease_expires_at=lease)
        announce(session, *(OperationChanged(one.id, one.client_id) for one in moved))
        if not moved:
            return None
    else:
        await repository.set_values(session, row.id, lease_expires_at=lease)
    return OperationSpec(operation_id=row.id, operation=operation_of(row), lease_s=settings.lease_s)


def _may_be_given(row: OperationRow) -> bool:
    """What its client has begun with is not given again."""
    return row.status == OperationStatus.QUEUED or row.started_at is None


async def own(session: AsyncSession, client_id: str, operation_id: UUID, *, to_change: bool = False) -> OperationRow:
    """Return an operation of this client. Raises OperationNotFoundError, or ForbiddenError for that of another."""
    row = await session.get(OperationRow, operation_id, with_for_update=to_change)
    if row is None:
        raise OperationNotFoundError(f"There is no operation {operation_id}.")
    if row.client_id != client_id:
        raise ForbiddenError("This operation belongs to another client.")
    return row


def may_go_on(row: OperationRow) -> bool:
    """Whether the client that does this should go on; a lost operation is found again by going on."""
    return row.status in _MAY_GO_ON


async def renew(
    session: AsyncSession, row: OperationRow, progress: OperationProgress | None, settings: Settings, now: datetime
) -> bool:
    """Renew the lease of an operation that its client does; False when it should stop."""
    if row.status == OperationStatus.LOST:
        moved = await repository.move(session, [row.id], OperationStatus.RUNNING, ended_at=None)
        row = moved[0] if moved else row
    if row.status != OperationStatus.RUNNING:
        return False
    values = {} if progress is None else {"progress": progress.model_dump(mode="json")}
    lease = now + timedelta(seconds=settings.lease_s)
    is_begun, started_at = row.started_at is not None, row.started_at or now
    await repository.set_values(session, row.id, started_at=started_at, lease_expires_at=lease, **values)
    if progress is not None or not is_begun:
        announce(session, OperationChanged(row.id, row.client_id))
    return True


async def finish(session: AsyncSession, row: OperationRow, outcome: OperationOutcome) -> OperationStatus:
    """Apply a client's last word. Where the state may not change any more, it stays."""
    moved = await repository.move(
        session,
        [row.id],
        OperationStatus(outcome.status),
        started_at=row.started_at or outcome.started_at,
        ended_at=outcome.ended_at,
        error=outcome.error.model_dump(mode="json") if outcome.error else None,
        lease_expires_at=None,
    )
    announce(session, *(OperationChanged(one.id, one.client_id) for one in moved))
    return OperationStatus((moved[0] if moved else row).status)
