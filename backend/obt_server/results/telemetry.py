"""The telemetry of jobs: appended as it comes, read whole or thinned."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.telemetry import TICKS_MAX, Telemetry, TelemetryBatch, appended
from obt_server.db import Document
from obt_server.errors import NotFoundError
from obt_server.results import repository
from obt_server.results.packing import pack_ticks, unpack_ticks
from obt_server.results.tables import TelemetryRow
from obt_server.results.thinning import thinned

VALUES_MAX = 10_000_000
"""Of one job: at a tick a second, more than two days of fifty channels. What comes after is not kept."""


class NoTelemetryError(NotFoundError):
    """No such job, or none of which telemetry came."""

    code = "no_telemetry"


@dataclass(frozen=True, slots=True)
class Stored:
    """A job's telemetry as it is stored: unpacking it takes its time, and is done in a thread."""

    ticks: int
    tail: Document
    content: bytes

    def unpacked(self) -> Telemetry:
        """Return the series."""
        return Telemetry.model_validate(self.tail).model_copy(update={"ticks": unpack_ticks(self.content)})


async def append(session: AsyncSession, job_id: UUID, batch: TelemetryBatch) -> tuple[int, bool]:
    """Store what is new of a batch; return how many ticks the job has now, and whether any came with it.

    Whoever appends holds the job (`jobs.own_job(to_change=True)`). It costs the same at the end of a long job as at
    its begin: what is stored is not unpacked.
    """
    row = await repository.get_telemetry(session, job_id)
    have = row.ticks if row else 0
    tail = Telemetry.model_validate(row.tail) if row else None
    grown = appended(tail, _since_last(batch, have))
    new = grown.ticks[1 if tail else 0 :] if grown else ()
    if grown is None or not new or not _may_hold(have + len(new), len(grown.channels)):
        return have, False
    if row is None:
        row = TelemetryRow(job_id=job_id, ticks=0, content=b"")
        session.add(row)
    row.ticks, row.content = have + len(new), row.content + pack_ticks(new)
    row.tail = grown.model_copy(update={"ticks": new[-1:]}).model_dump(mode="json")
    return row.ticks, True


def _since_last(batch: TelemetryBatch, have: int) -> TelemetryBatch:
    """The batch as it is counted from the last of the `have` ticks on: the only one at hand."""
    last = max(0, have - 1)
    ticks = batch.telemetry.ticks[max(0, last - batch.first) :]
    return TelemetryBatch(
        first=max(0, batch.first - last), telemetry=batch.telemetry.model_copy(update={"ticks": ticks})
    )


def _may_hold(ticks: int, channels: int) -> bool:
    return ticks <= TICKS_MAX and ticks * channels <= VALUES_MAX


async def stored(session: AsyncSession, job_id: UUID) -> Stored | None:
    """Return a job's telemetry as it is stored."""
    row = await repository.get_telemetry(session, job_id)
    return Stored(row.ticks, row.tail, row.content) if row else None


async def find(session: AsyncSession, job_id: UUID, points: int | None) -> Telemetry:
    """Return a job's telemetry, with at most so many ticks where that is asked. Raises NoTelemetryError."""
    found = await stored(session, job_id)
    if found is None:
        raise NoTelemetryError(
            f"There is no telemetry of job {job_id}: it has not begun, its client is of the first release, or its"
            " telemetry is switched off (OBT_TELEMETRY_INTERVAL_S)."
        )
    return await asyncio.to_thread(_read, found, points)


def _read(found: Stored, points: int | None) -> Telemetry:
    series = found.unpacked()
    return series if points is None else thinned(series, points)
