"""Finding a page of results in any order under any filter, without reading more than a few thousand index entries.

There are two ways to a page, and counts (`facets.estimate`) tell which is shorter: *walk* an index that has the order,
asking of each entry whether its cell is wanted, until the page is full; or *collect* what the wanted cells hold, and
sort that. By words (model, suite ...) nothing is indexed: cells tell the words in their order and how many results
each has, and the newest of one word after the other are listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.errors import UnprocessableError
from obt_server.results import facets
from obt_server.results.filters import COLUMN, Facet, Scope
from obt_server.results.tables import HEADLINE, ResultCellRow, ResultRow

COLLECTED_MOST = 20_000
"""Results whose keys are sorted rather than looked for along an index."""
LOOKED_UP_MOST = 5_000
"""The same where each must be looked up in the table itself."""
SORTED_HERE_MOST = 2_000
BY_WORD = {
    "model": Facet.MODEL,
    "client": Facet.CLIENT,
    "suite": Facet.SUITE,
    "quantization": Facet.QUANTIZATION,
    "family": Facet.FAMILY,
    "grade": Facet.GRADE,
    "status": Facet.STATUS,
}
SORTS = ("ended_at", *HEADLINE, *BY_WORD)
_RANKS = {Facet.GRADE: [g.value for g in Grade], Facet.STATUS: [s.value for s in JobStatus]}


class Place(NamedTuple):
    """Where a result stands in an order: by its value, then newest first (by a number: as the number goes)."""

    value: float | str | None
    ended_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Order:
    """One of `SORTS`, and which way. What was not measured comes last either way."""

    by: str
    descending: bool

    @classmethod
    def read(cls, sort: str) -> "Order":
        """Read `-ttft_ms`."""
        return cls(sort.removeprefix("-"), sort.startswith("-"))


class StaleCursorError(UnprocessableError):
    """The page before ended at something that is no more."""

    code = "stale_cursor"


async def find(session: AsyncSession, scope: Scope, order: Order, after: Place | None, limit: int) -> list[Place]:
    """Return the next results in that order."""
    if order.by in BY_WORD:
        return await _by_word(session, scope, order, after, limit)
    if order.by == "ended_at":
        return await _newest(session, scope, order.descending, after, limit)
    return await _by_number(session, scope, order, after, limit)


async def _newest(
    session: AsyncSession, scope: Scope, descending: bool, after: Place | None, limit: int, *also: ColumnElement[bool]
) -> list[Place]:
    way = await _way(session, scope, of_time=True)
    columns = (ResultRow.ended_at, ResultRow.job_id)
    conditions = [*also, *_beyond(columns, (after.ended_at, after.id) if after else None, descending)]
    rows = await session.execute(_page(scope, way, columns, conditions, descending, limit))
    return [Place(None, *row) for row in rows]


async def _by_number(session: AsyncSession, scope: Scope, order: Order, after: Place | None, limit: int) -> list[Place]:
    number = getattr(ResultRow, order.by)
    found: list[Place] = []
    if after is None or after.value is not None:
        columns = (number, ResultRow.ended_at, ResultRow.job_id)
        conditions = [number.is_not(None), *_beyond(columns, after, order.descending)]
        way = await _way(session, scope, of_time=False)
        rows = await session.execute(_page(scope, way, columns, conditions, order.descending, limit))
        found = [Place(*row) for row in rows]
        after = None
    if len(found) < limit:
        found += await _newest(session, scope, True, after, limit - len(found), number.is_(None))
    return found


def _beyond(columns: Sequence[Any], after: Sequence[Any] | None, descending: bool) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    here, there = tuple_(*columns), tuple_(*after)
    return [here < there if descending else here > there]


class _Way(NamedTuple):
    """How to a page: whether to collect, and whether to begin with the wanted cells."""

    collects: bool
    from_cells: bool


async def _way(session: AsyncSession, scope: Scope, *, of_time: bool) -> _Way:
    wish = scope.wish
    if wish.session_id is not None or wish.series is not None:
        return _Way(collects=True, from_cells=False)
    if not of_time and scope.has_rows():
        in_time = select(ResultRow.cell_id).where(*scope.of_rows()).limit(LOOKED_UP_MOST + 1).subquery()
        if (await session.scalars(select(func.count()).select_from(in_time))).one() <= LOOKED_UP_MOST:
            return _Way(collects=True, from_cells=False)
    few = scope.narrows_cells() and await facets.estimate(session, scope) <= COLLECTED_MOST
    return _Way(collects=few, from_cells=few)


def _page(
    scope: Scope,
    way: _Way,
    columns: Sequence[Any],
    conditions: Sequence[ColumnElement[bool]],
    descending: bool,
    limit: int,
) -> Executable:
    statement = select(*columns).where(*scope.of_rows(), *conditions, *_of_cell(scope, way))
    if way.collects:
        # Materialized: or a planner walks the order's index after all, hoping to find a page early.
        found = statement.cte("found").prefix_with("MATERIALIZED")
        columns = [found.c[column.name] for column in columns]
        statement = select(*columns)
    return statement.order_by(*(column.desc() if descending else column.asc() for column in columns)).limit(limit)


def _of_cell(scope: Scope, way: _Way) -> list[ColumnElement[bool]]:
    if not scope.narrows_cells():
        return []
    wanted = scope.of_cells(Facet)
    if way.from_cells:
        return [ResultRow.cell_id.in_(select(ResultCellRow.id).where(*wanted))]
    # The sum keeps planners from beginning with the cells: there are too many results in them.
    return [select(ResultCellRow.id).where(ResultCellRow.id == ResultRow.cell_id + 0, *wanted).exists()]


async def _by_word(session: AsyncSession, scope: Scope, order: Order, after: Place | None, limit: int) -> list[Place]:
    facet = BY_WORD[order.by]
    totals = await _words(session, scope, facet, order.descending)
    words, found = list(totals), list[Place]()
    if after is not None:
        if after.value not in totals:
            raise StaleCursorError("query.after: what the page before ended at is gone; begin at the first page")
        words = words[words.index(str(after.value)) :]
        found = await _of_words(session, scope, facet, words[:1], after, limit)
        words = words[1:]
    while words and len(found) < limit:
        taken = _taken(words, totals)
        found += await _of_words(session, scope, facet, words[:taken], None, limit - len(found))
        words = words[taken:]
    return found


def _taken(words: Sequence[str], totals: dict[str, int]) -> int:
    """How many words to look up together: as many as are sorted quickly here."""
    together, taken = totals[words[0]], 1
    while taken < len(words) and together + totals[words[taken]] <= SORTED_HERE_MOST:
        together, taken = together + totals[words[taken]], taken + 1
    return taken


async def _words(session: AsyncSession, scope: Scope, facet: Facet, descending: bool) -> dict[str, int]:
    """The values of a facet in their order, with how many results each has at most."""
    column, level = COLUMN[facet], scope.level(by=(facet,))
    statement = select(column, func.sum(ResultCellRow.total)).where(*scope.of_cells(Facet, level))
    rows = (await session.execute(statement.where(ResultCellRow.total > 0).group_by(column))).all()
    names = scope.names if facet is Facet.CLIENT else {}

    def place(row: Any) -> tuple[int, str, str]:
        ranks = _RANKS.get(facet, [])
        return (
            ranks.index(row[0]) if row[0] in ranks else len(ranks),
            str(names.get(row[0], row[0])).casefold(),
            row[0],
        )

    return {word: total for word, total in sorted(rows, key=place, reverse=descending)}  # noqa: C416


async def _of_words(
    session: AsyncSession, scope: Scope, facet: Facet, words: Sequence[str], after: Place | None, limit: int
) -> list[Place]:
    """The newest results of one word after the other."""
    one = replace(scope, wish=scope.wish.model_copy(update={facet.value: list(words)}))
    if len(words) == 1:
        newest = await _newest(session, one, True, after, limit)
        return [Place(words[0], place.ended_at, place.id) for place in newest]
    statement = select(COLUMN[facet], ResultRow.ended_at, ResultRow.job_id)
    joined = statement.join_from(ResultCellRow, ResultRow, ResultRow.cell_id == ResultCellRow.id)
    rows = await session.execute(joined.where(*one.of_cells(Facet), *one.of_rows()))
    places = sorted((Place(*row) for row in rows), key=lambda place: (place.ended_at, place.id), reverse=True)
    return sorted(places, key=lambda place: words.index(str(place.value)))[:limit]
