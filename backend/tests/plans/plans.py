"""What a database would read for a statement: the large tables that it would look through."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from obt_server.db import Database

LARGE = frozenset(
    {
        *("results", "samples", "telemetry", "jobs", "job_log", "sessions", "audit_log", "operations"),
        *("presence_changes", "installed_models"),
    }
)
Statement = tuple[str, Any]


class Recorder:
    """Remembers each different statement that reads, with its first parameters."""

    def __init__(self, db: Database) -> None:
        self._engines = [db._reader, db.writer]  # pyright: ignore[reportPrivateUsage]
        self.seen: dict[str, tuple[str, Any]] = {}
        self.asking = ""
        for engine in self._engines:
            event.listen(engine.sync_engine, "before_cursor_execute", self._hear)

    def _hear(self, _c: object, _u: object, statement: str, parameters: Any, _x: object, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            self.seen.setdefault(statement, (self.asking, parameters))

    def stop(self) -> None:
        """Remember no more."""
        for engine in self._engines:
            event.remove(engine.sync_engine, "before_cursor_execute", self._hear)


async def looked_through(engine: AsyncEngine, statement: str, parameters: Any) -> set[str]:
    """Return the large tables that the statement reads from one end to the other."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return set(_of_sqlite([row["detail"] for row in found.mappings()], statement)) & LARGE
        # Where there is an index that serves, a table of a few thousand rows may yet be read whole: it is quicker.
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        found = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        told: Any = found.scalar_one()
        plans: list[dict[str, Any]] = json.loads(told) if isinstance(told, str) else told
        return set(_of_postgresql(plans[0]["Plan"])) & LARGE


def _of_sqlite(lines: list[str], statement: str) -> Iterator[str]:
    """A page that is read in its order, along an index or by its key, ends with its last row; a sorted one does not."""
    words = set(statement.upper().split())
    is_sorted = any("TEMP B-TREE" in line for line in lines)
    is_page = {"LIMIT", "ORDER"} <= words and "GROUP" not in words and not is_sorted
    for place, line in enumerate(lines):
        if (named := re.match(r"SCAN (\w+)", line)) and not (is_page and place == 0):
            yield re.sub(r"_\d+$", "", named[1])


def _of_postgresql(node: dict[str, Any], *, is_page: bool = False) -> Iterator[str]:
    kind = node["Node Type"]
    is_page = (is_page or kind == "Limit") and kind not in {"Sort", "Aggregate", "Hash", "Incremental Sort"}
    if kind == "Seq Scan" or (kind.startswith("Index") and "Index Cond" not in node and not is_page):
        yield node.get("Relation Name", "")
    for child in node.get("Plans", ()):
        yield from _of_postgresql(child, is_page=is_page)
