"""Asking for operations on models, looking at them, cancelling them, asking again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from obt_core.operations import OperationStatus
from obt_core.wire import ClientId, ModelName
from obt_server.auth.permissions import Permission, Sender, allow
from obt_server.context import Now
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems
from obt_server.operations import service
from obt_server.operations.schemas import NewOperations, OperationKind, OperationPage, Operations, OperationView
from obt_server.paging import After, Limit, from_cursor

router = APIRouter(tags=["operations"])
OPERATE = [allow(Permission.OPERATE)]
_MANY = "Repeated: one of these."
ClientIds = Annotated[list[ClientId], Query(max_length=50, description=_MANY)]
Kinds = Annotated[list[OperationKind], Query(max_length=20, description=_MANY)]
Statuses = Annotated[list[OperationStatus], Query(max_length=20, description=_MANY)]
Models = Annotated[list[ModelName], Query(max_length=50, description=_MANY)]
BatchIds = Annotated[list[UUID], Query(max_length=50, description=_MANY)]


@router.post("/operations", status_code=201, dependencies=OPERATE, responses=problems(401, 403, 404))
async def create_operations(body: NewOperations, sender: Sender, session: WriteSession, now: Now) -> Operations:
    """Have something done to models on clients. What cannot be done is stored as skipped, with its reason."""
    return await service.create(session, body, sender.label, now)


@router.get("/operations", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_operations(
    session: ReadSession,
    client_id: ClientIds = [],  # noqa: B006 - FastAPI copies it
    kind: Kinds = [],  # noqa: B006
    status: Statuses = [],  # noqa: B006
    model: Models = [],  # noqa: B006
    batch_id: BatchIds = [],  # noqa: B006
    after: After = None,
    limit: Limit = 100,
) -> OperationPage:
    """Operations, newest first: the record of who asked for what, and what became of it."""
    filters = {"client_id": client_id, "kind": kind, "status": status, "model": model, "batch_id": batch_id}
    return await service.list_page(session, filters, from_cursor(after), limit)


@router.post("/operations/{operation_id}/cancel", dependencies=OPERATE, responses=problems(401, 403, 404, 409))
async def cancel_operation(operation_id: UUID, sender: Sender, session: WriteSession, now: Now) -> OperationView:
    """Cancel one operation. One that runs is stopped by its client."""
    return await service.cancel(session, operation_id, sender.label, now)


@router.post("/operations/batches/{batch_id}/cancel", dependencies=OPERATE, responses=problems(401, 403, 404))
async def cancel_operation_batch(batch_id: UUID, sender: Sender, session: WriteSession, now: Now) -> Operations:
    """Cancel what has not ended of what was asked for together."""
    return await service.cancel_batch(session, batch_id, sender.label, now)


@router.post(
    "/operations/{operation_id}/retry", status_code=201, dependencies=OPERATE, responses=problems(401, 403, 404, 409)
)
async def retry_operation(operation_id: UUID, sender: Sender, session: WriteSession, now: Now) -> OperationView:
    """Ask for the same once more: a new operation."""
    return await service.retry(session, operation_id, sender.label, now)
