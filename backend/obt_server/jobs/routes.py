"""What people do with single jobs."""

from uuid import UUID

from fastapi import APIRouter

from obt_server.auth.permissions import Permission, allow
from obt_server.context import Now
from obt_server.db import WriteSession
from obt_server.errors import problems
from obt_server.jobs import service

router = APIRouter(tags=["jobs"])


@router.post(
    "/jobs/{job_id}/cancel",
    status_code=204,
    dependencies=[allow(Permission.OPERATE)],
    responses=problems(401, 403, 404, 409),
)
async def cancel_job(job_id: UUID, session: WriteSession, now: Now) -> None:
    """Cancel one job. What was measured is kept."""
    await service.cancel_one(session, job_id, now)
