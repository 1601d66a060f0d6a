"""`obt-server db copy`: a database into another one, each SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text

from obt_server.beside import LOCK_FILE
from obt_server.copying import targets
from obt_server.copying.places import Place, place_of
from obt_server.copying.service import BATCH_ROWS, Copied, CopyError, Watcher, copy_into, snapshot
from obt_server.migrate import require_room


@contextmanager
def unserved(folder: Path) -> Generator[None]:
    """Keep servers away from a folder's database meanwhile. Raises CopyError where one runs."""
    try:
        with FileLock(folder / LOCK_FILE, timeout=0):
            yield
    except Timeout as error:
        raise CopyError(f"a server runs on {folder}: stop it first, so that nothing is written meanwhile") from error


def copy_database(source: Place, target: Place, watcher: Watcher, batch_rows: int = BATCH_ROWS) -> Copied:
    """Copy and compare. A SQLite file appears under its name once it is whole. Raises CopyError, NoRoomError."""
    if source.file is not None and not source.file.exists():
        raise CopyError(f"there is no database {source.file}")
    if source == target:
        raise CopyError("source and target are the same database")
    with unserved(source.file.parent) if source.file is not None else nullcontext(), snapshot(source) as connection:
        if target.file is not None:
            return into_file(connection, source.name, target.file, watcher, batch_rows)
        engine = target.engine()
        try:
            return copy_into(connection, source.name, engine, watcher, batch_rows)
        finally:
            engine.dispose()


def into_file(source: Connection, name: str, file: Path, watcher: Watcher, batch_rows: int = BATCH_ROWS) -> Copied:
    """Copy into a SQLite file. Raises CopyError, NoRoomError."""
    require_empty_file(file)
    part = file.with_name(f"{file.name}.part")
    if source.dialect.name == "postgresql":  # its moment is gone
        remove(part)
        needed = source.scalar(text("SELECT pg_database_size(current_database())")) or 0
        require_room(file.parent, needed, "The copy")
    engine = place_of(str(part)).engine()
    try:
        copied = copy_into(source, name, engine, watcher, batch_rows)
    finally:
        engine.dispose()
    put_in_place(part, file)
    return copied


def require_empty_file(file: Path) -> None:
    """Raise CopyError where a SQLite database holds something."""
    if not file.exists():
        return
    engine = place_of(str(file)).engine()
    try:
        with engine.connect() as connection:
            targets.require_empty(connection)
    except targets.NotEmptyError as error:
        raise CopyError(f"{error} ({file})") from error
    finally:
        engine.dispose()


def put_in_place(part: Path, file: Path) -> None:
    """Make one file of a database that nobody has open, and give it its name."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    remove(file)
    part.replace(file)


def remove(file: Path) -> None:
    """Remove a SQLite database with what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm", "-journal"):
        file.with_name(f"{file.name}{end}").unlink(missing_ok=True)
