"""Whether this server can do its work now, and if not, why: what a proxy asks before it sends anybody here."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import lru_cache

import structlog
from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from obt_server import __version__
from obt_server.db import Database
from obt_server.migrate import make_config
from obt_server.pulse import Pulse

log = structlog.get_logger()
router = APIRouter(tags=["health"], include_in_schema=False)
KEPT_S = 1.0
"""What was found is told again for so long: however often it is asked, the database is asked once a second."""
WRITTEN_EVERY_S = 10.0
"""A write costs a sync of the disk: while it succeeds it is tried so seldom."""
ANSWER_S = 2.0
WRITE_S = 5.0
_REVISION = "SELECT version_num FROM alembic_version"
_WRITE = "UPDATE alembic_version SET version_num = version_num"
# Somebody who holds the row, another server or a migration, writes: nothing is left to be shown.
_WRITE_POSTGRESQL = f"{_WRITE} WHERE version_num IN ({_REVISION} FOR UPDATE SKIP LOCKED)"
REASONS = {
    "draining": "The server is stopping.",
    "database_unavailable": "The database does not answer.",
    "database_not_migrated": "The database is not at the revision of this version.",
    "database_not_writable": "The database cannot be written: it is read-only, full, or busy for too long.",
    "loop_silent": "What the server does by itself has not succeeded for too long.",
}
"""Why it is not ready. Anybody may ask, so no reason says more; the log does."""


@dataclass(slots=True)
class Readiness:
    """Looks at most once a second, one look at a time, and remembers."""

    db: Database
    pulse: Pulse
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looked_s: float = -KEPT_S
    _written_s: float = -WRITTEN_EVERY_S
    _found: list[str] = field(default_factory=list[str])
    _cause: str | None = None

    async def reasons(self) -> list[str]:
        """Return the codes of what is wrong; none where the server is ready."""
        async with self._lock:
            if time.monotonic() - self._looked_s >= KEPT_S:
                await self._look()
            return self._found

    async def _look(self) -> None:
        self._cause = None
        before, silent = self._found, self.pulse.silent()
        self._found = [*await self._of_database(), *(["loop_silent"] if silent else [])]
        self._looked_s = time.monotonic()
        if self._found and self._found != before:
            log.warning("not_ready", reasons=self._found, error=self._cause, silent_loops=silent)
        elif before and not self._found:
            log.info("ready_again")

    async def _of_database(self) -> list[str]:
        try:
            async with asyncio.timeout(ANSWER_S), self.db.read() as session:
                revision: str | None = await session.scalar(text(_REVISION))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return self._failed("database_unavailable", error)
        # A later revision is that of a server which takes this one's place in a rolling upgrade: until then both serve.
        if revision is None or revision in _earlier_revisions():
            return ["database_not_migrated"]
        return [] if time.monotonic() - self._written_s < WRITTEN_EVERY_S else await self._of_a_write()

    async def _of_a_write(self) -> list[str]:
        try:
            async with asyncio.timeout(WRITE_S), self.db.write() as session:
                await session.execute(text(_WRITE if self.db.is_sqlite else _WRITE_POSTGRESQL))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return self._failed("database_not_writable", error)
        self._written_s = time.monotonic()
        return []

    def _failed(self, reason: str, error: Exception) -> list[str]:
        self._written_s = -WRITTEN_EVERY_S
        self._cause = str(error.__cause__ or error)[:300] or type(error).__name__
        return [reason]


@lru_cache(maxsize=1)
def _earlier_revisions() -> frozenset[str]:
    script = ScriptDirectory.from_config(make_config())
    return frozenset(one.revision for one in script.walk_revisions()) - {script.get_current_head() or ""}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Answer 200 where the server is ready; else 503, with the reasons."""
    state = request.app.state
    found = ["draining"] if state.is_draining else await state.readiness.reasons()
    told = [{"code": code, "detail": REASONS[code]} for code in found]
    body = {"status": "not_ready" if found else "ready", "version": __version__, "reasons": told}
    return JSONResponse(body, 503 if found else 200)
