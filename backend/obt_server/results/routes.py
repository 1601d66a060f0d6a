"""Listing and looking at results."""

from uuid import UUID

from fastapi import APIRouter

from obt_core.results import Grade
from obt_core.wire import ClientId, ModelName, Slug
from obt_server.auth.permissions import Permission, allow
from obt_server.db import ReadSession
from obt_server.errors import NotFoundError, problems
from obt_server.jobs import service as jobs
from obt_server.paging import After, Limit, from_cursor
from obt_server.results import service
from obt_server.results.repository import Filter
from obt_server.results.schemas import ResultDetail, Results

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
