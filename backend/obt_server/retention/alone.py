"""One at a time: of all servers and commands on one database, one takes old rows away."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from filelock import FileLock, Timeout
from sqlalchemy import text

from obt_server.config import Settings
from obt_server.db import Database

_LOCK = 881_006


@asynccontextmanager
async def alone(db: Database, settings: Settings) -> AsyncGenerator[bool]:
    """Say whether nobody else does it, and keep others from it until the end of the block."""
    if db.is_sqlite:
        try:
            with FileLock(settings.data_dir / "retention.lock", timeout=0):
                yield True
        except Timeout:
            yield False
        return
    # Of the connection, not of a transaction: one that is open for minutes keeps PostgreSQL from cleaning up.
    async with db.writer.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        is_ours = bool(await connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _LOCK}))
        try:
            yield is_ours
        finally:
            if is_ours:
                await connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK})
