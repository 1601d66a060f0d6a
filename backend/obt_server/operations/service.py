"""Operations: asked for, told of, cancelled, asked for again. How a client does one: `claims`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobError
from obt_core.operations import ENDED, Operation, OperationStatus, Unload
from obt_server.audit import service as audit
from obt_server.clients import allowances
from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.config import Settings
from obt_server.db import announce
from obt_server.errors import ConflictError, NotFoundError
from obt_server.events import OperationChanged
from obt_server.models import service as models
from obt_server.operations import repository
from obt_server.operations.planning import Foreseen, Refusal, refusal, refused_by_client
from obt_server.operations.schemas import (
    NewOperation,
    NewOperations,
    OperationPage,
    Operations,
    OperationSkipReason,
    OperationView,
)
from obt_server.operations.tables import OperationRow
from obt_server.paging import Key, to_cursor

OPEN_SHOWN_MAX = 1_000
"""A browser is told so many operations that have not ended with its first message; the list has all."""
_ANY = Unload(model="any")
"""Stands for every operation where only the client is asked about."""
_AWAY = frozenset({Presence.OFFLINE, Presence.NEW})
_OPERATION: TypeAdapter[Operation] = TypeAdapter(Operation)


class OperationNotFoundError(NotFoundError):
    """No such operation."""

    code = "operation_not_found"


async def create(session: AsyncSession, wish: NewOperations, asked_by: str, now: datetime) -> Operations:
    """Queue what can be done; store what cannot as skipped, with its reason. Raises NotFoundError."""
    rows = await _store(session, wish.each(), asked_by, now)
    return Operations(operations=await _views(session, rows))


async def retry(session: AsyncSession, operation_id: UUID, asked_by: str, now: datetime) -> OperationView:
    """Ask for the same once more, as an operation of its own. Raises ConflictError where it has not ended."""
    row = await _get(session, operation_id)
    if row.status not in ENDED:
        raise ConflictError(f"This operation has not ended: {row.status}.")
    again = NewOperation(operation=operation_of(row), client_id=row.client_id)
    return (await _views(session, await _store(session, [again], asked_by, now)))[0]


async def _store(
    session: AsyncSession, wished: Sequence[NewOperation], asked_by: str, now: datetime
) -> list[OperationRow]:
    ids = sorted({one.client_id for one in wished})
    known = await allowances.of_clients(session, ids)
    if unknown := sorted(set(ids) - known.keys()):
        raise NotFoundError(f"There is no client '{unknown[0]}'.")
    foreseen = await _foreseen(session, known)
    batch_id = uuid4()
    # In the order of their positions, newest first, so that time and ID are the key of a page.
    own_ids = sorted((uuid4() for _ in wished), reverse=True)
    rows: list[OperationRow] = []
    for position, one in enumerate(wished):
        refused = refusal(one.operation, known[one.client_id], foreseen[one.client_id])
        rows.append(_row(own_ids[position], batch_id, position, one, refused, asked_by, now))
        if refused is None:
            foreseen[one.client_id].note(one.operation)
    session.add_all(rows)
    await session.flush()
    await audit.note_all(session, [_deed("operation.asked", row) for row in rows])
    _announce(session, rows)
    return rows


def _deed(action: str, row: OperationRow) -> audit.Deed:
    after = {"kind": row.kind, "model": row.model, "client_id": row.client_id, "batch_id": str(row.batch_id)}
    return audit.Deed(action, "operation", str(row.id), after=after)


async def _foreseen(session: AsyncSession, known: dict[str, allowances.Allowance]) -> dict[str, Foreseen]:
    """What each client has installed, after all that it is still to do."""
    installed = await models.names_on(session, known)
    foreseen = {
        client_id: Foreseen.of(installed.get(client_id, {}), is_known=client.tells_models)
        for client_id, client in known.items()
    }
    for row in await repository.open_of(session, known):
        foreseen[row.client_id].note(operation_of(row))
    return foreseen


def _row(
    own_id: UUID,
    batch_id: UUID,
    position: int,
    wished: NewOperation,
    refused: Refusal | None,
    asked_by: str,
    now: datetime,
) -> OperationRow:
    return OperationRow(
        id=own_id,
        batch_id=batch_id,
        position=position,
        client_id=wished.client_id,
        kind=wished.operation.kind,
        model=wished.operation.model,
        content=wished.operation.model_dump(mode="json"),
        status=OperationStatus.SKIPPED if refused else OperationStatus.QUEUED,
        skip_reason=refused.reason if refused else None,
        error=_told(refused),
        asked_by=asked_by,
        created_at=now,
        ended_at=now if refused else None,
    )


def _told(refused: Refusal | None) -> dict[str, Any] | None:
    return refused.error.model_dump(mode="json") if refused and refused.error else None


async def cancel(session: AsyncSession, operation_id: UUID, cancelled_by: str, now: datetime) -> OperationView:
    """Cancel one operation; its client hears of it. Raises OperationNotFoundError, ConflictError where it has ended."""
    row = await _get(session, operation_id)
    moved = await _cancel(session, [operation_id], cancelled_by, now)
    if not moved and row.status != OperationStatus.CANCELLED:
        raise ConflictError(f"This operation has ended already: {row.status}.")
    return (await _views(session, moved or [row]))[0]


async def cancel_batch(session: AsyncSession, batch_id: UUID, cancelled_by: str, now: datetime) -> Operations:
    """Cancel what has not ended of what was asked for together. Raises OperationNotFoundError."""
    rows = await repository.of_batch(session, batch_id)
    if not rows:
        raise OperationNotFoundError(f"There is no batch of operations {batch_id}.")
    await _cancel(session, [row.id for row in rows if row.status not in ENDED], cancelled_by, now)
    return Operations(operations=await _views(session, await repository.of_batch(session, batch_id)))


async def _cancel(session: AsyncSession, ids: Sequence[UUID], cancelled_by: str, now: datetime) -> list[OperationRow]:
    values = {"ended_at": now, "lease_expires_at": None, "cancelled_by": cancelled_by}
    moved = await repository.move(session, ids, OperationStatus.CANCELLED, **values)
    await audit.note_all(session, [_deed("operation.cancelled", row) for row in moved])
    _announce(session, moved)
    return moved


async def mark_lost(session: AsyncSession, now: datetime) -> None:
    """Mark operations whose lease ran out as lost; their client may still come back with an outcome."""
    expired = await repository.expired(session, now)
    _announce(session, await repository.move(session, expired, OperationStatus.LOST, ended_at=now))


async def skip_hopeless(session: AsyncSession, rule: PresenceRule, settings: Settings, now: datetime) -> None:
    """Skip what waits for a client that was not there for too long, or that does not do it any more."""
    waited_for = await repository.clients_waited_for(session)
    if not waited_for:
        return
    moment = now - timedelta(seconds=settings.offline_wait_s)
    seen = await clients.list_seen(session, rule, now, waited_for)
    away = [one.id for one in seen if one.presence in _AWAY and (one.last_seen_at or moment) <= moment]
    late = await repository.queued_for(session, away, before=moment) if away else []
    await _skip(session, late, Refusal(OperationSkipReason.OFFLINE), now)
    for client in (await allowances.of_clients(session, waited_for)).values():
        if refused_by_client(_ANY, client) is not None:
            await _skip_refused(session, client, now)


async def _skip_refused(session: AsyncSession, client: allowances.Allowance, now: datetime) -> None:
    for row in await repository.queued_for(session, [client.client_id]):
        if refused := refused_by_client(operation_of(row), client):
            await _skip(session, [row], refused, now)


async def _skip(session: AsyncSession, rows: Sequence[OperationRow], why: Refusal, now: datetime) -> None:
    values = {"skip_reason": why.reason, "error": _told(why), "ended_at": now}
    ids = [row.id for row in rows]
    _announce(session, await repository.move(session, ids, OperationStatus.SKIPPED, **values) if ids else [])


async def list_views(session: AsyncSession, operation_ids: Iterable[UUID]) -> list[OperationView]:
    """Return those operations as a browser sees them."""
    return await _views(session, await repository.list_rows(session, operation_ids))


async def list_open(session: AsyncSession) -> list[OperationView]:
    """Return operations that have not ended, those that run first, then in the order in which they were asked for."""
    return await _views(session, await repository.list_open(session, OPEN_SHOWN_MAX))


async def list_page(
    session: AsyncSession, filters: Mapping[str, Sequence[Any]], after: Key | None, limit: int
) -> OperationPage:
    """Return a page of operations, newest first, whose columns have one of the given values each."""
    rows = await repository.list_page(session, filters, after, limit + 1)
    page = rows[:limit]
    following = to_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None
    return OperationPage(operations=await _views(session, page), next=following)


def operation_of(row: OperationRow) -> Operation:
    """Return what is to be done."""
    return _OPERATION.validate_python(row.content)


async def _get(session: AsyncSession, operation_id: UUID) -> OperationRow:
    row = await session.get(OperationRow, operation_id)
    if row is None:
        raise OperationNotFoundError(f"There is no operation {operation_id}.")
    return row


async def _views(session: AsyncSession, rows: Sequence[OperationRow]) -> list[OperationView]:
    names = await clients.names(session, {row.client_id for row in rows})
    return [_view(row, names.get(row.client_id, row.client_id)) for row in rows]


def _view(row: OperationRow, client_name: str) -> OperationView:
    columns = {column.key: getattr(row, column.key) for column in OperationRow.__table__.columns}
    columns["error"] = JobError.model_validate(row.error) if row.error else None
    return OperationView.model_validate({**columns, "operation": row.content, "client_name": client_name})


def _announce(session: AsyncSession, rows: Iterable[OperationRow]) -> None:
    announce(session, *(OperationChanged(row.id, row.client_id) for row in rows))
