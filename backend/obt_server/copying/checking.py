"""Whether a database is well: `obt-server db check`."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import DatabaseError

from obt_server.config import Settings
from obt_server.copying import postgresql, sqlite
from obt_server.copying.findings import Finding, bad, good
from obt_server.copying.places import Place
from obt_server.engines import limits_of
from obt_server.migrate import COPY_MARK, DatabaseTooNewError, missing_steps, newest_revision, revision_of, size_bytes
from obt_server.schema import metadata


class TableSize(BaseModel):
    """`size_bytes`: with indices and what is stored apart; None where this SQLite cannot tell."""

    name: str
    rows: int
    size_bytes: int | None


class Report(BaseModel):
    """What was found. `is_well`: nothing of it keeps a server from working or loses data."""

    database: str
    kind: Literal["sqlite", "postgresql"]
    revision: str | None = None
    newest_revision: str | None
    size_bytes: int | None = None
    pending: list[str] = []
    findings: list[Finding]
    tables: list[TableSize] = []

    @property
    def is_well(self) -> bool:
        """Whether all is well; warnings do not count."""
        return all(finding.level != "error" for finding in self.findings)


def check(place: Place, settings: Settings) -> Report:
    """Look at a database without changing it."""
    report = Report(
        database=place.name,
        kind="postgresql" if place.file is None else "sqlite",
        newest_revision=newest_revision(),
        findings=[],
    )
    if place.file is not None and not place.file.exists():
        report.findings.append(bad("answers", "there is no such file; a server makes it when it starts"))
        return report
    report.size_bytes = None if place.file is None else size_bytes(place.file)
    engine = place.engine()
    try:
        with engine.connect() as connection:
            _look(connection, report, settings)
    except DatabaseError as error:
        report.findings.append(bad("answers", str(error.orig).strip()))
    finally:
        engine.dispose()
    return report


def _look(connection: Connection, report: Report, settings: Settings) -> None:
    report.revision = revision_of(connection)
    report.findings += _shape(connection, report)
    if report.kind == "sqlite":
        report.findings += sqlite.findings(connection)
    else:
        report.size_bytes = connection.scalar(text("SELECT pg_database_size(current_database())"))
        report.findings += postgresql.findings(connection, limits_of(settings), has_steps=bool(report.pending))
    report.tables = [
        TableSize(name=name, rows=rows, size_bytes=_size(connection, name)) for name, rows in counts(connection).items()
    ]


def _shape(connection: Connection, report: Report) -> Iterable[Finding]:
    there = set(inspect(connection).get_table_names())
    if COPY_MARK in there:
        yield bad("whole", "a copy into this database is not finished: run the same command again")
    try:
        report.pending = [f"{step.revision} {step.title}" for step in missing_steps(connection)]
    except DatabaseTooNewError as error:
        yield bad("revision", f"{error} Install the newer OBT.")
        return
    if report.pending:
        yield bad("revision", f"{len(report.pending)} migration(s) are missing: run `obt-server db upgrade`")
        return
    yield good("revision", f"{report.revision}, the newest")
    if missing := sorted(set(metadata.tables) - there):
        yield bad("tables", f"missing: {', '.join(missing)}")


def counts(connection: Connection) -> dict[str, int]:
    """Count the rows of every table that there is."""
    there = set(inspect(connection).get_table_names())
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
        if table.name in there
    }


def _size(connection: Connection, table: str) -> int | None:
    if connection.dialect.name == "postgresql":
        return connection.scalar(text("SELECT pg_total_relation_size(CAST(:name AS regclass))"), {"name": table})
    return sqlite.table_bytes(connection, table)
