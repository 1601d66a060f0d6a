"""Listing models."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from obt_core.wire import ClientId
from obt_server.auth.permissions import Permission, allow
from obt_server.compact import NOT_MODIFIED, Kept, kept_as
from obt_server.db import ReadSession
from obt_server.errors import problems
from obt_server.models import listing
from obt_server.models.schemas import Models

router = APIRouter(tags=["models"])


@router.get(
    "/models",
    dependencies=[allow(Permission.READ)],
    response_model=Models,
    responses=problems(401, 403) | NOT_MODIFIED,
)
async def list_models(
    request: Request,
    session: ReadSession,
    kept: Annotated[Kept, Depends(kept_as("models"))],
    client_id: Annotated[ClientId | None, Query(description="Only this client's; none if it is not there.")] = None,
) -> Response:
    """Every model, and on which clients it is. With an ETag, which no heartbeat changes."""
    told = await listing.holders(session, client_id)
    of = kept if client_id is None else Kept()
    return await of.answer(request, told.etag, partial(listing.body, session, told, client_id))
