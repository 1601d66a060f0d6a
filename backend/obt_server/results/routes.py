"""Listing and looking at results, and at the telemetry of jobs."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from obt_core.results import Summary
from obt_core.telemetry import Telemetry
from obt_core.wire import ClientId
from obt_server import __version__
from obt_server.auth.permissions import Permission, allow
from obt_server.compact import NOT_MODIFIED, Kept, etag_of, kept_as
from obt_server.db import ReadSession
from obt_server.errors import NotFoundError, problems
from obt_server.jobs import service as jobs
from obt_server.paging import Limit
from obt_server.results import latest, service, telemetry
from obt_server.results import points as sample_points
from obt_server.results.cursors import ResultPage
from obt_server.results.filters import ResultFilter
from obt_server.results.schemas import LatestColumns, LatestResults, ResultDetail, ResultFacets, Results, SamplePoints
from obt_server.results.thinning import POINTS_MAX, POINTS_MIN
from obt_server.suites import service as suites

router = APIRouter(tags=["results"])
LATEST_CLIENTS_MAX = 200
"""With the longest of IDs they fit into an address, which may have 16,384 bytes."""


@router.get("/results", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_results(session: ReadSession, wish: Annotated[ResultPage, Query()]) -> Results:
    """Results, newest first or in another order, narrowed to what is asked. A repeated parameter means any of them."""
    return await service.list_page(session, wish)


@router.get("/results/facets", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def count_results(session: ReadSession, wish: Annotated[ResultFilter, Query()]) -> ResultFacets:
    """How many results there are of each client, model, quantization ... under a filter.

    The counts of a facet ignore the facet's own choice: they tell what another choice would give.
    """
    return await service.count(session, wish)


@router.get(
    "/results/latest",
    dependencies=[allow(Permission.READ)],
    responses=problems(401, 403) | NOT_MODIFIED,
    response_model=LatestResults,
)
async def list_latest(
    request: Request,
    session: ReadSession,
    kept: Annotated[Kept, Depends(kept_as("latest results"))],
    client_id: Annotated[list[ClientId] | None, Query(max_length=LATEST_CLIENTS_MAX)] = None,
) -> Response:
    """The newest completed result of each model on each client, or on those clients; of all with an ETag."""
    if client_id:
        return Response(await latest.to_document(session, client_id), media_type="application/json")
    etag = etag_of(__version__, await latest.fingerprint(session))
    return await kept.answer(request, etag, partial(latest.to_document, session))


@router.get(
    "/results/latest/columns",
    dependencies=[allow(Permission.READ)],
    responses=problems(401, 403) | NOT_MODIFIED,
    response_model=LatestColumns,
)
async def list_latest_columns(
    request: Request, session: ReadSession, kept: Annotated[Kept, Depends(kept_as("latest results in columns"))]
) -> Response:
    """The newest completed result of each model on each client, column by column, with an ETag."""
    etag = etag_of(__version__, "columns", await latest.fingerprint(session))
    return await kept.answer(request, etag, partial(latest.to_columns, session))


@router.get("/results/{result_id}", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_result(result_id: UUID, session: ReadSession) -> ResultDetail:
    """One result with every sample, its environment and its suite."""
    found = await jobs.list_views(session, [result_id])
    if not found:
        raise NotFoundError(f"There is no result {result_id}.")
    return await service.detail(session, result_id, found[0])


@router.get("/jobs/{job_id}/samples", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_samples(
    job_id: UUID,
    session: ReadSession,
    after: Annotated[int, Query(ge=0, le=1_000_000, description="The number of the last sample known.")] = 0,
    limit: Limit = 500,
) -> SamplePoints:
    """Samples of a job without their chunks, from behind a number on; of one that is running, what has come so far."""
    if not await jobs.list_views(session, [job_id]):
        raise jobs.JobNotFoundError(f"There is no job {job_id}.")
    return await sample_points.page(session, job_id, after, limit)


@router.get("/jobs/{job_id}/summary", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_summary(job_id: UUID, session: ReadSession) -> Summary:
    """What a job's samples come to; of one that is running, those that have come so far."""
    found = await jobs.list_views(session, [job_id])
    if not found:
        raise jobs.JobNotFoundError(f"There is no job {job_id}.")
    return await sample_points.summary(session, job_id, await suites.find(session, found[0].suite_hash))


@router.get("/jobs/{job_id}/telemetry", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_telemetry(
    job_id: UUID,
    session: ReadSession,
    points: Annotated[
        int | None,
        Query(ge=POINTS_MIN, le=POINTS_MAX, description="At most so many ticks; without it, all that there are."),
    ] = None,
) -> Telemetry:
    """What the machine did while a job was measured; of one that is running, what has come so far.

    With `points`, ticks that follow each other are put together: a mean, of `energy_j` the last, of `throttle` every
    bit; each stands at the last of them. The first tick stays.
    """
    return await telemetry.find(session, job_id, points)
