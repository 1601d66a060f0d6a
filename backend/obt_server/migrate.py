"""Brings the database to this version's shape, once though several servers start; the SQLite file is copied first."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from obt_server.db import Database

log = structlog.get_logger()
FOLDER = Path(__file__).parent / "migrations"
MIGRATION_LOCK: Final = 8_881_000_001
"""Of PostgreSQL's advisory locks: held by whoever migrates, until the end of that transaction."""
COPY_MARK: Final = "obt_copy"
"""A table that is there only while a copy into this database is not finished: `obt_server.copying`."""
MEBIBYTE: Final = 2**20
_SPARE_BYTES: Final = 64 * MEBIBYTE
_PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"
"""A step over years of results may take an hour, and servers that start together wait for each other."""


class DatabaseTooNewError(Exception):
    """The database was written by a later version of OBT."""


class DatabaseHalfCopiedError(Exception):
    """A copy into this database was begun and not finished."""


class NoRoomError(OSError):
    """The disk has no room for what is to be written. Nothing was."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: its revision, and what it does."""

    revision: str
    title: str


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done, and how long it took."""

    step: Step
    took_s: float


Say = Callable[[Done], None]


def make_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection where one is given."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None: it is new."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the revision that this version of OBT works with."""
    return ScriptDirectory.from_config(make_config()).get_current_head()


def missing_steps(connection: Connection) -> list[Step]:
    """Return the steps that a database lacks, in their order. Raises DatabaseTooNewError."""
    current = revision_of(connection)
    every = [Step(one.revision, one.doc) for one in ScriptDirectory.from_config(make_config()).walk_revisions()][::-1]
    known = [step.revision for step in every]
    if current is not None and current not in known:
        raise DatabaseTooNewError(f"The database has revision {current}, which this version of OBT does not know.")
    return every if current is None else every[known.index(current) + 1 :]


def refuse_half_copied(connection: Connection) -> None:
    """Raise DatabaseHalfCopiedError where a copy was begun and did not come to its end."""
    if inspect(connection).has_table(COPY_MARK):
        raise DatabaseHalfCopiedError("A copy into this database is not finished, so it is not whole.")


async def migrate(db: Database, sqlite_file: Path | None, *, keep_copy: bool = True, say: Say | None = None) -> None:
    """Run the migrations that are missing. Raises DatabaseTooNewError, DatabaseHalfCopiedError, NoRoomError."""
    async with db.writer.connect() as connection:
        await connection.run_sync(refuse_half_copied)
        steps = await connection.run_sync(missing_steps)
        current = await connection.run_sync(revision_of)
    if not steps:
        return
    if sqlite_file is not None and current is not None and keep_copy:
        copy_sqlite(sqlite_file, current)
    async with db.writer.begin() as connection:
        if not db.is_sqlite:
            await connection.exec_driver_sql(_PATIENT)
            await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        done = await connection.run_sync(_run, say)
    if done:
        log.info("database_migrated", before=current, after=done[-1].revision)


def _run(connection: Connection, say: Say | None) -> Sequence[Step]:
    """Look again, now that nobody else migrates, and do what is still missing."""
    if steps := missing_steps(connection):
        run_steps(connection, steps, say)
    return steps


def run_steps(connection: Connection, steps: Sequence[Step], say: Say | None = None) -> None:
    """Do all steps in the transaction of that connection; `say` hears of each when it is done."""
    waiting, begun = list(steps), time.monotonic()

    def done(**_: Any) -> None:
        nonlocal begun
        now = time.monotonic()
        if say is not None:
            say(Done(waiting.pop(0), now - begun))
        begun = now

    config = make_config(connection)
    config.attributes["on_step"] = done
    upgrade(config, "head")


def size_bytes(file: Path) -> int:
    """Return what a SQLite database takes on the disk, with its log."""
    parts = (file, file.with_name(f"{file.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def require_room(folder: Path, needed_bytes: int, what: str, instead: str = "Make room.") -> None:
    """Raise NoRoomError where the disk of a folder has no room for so much and a little more."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + _SPARE_BYTES:
        needed_mib, free_mib = -(-needed_bytes // MEBIBYTE), free // MEBIBYTE
        raise NoRoomError(f"{what} needs {needed_mib:,} MiB in {folder}, and {free_mib:,} MiB are free. {instead}")


def copy_sqlite(file: Path, revision: str) -> Path:
    """Copy a SQLite database, consistent though others may read it; return the copy. Raises NoRoomError."""
    copy = file.parent / "backups" / f"{file.stem}-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{file.suffix}"
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    instead = "Make room, or where you have a backup: obt-server db upgrade --no-backup."
    require_room(copy.parent, size_bytes(file), "The copy that is made before an upgrade", instead)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    log.info("database_copied", copy=str(copy))
    return copy
