"""What `/readyz` tells: whether the database answers, and whether anything can be stored."""

from typing import Literal

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from obt_server import __version__
from obt_server.db import Database
from obt_server.trouble import RIGHTS, trouble_of

# What takes room that was not taken before, and gives it back. A small change might fit into what a file has already.
_SQLITE = ("CREATE TABLE obt_room (it BLOB)", "INSERT INTO obt_room VALUES (zeroblob(65536))", "DROP TABLE obt_room")
_POSTGRESQL = ("CREATE TEMPORARY TABLE obt_room ON COMMIT DROP AS SELECT repeat('room', 16384)",)


class Readiness(BaseModel):
    """`read_only`: everything that is stored can be read, and nothing can be stored. `code`, `detail`: why."""

    status: Literal["ready", "read_only"]
    version: str = __version__
    code: str | None = None
    detail: str | None = None


async def readiness(db: Database) -> Readiness:
    """Look. Raises OperationalError where the database does not answer.

    Writing is tried only while it failed the last time: whoever asks often costs nothing, and what was mended is seen.
    """
    await db.ping()
    if db.trouble is not None and await _can_write(db):
        db.trouble = None
    if db.trouble is None:
        return Readiness(status="ready")
    return Readiness(status="read_only", code=db.trouble.code, detail=db.trouble.detail)


async def _can_write(db: Database) -> bool:
    try:
        async with db.write() as session:
            for statement in _SQLITE if db.is_sqlite else _POSTGRESQL:
                await session.execute(text(statement))
    except (DBAPIError, PoolTimeoutError) as error:
        return trouble_of(error) is RIGHTS  # a role that may make no temporary tables: the next write will tell
    return True
