"""Where results stand, for who watches: how many there are, and the newest of each client. Results are never read."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_server.results.tables import CellLevel, LatestResultRow, ResultCellRow


@dataclass(frozen=True, slots=True)
class Newest:
    """What a client measured last. `decode_tokens_per_s` is None where it was not measured."""

    model: str
    decode_tokens_per_s: float | None


async def totals(session: AsyncSession) -> dict[JobStatus, int]:
    """Return how many results there are of each status, out of the counts that are kept."""
    status, total = ResultCellRow.status, func.sum(ResultCellRow.total)
    statement = select(status, total).where(ResultCellRow.level == CellLevel.CLIENTS).group_by(status)
    return {JobStatus(one): int(count) for one, count in await session.execute(statement)}


async def newest_of(session: AsyncSession, client_ids: Collection[str]) -> dict[str, Newest]:
    """Return the newest completed result of each of those clients that has one."""
    row = LatestResultRow
    statement = select(row.client_id, row.model, row.decode_tokens_per_s).where(row.client_id.in_(client_ids))
    found = await session.execute(statement.order_by(row.ended_at))
    return {client_id: Newest(model, rate) for client_id, model, rate in found}
