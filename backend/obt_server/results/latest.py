"""The newest completed result of each model on each client: kept up as results are stored, read as one."""

from collections.abc import Collection, Hashable, Iterable
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import extract, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_server.results.tables import HEADLINE, LatestResultRow, ResultRow

_PAIR = ["client_id", "model"]
_KEPT = ("model_digest", "suite_name", "grade", "ended_at", *HEADLINE)
_STORED = ("client_id", "model", "job_id", *_KEPT)
_PLACED = {"client": "client_id", "model": "model", "digest": "model_digest", "suite": "suite_name"}
"""What many results have alike, by the field that tells its place."""
_TOLD = ("client_id", "model", "result_id", *_KEPT)


async def note(session: AsyncSession, row: ResultRow) -> None:
    """Keep a stored result in mind if it is its pair's newest completed one; an older one changes nothing."""
    if row.status != JobStatus.COMPLETED:
        return
    await session.flush()
    known = await session.get(LatestResultRow, (row.client_id, row.model), populate_existing=True)
    own_id = row.job_id
    if known is not None and known.job_id == own_id and known.ended_at > row.ended_at:
        # It ended earlier than it said at first: another may be the newest now.
        row = await _newest(session, row)
    await _put(session, row, own_id)


async def _newest(session: AsyncSession, of: ResultRow) -> ResultRow:
    statement = select(ResultRow).where(
        ResultRow.client_id == of.client_id, ResultRow.model == of.model, ResultRow.status == JobStatus.COMPLETED
    )
    newest_first = statement.order_by(ResultRow.ended_at.desc(), ResultRow.job_id.desc()).limit(1)
    return (await session.scalars(newest_first)).one()


async def _put(session: AsyncSession, row: ResultRow, own_id: UUID) -> None:
    """Write it unless another and newer one stands there; two who write take turns on the row."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    values = {name: getattr(row, name) for name in ("client_id", "model", "job_id", *_KEPT)}
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(LatestResultRow).values(**values)
    new = statement.excluded
    is_newer = tuple_(new.ended_at, new.job_id) > tuple_(LatestResultRow.ended_at, LatestResultRow.job_id)
    changes = {name: new[name] for name in ("job_id", *_KEPT)}
    where = or_(LatestResultRow.job_id == own_id, is_newer)
    await session.execute(statement.on_conflict_do_update(index_elements=_PAIR, set_=changes, where=where))


async def fingerprint(session: AsyncSession) -> tuple[object, ...]:
    """Return what is another as soon as a pair has another newest result, which ended at another time."""
    ended_at = LatestResultRow.ended_at
    sums = (func.sum(extract("epoch", ended_at)), *(func.sum(getattr(LatestResultRow, name)) for name in HEADLINE))
    return tuple((await session.execute(select(func.count(), func.max(ended_at), *sums))).one())


async def to_document(session: AsyncSession, client_ids: Collection[str] = ()) -> bytes:
    """Return `LatestResults` of those clients, or of all, as JSON.

    Of ten thousand rows, so it is written without an object for each.
    """
    statement = select(*(getattr(LatestResultRow, name) for name in _STORED))
    if client_ids:
        statement = statement.where(LatestResultRow.client_id.in_(client_ids))
    rows = (await session.execute(statement)).all()
    # Moments and IDs as they are: they become text faster there than here.
    return to_json({"results": [dict(zip(_TOLD, row, strict=True)) for row in rows]})


async def to_columns(session: AsyncSession) -> bytes:
    """Return `LatestColumns` as JSON: a third of the bytes, and read by a browser in a fifth of the time."""
    names = (*_PLACED.values(), "job_id", "grade", "ended_at", "decode_tokens_per_s")
    rows = (await session.execute(select(*(getattr(LatestResultRow, name) for name in names)))).all()
    columns = dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))
    told: dict[str, object] = {}
    for field, name in _PLACED.items():
        told[f"{field}s"], told[field] = _placed(columns.pop(name))
    return to_json({**told, "result_id": columns.pop("job_id"), **columns})


def _placed(values: Iterable[Hashable]) -> tuple[list[Hashable], list[int]]:
    """Return each value once, and the place of each among those."""
    places: dict[Hashable, int] = {}
    at = [places.setdefault(value, len(places)) for value in values]
    return list(places), at
