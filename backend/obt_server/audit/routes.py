"""The audit log for administrators: to read and to take away. There is no route that changes it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from obt_server.audit import service
from obt_server.audit.schemas import AuditFilter, AuditPage, AuditWish
from obt_server.audit.service import LogFormat
from obt_server.auth.permissions import Permission, allow
from obt_server.context import Now, SettingsOf
from obt_server.db import Database, ReadSession, get_database
from obt_server.errors import problems

router = APIRouter(tags=["audit"])
ADMINISTER = [allow(Permission.ADMINISTER)]


class AuditExport(AuditFilter):
    """All that a filter leaves."""

    format: LogFormat = Field(default=LogFormat.CSV, description="Of the file.")


@router.get("/audit", dependencies=ADMINISTER, responses=problems(401, 403))
async def list_audit(session: ReadSession, wish: Annotated[AuditWish, Query()], settings: SettingsOf) -> AuditPage:
    """Who did what to which, and from where: newest first."""
    return await service.page(session, wish, settings)


@router.get(
    "/audit/export",
    dependencies=ADMINISTER,
    responses={200: {"content": {media: {} for media in service.MEDIA.values()}}, **problems(401, 403)},
    response_class=StreamingResponse,
)
async def export_audit(
    wish: Annotated[AuditExport, Query()], db: Annotated[Database, Depends(get_database)], now: Now
) -> StreamingResponse:
    """All that a filter leaves, as CSV or JSON, written while it is sent."""
    headers = {
        "Content-Disposition": f'attachment; filename="obt-audit-{now:%Y-%m-%d}.{wish.format}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(service.export(db, wish, wish.format), 200, headers, service.MEDIA[wish.format])
