"""SQL of samples, telemetry and results."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from obt_core.results import Sample
from obt_server.db import Document
from obt_server.results.tables import ResultRow, SampleRow, TelemetryRow

_HEAD = (
    *("job_id", "session_id", "client_id", "model", "model_digest", "quantization", "suite_name", "suite_hash"),
    *("series", "status", "grade", "reasons", "started_at", "ended_at", "sample_count"),
)


async def add_samples(session: AsyncSession, job_id: UUID, samples: Iterable[Sample]) -> None:
    """Store samples; one whose number is stored already is left as it is."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(SampleRow).on_conflict_do_nothing()
    rows = [{"job_id": job_id, "number": s.number, "content": s.model_dump(mode="json")} for s in samples]
    await session.execute(statement, rows)


async def count_samples(session: AsyncSession, job_id: UUID) -> int:
    """Count the samples of a job that are not folded."""
    return await session.scalar(select(func.count()).where(SampleRow.job_id == job_id)) or 0


async def samples_of(session: AsyncSession, job_id: UUID) -> list[Document]:
    """Return the samples of a job that are not folded, as they are stored."""
    return list(await session.scalars(select(SampleRow.content).where(SampleRow.job_id == job_id)))


async def samples_after(session: AsyncSession, job_id: UUID, after: int, limit: int) -> list[Document]:
    """Return samples of a job that are not folded and whose numbers are beyond `after`, in their order."""
    statement = select(SampleRow.content).where(SampleRow.job_id == job_id, SampleRow.number > after)
    return list(await session.scalars(statement.order_by(SampleRow.number).limit(limit)))


async def folded_samples(session: AsyncSession, job_id: UUID) -> bytes | None:
    """Return the samples of a job's result as they are packed; None where it has no result."""
    return await session.scalar(select(ResultRow.samples).where(ResultRow.job_id == job_id))


async def summary_of(session: AsyncSession, job_id: UUID) -> Document | None:
    """Return the summary of a job's result; None where it has no result."""
    return await session.scalar(select(ResultRow.summary).where(ResultRow.job_id == job_id))


async def delete_samples(session: AsyncSession, job_id: UUID) -> None:
    """Forget samples that were folded."""
    await session.execute(delete(SampleRow).where(SampleRow.job_id == job_id))


async def get_telemetry(session: AsyncSession, job_id: UUID) -> TelemetryRow | None:
    """Return a job's telemetry with its content."""
    return await session.get(TelemetryRow, job_id, options=[undefer(TelemetryRow.content)])


async def set_ticks(session: AsyncSession, job_id: UUID, content: bytes) -> None:
    """Replace the stored ticks of a job by the same in another form."""
    await session.execute(update(TelemetryRow).where(TelemetryRow.job_id == job_id).values(content=content))


async def count_ticks(session: AsyncSession, job_id: UUID) -> int:
    """Count the ticks of a job's telemetry."""
    return await session.scalar(select(TelemetryRow.ticks).where(TelemetryRow.job_id == job_id)) or 0


async def get(session: AsyncSession, job_id: UUID) -> ResultRow | None:
    """Return one result with its samples."""
    return await session.get(ResultRow, job_id, options=[undefer(ResultRow.samples)])


async def heads_of(session: AsyncSession, ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Return what lists show of those results, in their order; unknown ones are left out."""
    columns = [getattr(ResultRow, name) for name in _HEAD]
    headline = ResultRow.summary["headline"].label("headline")
    found = await session.execute(select(*columns, headline).where(ResultRow.job_id.in_(ids)))
    rows = {row["job_id"]: {**row} for row in found.mappings()}
    return [rows[job_id] for job_id in ids if job_id in rows]


def head_of(row: ResultRow) -> Mapping[str, Any]:
    """Return the same of a result that was read whole."""
    return {**{name: getattr(row, name) for name in _HEAD}, "headline": row.summary["headline"]}
