"""How many results there are of each value that they can be filtered by.

The counts of a facet ignore that facet's own choice, so that one sees what another choice would give. They come from
cells, never from the results; where a filter asks for more than cells know (a time, a session, a series), from the
newest `COUNTED_MOST` results that match it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.results import Grade
from obt_server.results.filters import CELL, COLUMN, OF_CLIENT, Facet, Scope
from obt_server.results.schemas import FacetCounts, FacetValue, ResultFacets
from obt_server.results.tables import CellLevel, ResultRow

COUNTED_MOST = 50_000
VALUES_MOST = 2_000
"""Values of one facet that are told, those with most results first."""
_OF_RESULT = (Facet.MODEL, Facet.QUANTIZATION, Facet.FAMILY, Facet.SUITE, Facet.GRADE, Facet.STATUS)
_GRADES = [grade.value for grade in Grade]
Counts = dict[Facet, Counter[str]]


async def count(session: AsyncSession, scope: Scope) -> ResultFacets:
    """Count by every facet."""
    base, is_bounded = await _base(session, scope)
    counts: Counts = {facet: Counter() for facet in Facet}
    total = _add(counts, scope, _OF_RESULT, await _grouped(session, scope, _OF_RESULT, base))
    of_client = await _grouped(session, scope, (Facet.CLIENT,), base)
    _add_clients(counts, scope, {row[0]: row.total for row in of_client})
    named = [FacetCounts(facet=facet.value, values=_values(facet, counts[facet], scope)) for facet in Facet]
    return ResultFacets(total=total, is_exact=not is_bounded, counted_most=COUNTED_MOST, facets=named)


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


async def _grouped(session: AsyncSession, scope: Scope, by: Sequence[Facet], base: Any) -> Sequence[Row[Any]]:
    """Totals by some facets, of what all facets that are not among them (nor of their side) let through."""
    is_client = Facet.CLIENT in by
    judged = [facet for facet in Facet if (facet in OF_CLIENT) != is_client]
    level = CellLevel.EACH if base is not None else _level(scope, by, judged)
    columns = [COLUMN[facet] for facet in by]
    conditions = scope.of_cells(judged, level)
    return (await session.execute(_totals(columns, conditions, base))).all()


def _level(scope: Scope, by: Iterable[Facet], judged: Iterable[Facet]) -> CellLevel:
    only = scope.wish.model_copy(update={facet.value: [] for facet in Facet if facet not in set(judged)})
    return Scope(only, scope.names, scope.tags, scope.words).level(by=by)


def _totals(columns: Sequence[Any], conditions: Sequence[ColumnElement[bool]], base: Any) -> Executable:
    total = CELL.total if base is None else base.c.total
    statement = select(*columns, func.sum(total).label("total")).where(*conditions, total > 0).group_by(*columns)
    return statement if base is None else statement.join(base, base.c.cell_id == CELL.id)


def _add(counts: Counts, scope: Scope, by: Sequence[Facet], rows: Sequence[Row[Any]]) -> int:
    """Count each row under the facets whose own choice alone may leave it out; return how many nothing leaves out."""
    chosen = [(at, values) for at, facet in enumerate(by) if (values := scope.wish.chosen(facet))]
    counters, everywhere = [counts[facet] for facet in by], range(len(by))
    total = 0
    for *values, number in rows:
        out = [at for at, own in chosen if values[at] not in own]
        if not out:
            total += number
        if len(out) < 2:
            for at in out or everywhere:
                counters[at][values[at]] += number
    return total


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


def _values(facet: Facet, counted: Counter[str], scope: Scope) -> list[FacetValue]:
    """The values of one facet, those with most results first; a chosen one is told though it has none."""
    for value in scope.wish.chosen(facet):
        counted.setdefault(value, 0)
    most_first = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:VALUES_MOST]
    if facet is Facet.GRADE:
        most_first.sort(key=lambda entry: _GRADES.index(entry[0]) if entry[0] in _GRADES else len(_GRADES))
    names = scope.names if facet is Facet.CLIENT else {}
    return [FacetValue(value=value, name=names.get(value, value), total=number) for value, number in most_first]
