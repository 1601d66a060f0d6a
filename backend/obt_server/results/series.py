"""What series there are, and the results of one over time, without ever reading a sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.environment import offload_class
from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.db import Document
from obt_server.paging import Key
from obt_server.results.tables import ResultRow, SeriesRow

SeriesKey = tuple[datetime, str, str]
"""Where a page of series ended: when its last one was last measured, the series, the client."""
_TOLD = ("series", "client_id", "model", "model_digest", "quantization", "suite_name", "suite_hash")


@dataclass(frozen=True, slots=True)
class SeriesHead:
    """One series on one client."""

    series: str
    client_id: str
    model: str
    model_digest: str
    quantization: str | None
    suite_name: str
    suite_hash: str
    offload: str
    result_count: int
    first_ended_at: datetime
    last_ended_at: datetime


@dataclass(frozen=True, slots=True)
class SeriesFilter:
    """What a list of series is narrowed to. `words`: each is in the model's or the suite's name, or its client's.

    `named` holds, for each word, the clients whose names have it.
    """

    client_id: str | None = None
    model: str | None = None
    suite: str | None = None
    words: Sequence[str] = ()
    named: Sequence[Sequence[str]] = ()
    after: SeriesKey | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One result of a series. `headline` and `environment` as they are stored."""

    id: UUID
    ended_at: datetime
    status: JobStatus
    grade: Grade
    reasons: list[str]
    headline: Document
    environment: Document | None


async def count_in(session: AsyncSession, row: ResultRow, before: str | None) -> None:
    """Count a result that was stored under its series; `before` is the one that it was counted under, if any."""
    if before not in {None, row.series}:
        await _count_out(session, before, row.client_id)
    is_new = before != row.series
    values = {
        **{name: getattr(row, name) for name in _TOLD},
        "offload": offload_of(row.environment),
        "result_count": 1,
        "first_ended_at": row.ended_at,
        "last_ended_at": row.ended_at,
    }
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(SeriesRow).values(**values)
    new = statement.excluded
    changes = {
        "model": new.model,
        "result_count": SeriesRow.result_count + (1 if is_new else 0),
        "first_ended_at": case(
            (SeriesRow.first_ended_at > new.first_ended_at, new.first_ended_at), else_=SeriesRow.first_ended_at
        ),
        "last_ended_at": case(
            (SeriesRow.last_ended_at < new.last_ended_at, new.last_ended_at), else_=SeriesRow.last_ended_at
        ),
    }
    await session.execute(statement.on_conflict_do_update(index_elements=["series", "client_id"], set_=changes))


async def _count_out(session: AsyncSession, series: str | None, client_id: str) -> None:
    one = and_(SeriesRow.series == series, SeriesRow.client_id == client_id)
    await session.execute(update(SeriesRow).where(one).values(result_count=SeriesRow.result_count - 1))
    await session.execute(delete(SeriesRow).where(one, SeriesRow.result_count <= 0))


def offload_of(environment: Document | None) -> str:
    """Where the model's layers were: see `Environment.offload_class`."""
    told = environment or {}
    return offload_class(told.get("size_bytes"), told.get("size_vram_bytes"))


async def rebuild(session: AsyncSession) -> None:
    """Count all results anew. It reads every one of them: for whoever wrote them past the service."""
    ended_at, key = ResultRow.ended_at, (ResultRow.series, ResultRow.client_id)
    heads = (
        select(*key, func.count().label("n"), func.min(ended_at).label("begin"), func.max(ended_at).label("end"))
        .group_by(*key)
        .subquery()
    )
    newest = and_(heads.c.series == key[0], heads.c.client_id == key[1], heads.c.end == ended_at)
    told = [getattr(ResultRow, name) for name in _TOLD]
    rows = await session.execute(select(*told, ResultRow.environment, heads).join(heads, newest))
    found = {
        (row.series, row.client_id): {
            **{name: getattr(row, name) for name in _TOLD},
            "offload": offload_of(row.environment),
            "result_count": row.n,
            "first_ended_at": row.begin,
            "last_ended_at": row.end,
        }
        for row in rows
    }
    await session.execute(delete(SeriesRow))
    if found:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        await session.execute((sqlite.insert if is_sqlite else postgresql.insert)(SeriesRow), list(found.values()))


async def page(session: AsyncSession, narrow: SeriesFilter, limit: int) -> list[SeriesHead]:
    """Return series, that which was measured last first."""
    place = (SeriesRow.last_ended_at, SeriesRow.series, SeriesRow.client_id)
    statement = select(SeriesRow).order_by(*(column.desc() for column in place)).limit(limit)
    for column, value in (
        (SeriesRow.client_id, narrow.client_id),
        (SeriesRow.model, narrow.model),
        (SeriesRow.suite_name, narrow.suite),
    ):
        if value is not None:
            statement = statement.where(column == value)
    for word, clients in zip(narrow.words, narrow.named, strict=True):
        texts = [column.icontains(word, autoescape=True) for column in (SeriesRow.model, SeriesRow.suite_name)]
        statement = statement.where(or_(*texts, SeriesRow.client_id.in_(clients)))
    if narrow.after is not None:
        statement = statement.where(tuple_(*place) < tuple_(*narrow.after))
    return [_head(row) for row in await session.scalars(statement)]


async def client_ids(session: AsyncSession) -> list[str]:
    """Return every client that has a result."""
    return list(await session.scalars(select(SeriesRow.client_id).distinct()))


async def heads_of(session: AsyncSession, series: str) -> list[SeriesHead]:
    """Return a series on each client that has it, the one measured last first; none where there is no such series."""
    statement = select(SeriesRow).where(SeriesRow.series == series).order_by(SeriesRow.last_ended_at.desc())
    return [_head(row) for row in await session.scalars(statement.order_by(SeriesRow.client_id).limit(500))]


async def siblings(session: AsyncSession, head: SeriesHead, limit: int) -> list[SeriesHead]:
    """Return the same client's other series of that model's name and suite, oldest first."""
    statement = select(SeriesRow).where(
        SeriesRow.client_id == head.client_id,
        SeriesRow.model == head.model,
        SeriesRow.suite_hash == head.suite_hash,
        SeriesRow.series != head.series,
    )
    ordered = statement.order_by(SeriesRow.last_ended_at.desc(), SeriesRow.series).limit(limit)
    return sorted((_head(row) for row in await session.scalars(ordered)), key=lambda one: one.first_ended_at)


async def moments(
    session: AsyncSession, head: SeriesHead, after: Key | None, limit: int, since: datetime | None = None
) -> list[Moment]:
    """Return results of a series on a client, newest first."""
    columns = (ResultRow.job_id, ResultRow.ended_at, ResultRow.status, ResultRow.grade, ResultRow.reasons)
    headline = ResultRow.summary["headline"].label("headline")
    statement = (
        select(*columns, headline, ResultRow.environment)
        .where(ResultRow.series == head.series, ResultRow.client_id == head.client_id)
        .order_by(ResultRow.ended_at.desc(), ResultRow.job_id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(ResultRow.ended_at, ResultRow.job_id) < tuple_(*after))
    if since is not None:
        statement = statement.where(ResultRow.ended_at >= since)
    return [_moment(row) for row in await session.execute(statement)]


def _moment(row: Any) -> Moment:
    job_id, ended_at, status, grade, reasons, headline, environment = row
    return Moment(job_id, ended_at, JobStatus(status), Grade(grade), reasons, headline or {}, environment)


def _head(row: SeriesRow) -> SeriesHead:
    return SeriesHead(**{name: getattr(row, name) for name in SeriesHead.__slots__})
