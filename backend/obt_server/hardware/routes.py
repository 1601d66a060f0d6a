"""Looking at what a client's machine is and was."""

from typing import Annotated

from fastapi import APIRouter, Path

from obt_core.wire import ClientId
from obt_server.auth.permissions import Permission, allow
from obt_server.db import ReadSession
from obt_server.errors import problems
from obt_server.hardware import service
from obt_server.hardware.schemas import ClientHardware

router = APIRouter(tags=["clients"])


@router.get("/clients/{client_id}/hardware", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_hardware(client_id: Annotated[ClientId, Path()], session: ReadSession) -> ClientHardware:
    """A client's hardware with its history: results point into it by its fingerprint."""
    return await service.history(session, client_id)
