"""What the commands beside a running server need: its database, its address, and failures told in a line."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from psycopg import Error as PsycopgError
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from obt_server import logs
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.engines import limits_of
from obt_server.events import EventBus
from obt_server.events.peers import Peers
from obt_server.migrate import DatabaseHalfCopiedError, DatabaseTooNewError, NoRoomError, migrate
from obt_server.program import fail
from obt_server.trouble import RIGHTS, trouble_of

LOCK_FILE = "server.lock"
ADDRESS_FILE = "server.address"
"""In the data folder while a server runs: where, for the commands beside it."""
_LOOK_EVERY_S = 0.5
_RIGHTS = (
    "the role in OBT_DATABASE_URL may not do this (an upgrade needs the owner's role: OBT_DATABASE_URL=postgresql://OWNER"
    "@... obt-server db upgrade; docs/postgresql.md)"
)
Returned = TypeVar("Returned")


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[Database]:
    """Open the database as it should be, migrated if it is new."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    limits = limits_of(settings)
    tell = Peers(settings.database_url, limits, EventBus()).tell if settings.database_url else None
    db = Database(settings.sqlalchemy_url, lambda _: None, tell, limits=limits)
    try:
        await migrate(db, settings.data_dir / "obt.sqlite3" if db.is_sqlite else None)
        yield db
    finally:
        await db.close()


def run(work: Coroutine[Any, Any, Returned]) -> Returned:
    """Do a command's work; a database that cannot be used ends the program with a message."""
    quietly()
    with told_in_a_line():
        return asyncio.run(work)


def quietly() -> None:
    """Log what a command's user has to know, and nothing else."""
    logs.configure("warning", "text")


@contextmanager
def told_in_a_line() -> Generator[None]:
    """End the program with a message where its database cannot be used."""
    try:
        yield
    except DatabaseTooNewError as error:
        fail(f"{error} Install the newer OBT again, or restore a copy from the folder 'backups'.")
    except DatabaseHalfCopiedError as error:
        fail(f"{error} Run the same `obt-server db copy` or `restore` again: it goes on where it was.")
    except NoRoomError as error:
        fail(str(error))
    except (SQLAlchemyError, PsycopgError, sqlite3.Error, OSError) as error:
        if trouble_of(error) is RIGHTS:
            fail(f"{_RIGHTS}: {str(getattr(error, 'orig', None) or error).strip()}")
        fail(f"the database cannot be used: {str(getattr(error, 'orig', None) or error).strip()}")


async def wait_for_database(settings: Settings, say: Callable[[str], None]) -> None:
    """Wait until PostgreSQL answers, as long as the setting allows. Raises the last OperationalError."""
    db = Database(settings.sqlalchemy_url, lambda _: None, limits=limits_of(settings))
    until, said = time.monotonic() + settings.db_start_wait_s, False
    try:
        while not db.is_sqlite:
            try:
                return await db.ping()
            except OperationalError as error:
                if time.monotonic() >= until:
                    raise
                if not said:
                    cause = str(error.orig).strip().splitlines()[-1]
                    say(f"PostgreSQL does not answer yet; trying for {settings.db_start_wait_s:g} s: {cause}")
                said = True
            await asyncio.sleep(_LOOK_EVERY_S)
    finally:
        await db.close()


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
