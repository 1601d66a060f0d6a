"""How long the queue of jobs is. Only what is open is counted, along the index of statuses: never what has ended."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import ACTIVE, JobStatus
from obt_server.jobs.tables import JobRow

OPEN = (JobStatus.QUEUED, *sorted(ACTIVE))


async def by_status(session: AsyncSession) -> dict[JobStatus, int]:
    """Return how many jobs there are of each status that is not an end."""
    statement = select(JobRow.status, func.count()).where(JobRow.status.in_(OPEN)).group_by(JobRow.status)
    found = {JobStatus(status): count for status, count in await session.execute(statement)}
    return {status: found.get(status, 0) for status in OPEN}


async def busy_clients(session: AsyncSession) -> frozenset[str]:
    """Return the clients that have a job in their hands."""
    return frozenset(await session.scalars(select(JobRow.client_id).where(JobRow.status.in_(ACTIVE)).distinct()))
