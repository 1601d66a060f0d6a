"""Rows of any table, read and written the same way on SQLite and on PostgreSQL. Documents stay the texts they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    cast,
    column,
    insert,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy.exc import DataError, IntegrityError

Row = tuple[Any, ...]
_REFUSED = (psycopg.DataError, psycopg.IntegrityError, DataError, IntegrityError)
_LINE = re.compile(r"\bCOPY \S+, line (\d+)")


class RowRefusedError(Exception):
    """The target cannot hold a row."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a table, their columns in the table's order. `last`: where in the source the last of them is."""

    rows: Sequence[Row]
    last: int


def is_document(one: Column[Any]) -> bool:
    """Tell whether a column holds JSON."""
    return isinstance(one.type, JSON)


def keys_of(one: Table) -> list[int]:
    """Return the places of the primary key's columns among all."""
    return [index for index, column in enumerate(one.columns) if column.primary_key]


def _columns(one: Table) -> list[ColumnElement[Any]]:
    """Documents as texts: PostgreSQL has them as JSONB, and SQLite as it was given them, as bytes too."""
    return [cast(column, Text) if is_document(column) else column for column in one.columns]


def pages(connection: Connection, one: Table, after: int, batch_rows: int) -> Iterator[Page]:
    """Yield all rows of a table. SQLite: in the order they were stored, those after a place that a page told before."""
    if connection.dialect.name == "sqlite":
        place: ColumnElement[int] = literal_column("rowid", Integer)
        query = select(place, *_columns(one)).where(place > after).order_by(place)
        for rows in _stream(connection, query, batch_rows):
            yield Page([tuple(row[1:]) for row in rows], rows[-1][0])
    else:
        for rows in _stream(connection, select(*_columns(one)), batch_rows):
            yield Page([tuple(row) for row in rows], 0)


def _stream(connection: Connection, query: Select[Any], batch_rows: int) -> Iterator[Sequence[Any]]:
    """The result is taken from the database as it is needed: a table may be larger than the memory."""
    yield from connection.execute(query, execution_options={"yield_per": batch_rows}).partitions()


def with_keys(connection: Connection, one: Table, keys: Sequence[Row]) -> dict[Row, Row]:
    """Return the rows with these primary keys, by key."""
    places, columns = keys_of(one), _columns(one)
    key = tuple_(*(list(one.columns)[place] for place in places))
    single = list(one.columns)[places[0]]
    wanted = single.in_([value for (value,) in keys]) if len(places) == 1 else key.in_(keys)
    rows = connection.execute(select(*columns).where(wanted))
    return {tuple(row[place] for place in places): tuple(row) for row in rows}


def write(connection: Connection, one: Table, rows: Sequence[Row]) -> None:
    """Store rows, in the transaction of the connection. Raises RowRefusedError."""
    try:
        if connection.dialect.name == "postgresql":
            _copy_in(connection, one, rows)
        else:
            _insert(connection, one, rows)
    except _REFUSED as error:
        raise RowRefusedError(_told(one, rows, getattr(error, "orig", None) or error)) from error


def _insert(connection: Connection, one: Table, rows: Sequence[Row]) -> None:
    columns = [column(c.name, Text() if is_document(c) else c.type) for c in one.columns]
    names = [c.name for c in one.columns]
    connection.execute(insert(table(one.name, *columns)), [dict(zip(names, row, strict=True)) for row in rows])


def _copy_in(connection: Connection, one: Table, rows: Sequence[Row]) -> None:
    """COPY is several times faster than INSERT."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(one.name), sql.SQL(", ").join(sql.Identifier(c.name) for c in one.columns)
    )
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is open
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _told(one: Table, rows: Sequence[Row], error: BaseException) -> str:
    """Name the row, where PostgreSQL says in which line of the COPY it is."""
    context = getattr(getattr(error, "diag", None), "context", None) or ""
    which = f"a row of {one.name}"
    if (found := _LINE.search(context)) and 0 < int(found[1]) <= len(rows):
        row = rows[int(found[1]) - 1]
        names = list(one.columns)
        key = ", ".join(f"{names[place].name}={row[place]}" for place in keys_of(one))
        which = f"the row of {one.name} with {key}"
    return f"The target cannot hold {which}: {str(error).strip().splitlines()[0]}"
