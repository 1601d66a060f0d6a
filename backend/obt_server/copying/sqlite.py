"""What is asked of a SQLite database alone."""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from obt_server.copying.findings import Finding, bad, good

_SHOWN = 5


def findings(connection: Connection) -> Iterator[Finding]:
    """Yield what SQLite finds wrong with its own file."""
    broken = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    if broken == ["ok"]:
        yield good("integrity_check", "ok")
    else:
        yield bad("integrity_check", "; ".join(map(str, broken[:_SHOWN])))
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        shown = "; ".join(f"row {row[1]} of {row[0]} names no row of {row[2]}" for row in orphans[:_SHOWN])
        yield bad("foreign_key_check", f"{len(orphans)} row(s): {shown}")
    else:
        yield good("foreign_key_check", "ok")


def table_bytes(connection: Connection, table: str) -> int | None:
    """Return what a table and its indices take; None where this SQLite was built without `dbstat`."""
    asked = (
        "SELECT sum(pgsize) FROM dbstat(NULL, 1) WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = :name)"
    )
    try:
        return connection.scalar(text(asked), {"name": table})
    except OperationalError:
        return None
