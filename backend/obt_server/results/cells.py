"""Counting results by all that they are filtered by, so that no list of counts ever reads the results.

A result is counted in three cells, one of each level: a data cube that keeps the totals people look at first (Gray et
al., "Data Cube", 1997). Those that many clients' results share are changed right before the commit, so that jobs that
end together hardly wait for each other, and in one order, so that two who do so wait only once.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.db import do_last
from obt_server.results.tables import CELL_KEY, CellLevel, ResultCellRow, ResultRow

Key = tuple[int, str, str, str, str, str, str, str]
"""The values of `CELL_KEY`."""
_LEFT_OUT = {
    CellLevel.EACH: frozenset[str](),
    CellLevel.MODELS: frozenset({"client_id"}),
    CellLevel.CLIENTS: frozenset({"model", "quantization", "family"}),
}
_SHARED = "cells"
_ROLLED_UP = (CellLevel.MODELS, CellLevel.CLIENTS)


async def move(session: AsyncSession, row: ResultRow, family: str | None) -> None:
    """Count a result where it belongs now, and no more where it was counted before."""
    before = await session.get(ResultCellRow, row.cell_id) if row.cell_id else None
    was, now = _key_of(before) if before else None, key_of(row, family)
    if was == now:
        return
    each: dict[Key, int] = {}
    shared: Counter[Key] = session.info.setdefault(_SHARED, Counter())
    for key, step in ((was, -1), (now, 1)):
        if key is not None:
            each[key] = step
            shared.update({_rolled(key, level): step for level in _ROLLED_UP})
    row.cell_id = (await _change(session, each))[now]
    do_last(session, _change_shared)


async def _change_shared(session: AsyncSession) -> None:
    await _change(session, {key: step for key, step in session.info.pop(_SHARED).items() if step})


def key_of(row: ResultRow, family: str | None) -> Key:
    """The cell that a result points to."""
    texts = (row.client_id, row.model, row.quantization or "", family or "", row.suite_name)
    return (CellLevel.EACH, *texts, Grade(row.grade).value, JobStatus(row.status).value)


def _key_of(cell: ResultCellRow) -> Key:
    return tuple(getattr(cell, name) for name in CELL_KEY)  # pyright: ignore[reportReturnType]


def _rolled(key: Key, level: CellLevel) -> Key:
    """The same without what the level leaves out."""
    rest = ("" if name in _LEFT_OUT[level] else value for name, value in zip(CELL_KEY[1:], key[1:], strict=True))
    return (level, *rest)  # pyright: ignore[reportReturnType]


async def _change(session: AsyncSession, changes: Mapping[Key, int]) -> dict[Key, int]:
    """Add to the totals of cells, which are made where they are missing; return their IDs."""
    insert_one = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    ids: dict[Key, int] = {}
    for key, step in sorted(changes.items()):
        values = dict(zip(CELL_KEY, key, strict=True))
        statement = insert_one(ResultCellRow).values(**values, total=step)
        added = {"total": ResultCellRow.total + step}
        changed = statement.on_conflict_do_update(index_elements=list(CELL_KEY), set_=added)
        ids[key] = (await session.scalars(changed.returning(ResultCellRow.id))).one()
    return ids


async def rebuild(session: AsyncSession, families: Mapping[tuple[str, str], str | None]) -> None:
    """Count all results anew: for whoever wrote them past the service. `families` by (client, model)."""
    await session.execute(delete(ResultCellRow))
    alike = (ResultRow.client_id, ResultRow.model, ResultRow.quantization, ResultRow.suite_name)
    counted = select(*alike, ResultRow.grade, ResultRow.status, func.count().label("total"))
    rows = (await session.execute(counted.group_by(*alike, ResultRow.grade, ResultRow.status))).mappings()
    cells = [
        {
            "level": CellLevel.EACH,
            **row,
            "quantization": row["quantization"] or "",
            "family": families.get((row["client_id"], row["model"])) or "",
        }
        for row in rows
    ]
    if not cells:
        return
    await session.execute(insert(ResultCellRow), cells)
    for level in _ROLLED_UP:
        await session.execute(insert(ResultCellRow).from_select([*CELL_KEY, "total"], _summed(level)))
    await session.execute(update(ResultRow).values(cell_id=_cell_of_result()))


def _summed(level: CellLevel) -> Any:
    kept = [name for name in CELL_KEY[1:] if name not in _LEFT_OUT[level]]
    columns = [getattr(ResultCellRow, name) if name in kept else literal("").label(name) for name in CELL_KEY[1:]]
    told: list[Any] = [literal(int(level)).label("level"), *columns, func.sum(ResultCellRow.total)]
    return (
        select(*told).where(ResultCellRow.level == CellLevel.EACH).group_by(*(getattr(ResultCellRow, k) for k in kept))
    )


def _cell_of_result() -> Any:
    same = [getattr(ResultCellRow, name) == getattr(ResultRow, name) for name in ("client_id", "model", "suite_name")]
    same += [getattr(ResultCellRow, name) == getattr(ResultRow, name) for name in ("grade", "status")]
    same.append(ResultCellRow.quantization == func.coalesce(ResultRow.quantization, ""))
    cell = select(ResultCellRow.id).where(ResultCellRow.level == CellLevel.EACH, *same)
    return cell.correlate(ResultRow).scalar_subquery()
