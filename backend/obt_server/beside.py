"""What the commands beside a running server need: its database, its address, and failures told in a line."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from obt_server import logs
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.migrate import DatabaseTooNewError, migrate
from obt_server.program import fail

LOCK_FILE = "server.lock"
ADDRESS_FILE = "server.address"
"""In the data folder while a server runs: where, for the commands beside it."""
Returned = TypeVar("Returned")


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[Database]:
    """Open the database as it should be, migrated if it is new."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(settings.sqlalchemy_url, lambda _: None)
    try:
        await migrate(db, settings.data_dir / "obt.sqlite3" if db.is_sqlite else None)
        yield db
    finally:
        await db.close()


def run(work: Coroutine[Any, Any, Returned]) -> Returned:
    """Do a command's work; a database that cannot be used ends the program with a message."""
    logs.configure("warning", "text")
    with told_in_a_line():
        return asyncio.run(work)


@contextmanager
def told_in_a_line() -> Generator[None]:
    """End the program with a message where its database cannot be used."""
    try:
        yield
    except DatabaseTooNewError as error:
        fail(f"{error} Install the newer OBT again, or restore a copy from the folder 'backups'.")
    except (SQLAlchemyError, OSError) as error:
        fail(f"the database cannot be used: {str(getattr(error, 'orig', None) or error).strip()}")


def own_address(settings: Settings) -> str:
    """Where a server with these settings listens."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 - compared, not bound
    return f"{settings.scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"


def address_now(settings: Settings) -> str:
    """Where the server of this data folder runs, or will run."""
    if settings.public_url:
        return settings.public_url
    try:
        with FileLock(settings.data_dir / LOCK_FILE, timeout=0):  # free: what the file says is of an earlier server
            return own_address(settings)
    except Timeout:
        return (settings.data_dir / ADDRESS_FILE).read_text()


def now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)
