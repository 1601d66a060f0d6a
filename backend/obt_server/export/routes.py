"""Results to take away: tables of all that a filter leaves, and reports of a few."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import Field

from obt_server.auth.permissions import Permission, allow
from obt_server.context import Now
from obt_server.db import Database, ReadSession, get_database
from obt_server.errors import problems
from obt_server.export import service
from obt_server.export.service import Format
from obt_server.results.cursors import SORT_PATTERN
from obt_server.results.filters import ResultFilter

REPORTED_MOST = 50
router = APIRouter(tags=["export"])


class ExportWish(ResultFilter):
    """All that a filter leaves, in an order of the list of results."""

    sort: str = Field(default="-ended_at", max_length=40, pattern=SORT_PATTERN, description="As of `GET /results`.")


@router.get(
    "/export/results.{kind}",
    dependencies=[allow(Permission.READ)],
    responses={200: {"content": {media: {} for media in service.MEDIA.values()}}, **problems(401, 403)},
    response_class=StreamingResponse,
)
async def export_results(
    kind: Format,
    wish: Annotated[ExportWish, Query()],
    db: Annotated[Database, Depends(get_database)],
    now: Now,
) -> StreamingResponse:
    """All results that a filter leaves, as CSV, JSON or Markdown: units stand in the heads, numbers are as measured.

    Written page by page while it is sent, however many there are.
    """
    name = f"obt-results-{now:%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(service.tables(db, wish, wish.sort, kind), 200, headers, service.MEDIA[kind])


@router.get(
    "/export/report",
    dependencies=[allow(Permission.READ)],
    responses=problems(401, 403, 404),
    response_class=HTMLResponse,
)
async def export_report(
    session: ReadSession,
    now: Now,
    result_id: Annotated[list[UUID], Query(min_length=1, max_length=REPORTED_MOST)],
) -> HTMLResponse:
    """A report of some results as one page that needs nothing else: it can be saved, sent and printed."""
    page = await service.report(session, result_id, now)
    name = f"obt-report-{now:%Y-%m-%d}.html"
    headers = {
        "Content-Security-Policy": service.REPORT_POLICY,
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HTMLResponse(page, headers=headers)
