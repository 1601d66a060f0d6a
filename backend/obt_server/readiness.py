"""Whether this server can do its work now, and if not, why: what a proxy asks before it sends anybody here."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from functools import lru_cache

import structlog
from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from obt_server import __version__
from obt_server.db import Database
from obt_server.migrate import make_config
from obt_server.pulse import Pulse
from obt_server.room import NEARLY_FULL
from obt_server.trouble import RIGHTS, Trouble, trouble_of

log = structlog.get_logger()
router = APIRouter(tags=["health"], include_in_schema=False)
KEPT_S = 1.0
"""What was found is told again for so long: however often it is asked, the database is asked once a second."""
WRITTEN_EVERY_S = 10.0
"""A write costs a sync of the disk: while it succeeds it is tried so seldom."""
ANSWER_S = 2.0
SLOW_S = 6.0
"""A database that answers late is there: where it keeps all servers waiting, none should send everybody away for it."""
WRITE_S = 5.0
_REVISION = "SELECT version_num FROM alembic_version"
_WRITE = "UPDATE alembic_version SET version_num = version_num"
# Somebody who holds the row, another server or a migration, writes: nothing is left to be shown.
_WRITE_POSTGRESQL = f"{_WRITE} WHERE version_num IN ({_REVISION} FOR UPDATE SKIP LOCKED)"
REASONS = {
    "draining": "The server is stopping.",
    "database_unavailable": "The database does not answer.",
    "database_not_migrated": "The database is not at the revision of this version.",
    NEARLY_FULL: "A disk of the server has little room left: nothing new is measured, or nothing archived.",
    "loop_silent": "What the server does by itself has not succeeded for too long.",
}
"""Why it is not ready, or soon may not be. Anybody may ask, so no reason says more; the log does."""
NOT_WRITABLE = Trouble("database_not_writable", "The database cannot be written: it is busy for too long.", True)
# What takes room that was not taken before, and gives it back. A small change might fit into what a file has already.
_ROOM_SQLITE = (
    "CREATE TABLE obt_room (it BLOB)",
    "INSERT INTO obt_room VALUES (zeroblob(65536))",
    "DROP TABLE obt_room",
)
_ROOM_POSTGRESQL = ("CREATE TEMPORARY TABLE obt_room ON COMMIT DROP AS SELECT repeat('room', 16384)",)


@dataclass(slots=True)
class Readiness:
    """Looks at most once a second, one look at a time, and remembers.

    `trouble`: what keeps it from storing anything, though all that is stored can be read; it is ready all the same,
    since no other server on the same database could do more.
    """

    db: Database
    pulse: Pulse
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looked_s: float = -math.inf
    _answered_s: float = -math.inf
    _written_s: float = -math.inf
    _found: list[str] = field(default_factory=list[str])
    trouble: Trouble | None = None
    _cause: str | None = None

    async def reasons(self) -> list[str]:
        """Return the codes of what is wrong; none where the server is ready."""
        async with self._lock:
            if time.monotonic() - self._looked_s >= KEPT_S or self.trouble is not self.db.trouble:
                await self._look()
            return self._found

    async def _look(self) -> None:
        self._cause = None
        before, silent = (self._found, self.trouble), self.pulse.silent()
        self._found = await self._of_database()
        if silent and self.trouble is None:  # what cannot be stored is the loops' trouble too
            self._found = [*self._found, "loop_silent"]
        self._looked_s = time.monotonic()
        now = (self._found, self.trouble)
        if now not in (before, ([], None)):
            code = self.trouble and self.trouble.code
            log.warning("not_ready", reasons=self._found, trouble=code, error=self._cause, silent_loops=silent)
        elif now != before:
            log.info("ready_again")

    async def _of_database(self) -> list[str]:
        try:
            async with asyncio.timeout(ANSWER_S), self.db.read() as session:
                revision: str | None = await session.scalar(text(_REVISION))
        except TimeoutError as error:
            if time.monotonic() - self._answered_s < SLOW_S:
                return [code for code in self._found if code != "loop_silent"]  # which is looked at by itself
            return self._failed("database_unavailable", error)
        except (SQLAlchemyError, OSError) as error:
            return self._failed("database_unavailable", error)
        self._answered_s = time.monotonic()
        # A later revision is that of a server which takes this one's place in a rolling upgrade: until then both serve.
        if revision is None or revision in _earlier_revisions():
            return ["database_not_migrated"]
        if self.db.trouble is not None or time.monotonic() - self._written_s >= WRITTEN_EVERY_S:
            await self._try_to_write()
        return []

    async def _try_to_write(self) -> None:
        """After a write that failed, try one that needs room; else one that costs little."""
        small = (_WRITE if self.db.is_sqlite else _WRITE_POSTGRESQL,)
        large = _ROOM_SQLITE if self.db.is_sqlite else _ROOM_POSTGRESQL
        before, self.db.trouble = self.db.trouble, None
        try:
            async with asyncio.timeout(WRITE_S), self.db.write() as session:
                for statement in small if before is None else large:
                    await session.execute(text(statement))
            self._written_s = time.monotonic()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            if not (isinstance(error, DBAPIError) and trouble_of(error) is RIGHTS):  # it may make no temporary tables
                self._failed("", error)
                self.db.trouble = self.db.trouble or NOT_WRITABLE
        self.trouble = self.db.trouble

    def _failed(self, reason: str, error: Exception) -> list[str]:
        self._written_s = -math.inf
        self._cause = str(error.__cause__ or error)[:300] or type(error).__name__
        return [reason]


@lru_cache(maxsize=1)
def _earlier_revisions() -> frozenset[str]:
    script = ScriptDirectory.from_config(make_config())
    return frozenset(one.revision for one in script.walk_revisions()) - {script.get_current_head() or ""}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Answer 200 where the server can answer, `read_only` where it can store nothing; else 503. With the reasons.

    A disk with little room is a reason too, and changes nothing else: no other server could do more.
    """
    state = request.app.state
    found = ["draining"] if state.is_draining else await state.readiness.reasons()
    told = [{"code": code, "detail": REASONS[code]} for code in found]
    trouble: Trouble | None = None if found else state.readiness.trouble
    if trouble is not None:
        told = [{"code": trouble.code, "detail": trouble.detail}]
    elif state.room.is_short():
        told.append({"code": NEARLY_FULL, "detail": REASONS[NEARLY_FULL]})
    status = "not_ready" if found else "read_only" if trouble else "ready"
    return JSONResponse({"status": status, "version": __version__, "reasons": told}, 503 if found else 200)
