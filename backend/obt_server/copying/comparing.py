"""Whether two databases hold the same: every column of every row, as it is read."""

import json
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, cast

from pydantic_core import from_json
from sqlalchemy import Connection, Table, func, select

from obt_server.copying.rows import Row, is_document, keys_of, pages, with_keys

_SHOWN = 5


def differences(
    source: Connection, target: Connection, table: Table, batch_rows: int, advance: Callable[[int], None]
) -> list[str]:
    """Compare a table's rows; return a few of what differs, in words: nothing where all is alike."""
    found = _other_count(source, target, table)
    places = keys_of(table)
    for page in pages(source, table, -(2**63), batch_rows):
        keys = [tuple(row[place] for place in places) for row in page.rows]
        there = with_keys(target, table, keys)
        for key, row in zip(keys, page.rows, strict=True):
            found += _difference(table, key, row, there.get(key))
            if len(found) >= _SHOWN:
                return found
        advance(len(page.rows))
    return found


def _other_count(source: Connection, target: Connection, table: Table) -> list[str]:
    """With all of the source's rows found in the target, as many there means: no others."""
    counted = select(func.count()).select_from(table)
    ours, theirs = source.scalar(counted), target.scalar(counted)
    return [] if ours == theirs else [f"{table.name}: {ours:,} rows in the source, {theirs:,} in the target"]


def _difference(table: Table, key: Row, row: Row, other: Row | None) -> list[str]:
    if other == row:
        return []
    if other is None:
        return [f"{table.name} {_text(key)}: is not in the target"]
    return [
        f"{table.name} {_text(key)}: another {column.name}"
        for column, one, two in zip(table.columns, row, other, strict=True)
        if not (same_document(one, two) if is_document(column) else _same(one, two))
    ]


def _text(key: Row) -> str:
    return ", ".join(map(str, key))


def _same(one: object, two: object) -> bool:
    """NaN is itself here."""
    both_nan = isinstance(one, float) and isinstance(two, float) and math.isnan(one) and math.isnan(two)
    return both_nan or (type(one) is type(two) and one == two)


def same_document(one: str | None, two: str | None) -> bool:
    """JSONB sorts keys and writes numbers its own way: what is compared is what they say."""
    if one is None or two is None:
        return one is two
    if one == two or _says_the_same(one, two):
        return True
    return _exact(_decimals(one)) == _exact(_decimals(two))


def _says_the_same(one: str, two: str) -> bool:
    """Most documents end here. As texts: in Python True equals 1, and in a document it does not."""
    ours, theirs = (json.dumps(from_json(text), sort_keys=True) for text in (one, two))
    return ours == theirs


def _decimals(text: str) -> object:
    """1e+25 and 10000000000000000000000000 are one number, and no float tells it."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def _exact(value: object) -> object:
    """In Python True equals 1; in a document it does not."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, dict):
        return {key: _exact(part) for key, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_exact(part) for part in cast("Sequence[Any]", value)]
    return value
