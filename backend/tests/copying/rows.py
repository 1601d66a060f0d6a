"""Rows for every table that there is, by the types of its columns: a later table is in it without a word here."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    insert,
    select,
)
from sqlalchemy import func as sql_function

from obt_server.db import UtcDateTime
from obt_server.schema import metadata

DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"text": "“é” 漢字 \U0001f40e", "z": 1, "a": [1.0, 1, True, None, -0.0], "nested": {"b": {}, "a": []}},
    {"large": 2**63, "float": 1e25, "small": 5e-324, "tenth": 0.1, "empty": ""},
    {},
)
"""What JSONB writes in another way, and must not lose."""
_MOMENT = datetime(2026, 11, 1, 12, 0, 0, 123456, UTC)


def fill(engine: Engine, each: int) -> dict[str, int]:
    """Store so many rows in each table; return how many there are, by the tables that the database itself names."""
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(insert(table), [a_row(table, number) for number in range(1, each + 1)])
    return count(engine)


def count(engine: Engine) -> dict[str, int]:
    """Count the rows of every table of the database, whatever the code knows of it."""
    with engine.connect() as connection:
        return {name: _rows(connection, name) for name in _tables(connection)}


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Return all that is stored, by table, as the application would read it."""
    found: dict[str, list[Any]] = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = [tuple(_plain(value) for value in row) for row in connection.execute(select(table))]
            found[table.name] = sorted(rows, key=lambda row: repr(row[:2]))
    return found


def _plain(value: object) -> object:
    """JSONB writes 1e25 with all its digits: exact numbers are compared, which no float is."""
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value), parse_int=Decimal, parse_float=Decimal)
    return value


def _tables(connection: Connection) -> Sequence[str]:
    from sqlalchemy import inspect

    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]


def _rows(connection: Connection, name: str) -> int:
    return connection.scalar(select(sql_function.count()).select_from(metadata.tables[name])) or 0


def a_row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> Any:
    """A value that no other row of the table has, and the same one in a row that refers to this one."""
    if column.nullable and number % 3 == 0 and not column.foreign_keys:
        return None
    kind = column.type
    if isinstance(kind, JSON):
        return DOCUMENTS[number % len(DOCUMENTS)] if "JSONB" in repr(kind) or column.nullable else [f"é{number}"]
    if isinstance(kind, UtcDateTime):
        return _MOMENT + timedelta(microseconds=number)
    makers: list[tuple[type[Any], Any]] = [
        (Uuid, UUID(int=2**127 + number * 7919)),
        (Boolean, number % 2 == 0),
        (Float, number / 3),
        (Integer, number),
        (LargeBinary, bytes([0, 255, number % 256]) * 3),
    ]
    for of_type, value in makers:
        if isinstance(kind, of_type):
            return value
    return f"é{number}"[: kind.length if getattr(kind, "length", None) else None]  # type: ignore[attr-defined]
