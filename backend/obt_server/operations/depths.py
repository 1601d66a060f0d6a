"""How long the queue of operations is: what is open alone, along the index of statuses."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.operations import OperationStatus
from obt_server.operations.tables import OperationRow

OPEN = (OperationStatus.QUEUED, OperationStatus.RUNNING)


async def by_status(session: AsyncSession) -> dict[OperationStatus, int]:
    """Return how many operations there are of each status that is not an end."""
    status = OperationRow.status
    statement = select(status, func.count()).where(status.in_(OPEN)).group_by(status)
    found = {OperationStatus(one): count for one, count in await session.execute(statement)}
    return {one: found.get(one, 0) for one in OPEN}
