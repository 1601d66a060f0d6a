"""What would go, for administrators. Nothing here deletes: the server does it by itself, and `obt-server retention`."""

from fastapi import APIRouter

from obt_server.auth.permissions import Permission, allow
from obt_server.context import Now, SettingsOf
from obt_server.db import ReadSession
from obt_server.errors import problems
from obt_server.retention import service
from obt_server.retention.schemas import Retention

router = APIRouter(tags=["retention"])


@router.get("/retention", dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403))
async def preview_retention(session: ReadSession, settings: SettingsOf, now: Now) -> Retention:
    """What is too old now by the settings, and would go: of each kind how many rows, how long, how old."""
    return await service.preview(session, settings, now)
