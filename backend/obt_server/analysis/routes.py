"""Comparing results, and looking at series over time."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints
from starlette.requests import HTTPConnection

from obt_core.suites import Metric
from obt_core.wire import ClientId, ModelName, Slug
from obt_server.analysis import service, trends
from obt_server.analysis.schemas import COMPARED_MAX, POINTS_MAX, ComparisonView, SampleValues, SeriesList, Trend
from obt_server.analysis.shelf import Desk
from obt_server.analysis.trends import AfterSeries, from_series_cursor
from obt_server.auth.permissions import Permission, allow
from obt_server.db import ReadSession
from obt_server.errors import problems
from obt_server.paging import After, Limit, from_cursor
from obt_server.results.series import SeriesFilter

router = APIRouter(tags=["analysis"])
ResultIds = Annotated[
    list[UUID],
    Query(min_length=1, max_length=COMPARED_MAX, description="Repeated; the first is the baseline."),
]
SeriesHash = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9a-f]{64}$")]
Search = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Words of names.")]
Points = Annotated[int, Query(ge=1, le=POINTS_MAX, description="Results a page.")]


def get_desk(connection: HTTPConnection) -> Desk:
    """Return what comparisons of this server share."""
    return connection.app.state.desk


DeskOf = Annotated[Desk, Depends(get_desk)]


@router.get("/compare", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def compare_results(session: ReadSession, desk: DeskOf, result_id: ResultIds) -> ComparisonView:
    """Results against the first of them: differences with their intervals, verdicts, and what else differs."""
    return await service.compare(session, desk, result_id)


@router.get("/compare/samples", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def compare_samples(
    session: ReadSession, desk: DeskOf, result_id: ResultIds, workload: Slug, metric: Metric
) -> SampleValues:
    """The samples behind one metric of one workload, of each result at most some hundreds, evenly chosen."""
    return await service.values(session, desk, result_id, workload, metric)


@router.get("/series", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_series(
    session: ReadSession,
    client_id: ClientId | None = None,
    model: ModelName | None = None,
    suite: Slug | None = None,
    q: Search = "",
    after: AfterSeries = None,
    limit: Limit = 50,
) -> SeriesList:
    """Series on clients, that which was measured last first, narrowed to what is asked."""
    narrow = SeriesFilter(client_id, model, suite, after=from_series_cursor(after))
    return await trends.list_page(session, narrow, q, limit)


@router.get("/series/{series}", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_series(
    session: ReadSession,
    series: SeriesHash,
    client_id: ClientId | None = None,
    after: After = None,
    limit: Points = 200,
) -> Trend:
    """The results of a series on one client, newest first, with what changed between them.

    Machines of the same parts share a series: without `client_id`, that which measured last is shown.
    """
    return await trends.trend(session, series, client_id, from_cursor(after), limit)
