"""Whether a restored backup holds what was there: every row that nobody changed from before it to after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, text

from obt_server.copying.comparing import same_document
from obt_server.copying.rows import Row, is_document, keys_of, pages, with_keys
from obt_server.copying.service import BATCH_ROWS
from obt_server.schema import metadata

_SHOWN = 5
_OF_ONE_MOMENT = {
    "counted results are not the results": """
        SELECT count(*) FROM (SELECT level FROM result_cells GROUP BY level
                              HAVING sum(total) <> (SELECT count(*) FROM results)) l""",
    "results without a job that ended so": """
        SELECT count(*) FROM results r WHERE NOT EXISTS (
            SELECT 1 FROM jobs j WHERE j.id = r.job_id AND j.status = r.status)""",
    "completed jobs without a result": """
        SELECT count(*) FROM jobs j WHERE status = 'completed' AND NOT EXISTS (
            SELECT 1 FROM results r WHERE r.job_id = j.id)""",
    "results whose samples still lie beside them": """
        SELECT count(*) FROM samples s WHERE EXISTS (SELECT 1 FROM results r WHERE r.job_id = s.job_id)""",
}


@dataclass(slots=True)
class Compared:
    """`alike`: rows that were the same before and after, and are the same here. `changed`: meanwhile, so not judged.

    `came`: rows that came between, and are as they were afterwards. `wrong`: what should not be, in words.
    """

    alike: int = 0
    changed: int = 0
    came: int = 0
    wrong: list[str] = field(default_factory=list[str])


def compare(before: Connection, after: Connection, restored: Connection) -> Compared:
    """Compare every column of every row of every table; look whether what was restored is of one moment."""
    seen = Compared()
    for table in metadata.sorted_tables:
        _those_before(table, before, after, restored, seen)
        _those_that_came(table, before, after, restored, seen)
    for what, asked in _OF_ONE_MOMENT.items():
        if count := restored.scalar(text(asked)):
            seen.wrong.append(f"{count} {what}")
    return seen


def _those_before(table: Table, before: Connection, after: Connection, restored: Connection, seen: Compared) -> None:
    """Of what was there before: who stayed the same is there, and the same."""
    for page in pages(before, table, -(2**63), BATCH_ROWS):
        keys = _keys(table, page.rows)
        later, here = with_keys(after, table, keys), with_keys(restored, table, keys)
        for key, row in zip(keys, page.rows, strict=True):
            if not _same(table, row, later.get(key)):
                seen.changed += 1
            elif _same(table, row, here.get(key)):
                seen.alike += 1
            else:
                _note(seen, table, key, "is not there" if key not in here else "is another")


def _those_that_came(table: Table, before: Connection, after: Connection, restored: Connection, seen: Compared) -> None:
    """Nothing is there that was neither there before nor afterwards, but what may come and go."""
    for page in pages(restored, table, -(2**63), BATCH_ROWS):
        keys = _keys(table, page.rows)
        earlier = with_keys(before, table, keys)
        new = [(key, row) for key, row in zip(keys, page.rows, strict=True) if key not in earlier]
        later = with_keys(after, table, [key for key, _ in new]) if new else {}
        for key, row in new:
            if _same(table, row, later.get(key)):
                seen.came += 1
            else:
                seen.changed += 1


def _keys(table: Table, rows: Sequence[Row]) -> list[Row]:
    places = keys_of(table)
    return [tuple(row[place] for place in places) for row in rows]


def _same(table: Table, one: Row, two: Row | None) -> bool:
    if one == two or two is None:
        return one == two
    return all(map(_same_value, table.columns, one, two))


def _same_value(column: Any, one: Any, two: Any) -> bool:
    try:
        return same_document(one, two) if is_document(column) else one == two
    except ValueError:  # a document that is none any more
        return False


def _note(seen: Compared, table: Table, key: Row, what: str) -> None:
    if len(seen.wrong) < _SHOWN:
        seen.wrong.append(f"{table.name} {', '.join(map(str, key))} {what}")
