"""The other servers on the same PostgreSQL: what each writes all hear of, and one of them leads.

Both by one connection of its own: LISTEN, and an advisory lock of its session. As long as the connection answers,
nothing was missed, and who has the lock leads; when it is lost, the lock is the next one's within seconds, and all that
is kept of the database in memory is forgotten.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.engines import Limits, connect_args
from obt_server.events import Event, EventBus, Missed
from obt_server.events.wire import payloads_of, read_payload

log = structlog.get_logger()
CHANNEL = "obt_events"
PROOF_S = 1.0
"""How often the connection is asked whether it lives."""
PATIENCE_S = 3.0
"""An answer that takes longer is none."""
_LEADER_LOCK = 881_100


class Peers:
    """What ties a server to the others. `leads`: the loops that one server runs for all are its own."""

    def __init__(self, url: str, limits: Limits, bus: EventBus) -> None:
        self._arguments: dict[str, Any] = {**connect_args(url, limits), "application_name": "obt-server peers"}
        self._bus = bus
        self._origin = token_hex(8)
        self._is_silent = False
        self.leads = False

    async def tell(self, session: AsyncSession, events: Sequence[object]) -> None:
        """Tell the others what a transaction changed: they hear it once it is committed, and never otherwise."""
        payloads = payloads_of(self._origin, [event for event in events if isinstance(event, Event)])
        if payloads:
            statement = text("SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload")
            await session.execute(statement, {"channel": CHANNEL, "payloads": payloads})

    async def run(self) -> None:
        """Hear the others, for ever; connect again when the connection is lost."""
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    connection = await AsyncConnection[tuple[object]].connect(autocommit=True, **self._arguments)
                async with connection:
                    await self._stay(connection)
            except (psycopg.Error, TimeoutError, OSError) as error:
                self._note(error)
            finally:
                self._lose()
            await asyncio.sleep(PROOF_S)

    async def _stay(self, connection: AsyncConnection[tuple[object]]) -> None:
        await connection.execute(SQL("LISTEN {}").format(Identifier(CHANNEL)))
        self._bus.publish([Missed()])  # whatever happened until now
        self._bus.hears_all = True
        if self._is_silent:
            log.info("peers_heard_again")
        self._is_silent = False
        while True:
            async with asyncio.timeout(PATIENCE_S):
                await self._prove(connection)
            async for told in connection.notifies(timeout=PROOF_S):
                origin, events = read_payload(told.payload)
                if origin != self._origin:
                    self._bus.publish(events)

    async def _prove(self, connection: AsyncConnection[tuple[object]]) -> None:
        """Ask for the lock until it is ours, then whether the connection that has it lives."""
        if self.leads:
            await connection.execute("SELECT 1")
            return
        asked = await connection.execute("SELECT pg_try_advisory_lock(%s)", (_LEADER_LOCK,))
        if await asked.fetchone() == (True,):
            self.leads = True
            log.info("leading")

    def _lose(self) -> None:
        self.leads = False
        if self._bus.hears_all:
            self._bus.hears_all = False
            self._bus.publish([Missed()])

    def _note(self, error: Exception) -> None:
        if not self._is_silent:
            log.warning("peers_not_heard", error=str(error)[:300] or type(error).__name__)
        self._is_silent = True


class Alone:
    """The one server of a SQLite file: it leads, and hears itself."""

    leads = True
    tell = None

    async def run(self) -> None:
        """There is nobody to hear."""
        with suppress(asyncio.CancelledError):
            await asyncio.get_running_loop().create_future()
