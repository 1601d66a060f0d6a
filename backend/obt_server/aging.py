"""Rows that get old: found page by page, and taken away a few at a time.

A domain says which of its rows are too old (`OldRows`); `retention` counts them, archives them and takes them away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, bindparam, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from obt_server.db import Document

Values = dict[str, Any]
Key = tuple[Any, ...]
Of = ColumnElement[UUID] | InstrumentedAttribute[UUID]
"""A column of another's, to be asked about."""


@dataclass(frozen=True, slots=True)
class OldRows:
    """Rows of one table. `age` names the column that tells how old they are, `is_due` which are too old at a moment.

    `version`: columns that tell whether a row is still as it was read. `smaller`: rows are not deleted, and become
    what this makes of them, in a thread; such a row is not due any more. `still_due`: the same as `is_due`, asked of a
    few rows while others wait to write; needed where `is_due` looks through more than those rows.
    """

    row: type[DeclarativeBase]
    age: str
    is_due: Callable[[datetime], Sequence[ColumnElement[bool]]]
    version: tuple[str, ...] = ()
    smaller: Callable[[Document], Values] | None = None
    still_due: Callable[[datetime], Sequence[ColumnElement[bool]]] | None = field(default=None, kw_only=True)
    foreseen: Callable[[datetime], Sequence[ColumnElement[bool]]] | None = field(default=None, kw_only=True)
    """What will be due once the parts before this one are gone."""
    by_key: bool = field(default=False, kw_only=True)
    """They are read in the order of their keys, not of their age: where no index has that."""
    is_long: bool = field(default=False, kw_only=True)
    """Rows may be megabytes: few are held at once."""

    @property
    def table(self) -> Table:
        """Their table."""
        return cast("Table", self.row.__table__)

    def identity(self, row: Document) -> Key:
        """What finds a row again, as it was read."""
        return tuple(row[column.name] for column in self._identity)

    def place(self, row: Document) -> Key:
        """Where a row stands in the order in which they are read."""
        return tuple(row[column.name] for column in self._order)

    async def count(self, session: AsyncSession, before: datetime) -> tuple[int, datetime | None]:
        """Return how many rows will go, and how old the oldest is."""
        is_due = (self.foreseen or self.is_due)(before)
        statement = select(func.count(), func.min(self.table.c[self.age])).where(*is_due)
        counted: Row[int, datetime | None] = (await session.execute(statement.select_from(self.table))).one()
        return counted[0], counted[1]

    async def some(self, session: AsyncSession, before: datetime, limit: int) -> list[Document]:
        """Return some of the rows that will go, to see how long they are."""
        statement = select(*self.table.c).where(*(self.foreseen or self.is_due)(before)).limit(limit)
        return [dict(row) for row in (await session.execute(statement)).mappings()]

    async def page(self, session: AsyncSession, before: datetime, after: Key | None, limit: int) -> list[Document]:
        """Return due rows, whole and in their order, from behind that place."""
        statement = select(*self.table.c).where(*self.is_due(before)).order_by(*self._order).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(*self._order) > tuple_(*after))
        return [dict(row) for row in (await session.execute(statement)).mappings()]

    async def delete(self, session: AsyncSession, before: datetime, identities: Sequence[Key]) -> int:
        """Delete those of them that are due yet and as they were read; return how many."""
        same = tuple_(*self._identity).in_(identities)
        done = await (await session.connection()).execute(delete(self.table).where(same, *self._still(before)))
        return done.rowcount

    async def change(self, session: AsyncSession, before: datetime, values: Sequence[tuple[Key, Values]]) -> None:
        """Write smaller rows, where they are due yet and as they were read."""
        if not values:
            return
        statement = update(self.table).where(*self._still(before))
        statement = statement.where(*(column == bindparam(f"_{column.name}") for column in self._identity))
        statement = statement.values({name: bindparam(name) for name in values[0][1]})
        names = [f"_{column.name}" for column in self._identity]
        rows = [{**dict(zip(names, identity, strict=True)), **new} for identity, new in values]
        await (await session.connection()).execute(statement, rows)

    def _still(self, before: datetime) -> Sequence[ColumnElement[bool]]:
        return (self.still_due or self.is_due)(before)

    @property
    def _identity(self) -> list[ColumnElement[Any]]:
        return [*self.table.primary_key.columns, *(self.table.c[name] for name in self.version)]

    @property
    def _order(self) -> list[ColumnElement[Any]]:
        keys: list[ColumnElement[Any]] = [*self.table.primary_key.columns]
        age = self.table.c[self.age]
        return keys if self.by_key else [age, *(one for one in keys if one is not age)]
