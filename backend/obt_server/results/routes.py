"""Listing and looking at results, and at the telemetry of jobs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from obt_core.results import Grade
from obt_core.telemetry import Telemetry
from obt_core.wire import ClientId, ModelName, Slug
from obt_server.auth.permissions import Permission, allow
from obt_server.db import ReadSession
from obt_server.errors import NotFoundError, problems
from obt_server.jobs import service as jobs
from obt_server.paging import After, Limit, from_cursor
from obt_server.results import points as sample_points
from obt_server.results import service, telemetry
from obt_server.results.repository import Filter
from obt_server.results.schemas import ResultDetail, Results, SamplePoints
from obt_server.results.thinning import POINTS_MAX, POINTS_MIN

router = APIRouter(tags=["results"])


@router.get("/results", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_results(
    session: ReadSession,
    session_id: UUID | None = None,
    client_id: ClientId | None = None,
    model: ModelName | None = None,
    suite: Slug | None = None,
    grade: Grade | None = None,
    after: After = None,
    limit: Limit = 100,
) -> Results:
    """Results, newest first, narrowed to what is asked."""
    narrow = Filter(session_id, client_id, model, suite, grade, from_cursor(after))
    return await service.list_page(session, narrow, limit)


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
