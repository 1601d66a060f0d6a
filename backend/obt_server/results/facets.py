"""How many results there are of each value that they can be filtered by.

The counts of a facet ignore that facet's own choice, so that one sees what another choice would give. They come from
cells, never from the results; where a filter asks for more than cells know (a time, a session, a series), from the
newest `COUNTED_MOST` results that match it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Executable, Select, cast, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.results import Grade
from obt_server.results.filters import CELL, COLUMN, OF_CLIENT, Facet, Scope
from obt_server.results.schemas import ResultFacets
from obt_server.results.tables import CellLevel, ResultRow

COUNTED_MOST = 50_000
VALUES_MOST = 2_000
"""Values of one facet that are told, those with most results first."""
_OF_RESULT = (Facet.MODEL, Facet.QUANTIZATION, Facet.FAMILY, Facet.SUITE, Facet.GRADE, Facet.STATUS)
_GRADES = [grade.value for grade in Grade]
Counts = dict[Facet, Counter[str]]
Cells = Select[*tuple[Any, ...]]


async def count(session: AsyncSession, scope: Scope) -> ResultFacets:
    """Count by every facet."""
    base, is_bounded = await _base(session, scope)
    counts: Counts = {facet: Counter() for facet in Facet}
    (_, _, total), *others = (await session.execute(_by_each(scope, base))).all()
    for name, value, number in others:
        counts[Facet(name)][value] = number
    _add_clients(counts, scope, await _of_clients(session, scope, base))
    told = [{"facet": facet, "values": _values(facet, counts[facet], scope)} for facet in Facet]
    return ResultFacets.model_validate(
        {"total": total, "is_exact": not is_bounded, "counted_most": COUNTED_MOST, "facets": told}
    )


async def estimate(session: AsyncSession, scope: Scope) -> int:
    """How many results the facets and words let through, whatever else is asked."""
    level = scope.level(by=())
    statement = select(func.coalesce(func.sum(CELL.total), 0)).where(*scope.of_cells(Facet, level))
    return (await session.scalars(statement)).one()


async def _base(session: AsyncSession, scope: Scope) -> tuple[Any, bool]:
    """What is counted where cells do not know: results by cell; and whether there are more of them."""
    if not scope.has_rows():
        return None, False
    narrowed = select(ResultRow.cell_id).where(*scope.of_rows())
    newest = narrowed.order_by(ResultRow.ended_at.desc(), ResultRow.job_id.desc()).limit(COUNTED_MOST)
    beyond = select(func.count()).select_from(narrowed.limit(COUNTED_MOST + 1).subquery())
    is_bounded = (await session.scalars(beyond)).one() > COUNTED_MOST
    inner = newest.subquery()
    counted = select(inner.c.cell_id, func.count().label("total")).group_by(inner.c.cell_id)
    return counted.subquery(), is_bounded


def _by_each(scope: Scope, base: Any) -> Executable:
    """How many match; then the totals of each facet of a result, of what all the others let through."""
    level = CellLevel.EACH if base is not None else _level(scope, _OF_RESULT, OF_CLIENT)
    columns = [COLUMN[facet].label(facet.value) for facet in _OF_RESULT]
    found = _totals(columns, scope.of_cells(OF_CLIENT, level), base)
    # There are few cells of models, and hardly two are alike: to look for those takes longer than to count each.
    cells = (found if level is CellLevel.MODELS else _summed(found)).cte("cells")
    every = select(literal(""), literal(""), func.coalesce(_sum(cells.c.total), 0)).where(*_let(scope, cells))
    return union_all(every, *(_by_one(facet, scope, cells) for facet in _OF_RESULT))


def _by_one(facet: Facet, scope: Scope, cells: CTE) -> Cells:
    value = cells.c[facet.value]
    totals = select(literal(facet.value), value, _sum(cells.c.total))
    return totals.where(*_let(scope, cells, but=facet)).group_by(value)


def _let(scope: Scope, cells: CTE, but: Facet | None = None) -> list[ColumnElement[bool]]:
    """What the choices of all facets of a result let through, without one."""
    chosen = {facet: values for facet in _OF_RESULT if facet is not but and (values := scope.wish.chosen(facet))}
    return [cells.c[facet.value].in_(sorted(values)) for facet, values in chosen.items()]


async def _of_clients(session: AsyncSession, scope: Scope, base: Any) -> dict[str, int]:
    """Totals by client, of what all facets let through that are not of the client."""
    level = CellLevel.EACH if base is not None else _level(scope, (Facet.CLIENT,), _OF_RESULT)
    rows = await session.execute(_summed(_totals([CELL.client_id], scope.of_cells(_OF_RESULT, level), base)))
    return {row[0]: row[1] for row in rows}


def _level(scope: Scope, by: Iterable[Facet], judged: Iterable[Facet]) -> CellLevel:
    only = scope.wish.model_copy(update={facet.value: [] for facet in Facet if facet not in set(judged)})
    return Scope(only, scope.names, scope.tags, scope.words).level(by=by)


def _totals(columns: Sequence[Any], conditions: Sequence[ColumnElement[bool]], base: Any) -> Cells:
    """The cells that match, some columns of each, and how many results are in each."""
    total = CELL.total if base is None else base.c.total
    statement = select(*columns, total.label("total")).where(*conditions, total > 0)
    return statement if base is None else statement.join(base, base.c.cell_id == CELL.id)


def _summed(cells: Cells) -> Cells:
    """One row of those that are alike in all but their totals."""
    *columns, total = cells.selected_columns
    return cells.with_only_columns(*columns, _sum(total).label("total")).group_by(*columns)


def _sum(totals: ColumnElement[Any]) -> ColumnElement[int]:
    """A whole number: a sum of sums is a decimal one to PostgreSQL."""
    return cast(func.sum(totals), BigInteger)


def _add_clients(counts: Counts, scope: Scope, totals: dict[str, int]) -> None:
    """Clients by the tags that are asked for, tags by the clients."""
    tags, ids = scope.wish.chosen(Facet.TAG), scope.wish.chosen(Facet.CLIENT)
    with_tags = scope.clients_with(tags)
    by_client, by_tag = counts[Facet.CLIENT], counts[Facet.TAG]
    for client_id, number in totals.items():
        if not tags or client_id in with_tags:
            by_client[client_id] += number
        if not ids or client_id in ids:
            for tag in scope.tags.get(client_id, ()):
                by_tag[tag] += number


def _values(facet: Facet, counted: Counter[str], scope: Scope) -> list[dict[str, Any]]:
    """The values of one facet, those with most results first; a chosen one is told though it has none."""
    for value in scope.wish.chosen(facet):
        counted.setdefault(value, 0)
    most_first = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:VALUES_MOST]
    if facet is Facet.GRADE:
        most_first.sort(key=lambda entry: _GRADES.index(entry[0]) if entry[0] in _GRADES else len(_GRADES))
    names = scope.names if facet is Facet.CLIENT else {}
    return [{"value": value, "name": names.get(value, value), "total": number} for value, number in most_first]
