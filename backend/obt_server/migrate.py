"""Brings the database to this version's shape; the SQLite file is copied first."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from obt_server.db import Database

log = structlog.get_logger()
FOLDER = Path(__file__).parent / "migrations"


class DatabaseTooNewError(Exception):
    """The database was written by a later version of OBT."""


def make_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection where one is given."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


async def migrate(db: Database, sqlite_file: Path | None) -> None:
    """Run the migrations that are missing. Raises DatabaseTooNewError."""
    async with db.writer.connect() as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    script = ScriptDirectory.from_config(make_config())
    head = script.get_current_head()
    if current == head:
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise DatabaseTooNewError(f"The database has revision {current}, which this version of OBT does not know.")
    if sqlite_file is not None and current is not None:
        copy_sqlite(sqlite_file, current)
    async with db.writer.begin() as connection:
        await connection.run_sync(lambda sync: upgrade(make_config(sync), "head"))
    log.info("database_migrated", before=current, after=head)


def copy_sqlite(file: Path, revision: str) -> Path:
    """Copy a SQLite database, consistent though others may read it; return the copy."""
    copy = file.parent / "backups" / f"{file.stem}-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{file.suffix}"
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    log.info("database_copied", copy=str(copy))
    return copy
