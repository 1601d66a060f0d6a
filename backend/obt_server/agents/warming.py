"""Finds all quiet clients at once, where none are known: after a start, and when other servers are heard again.

Else every client's next beat would ask the database by itself: thousands within one interval.
"""

import asyncio
from collections.abc import Iterable

import structlog
from pydantic import ValidationError

from obt_core.heartbeat import Heartbeat
from obt_server.agents.directives import Outlook, wanted
from obt_server.agents.holds import Holds
from obt_server.agents.quiet import Quiet, QuietClients, Sent
from obt_server.clients import service as clients
from obt_server.clients.service import Heard
from obt_server.db import Database
from obt_server.jobs import claims
from obt_server.limits.senders import Bucket, Senders
from obt_server.operations import claims as operations

log = structlog.get_logger()
_PAGE = 200
"""Some milliseconds, in which others wait."""
_AGAIN_S = 1.0


class Warming:
    """Looks up the quiet clients whenever they were forgotten, then wakes the held beats of all others."""

    def __init__(self, db: Database, quiet: QuietClients, holds: Holds, senders: Senders) -> None:
        self._db, self._quiet, self._holds, self._senders = db, quiet, holds, senders

    async def run(self) -> None:
        """Do it whenever it is needed, for ever."""
        while True:
            await self._quiet.cold.wait()
            self._quiet.cold.clear()
            try:
                await self._warm()
            except Exception:  # whatever it was: the loops beside it go on, and beats ask the database meanwhile
                log.exception("quiet_clients_not_found")
                self._quiet.cold.set()
                await asyncio.sleep(_AGAIN_S)

    async def _warm(self) -> None:
        page = await self._page(after="")
        while self._settle(page):
            if len(page) < _PAGE:
                self._holds.wake_but(self._quiet)
                return
            page = await self._page(after=page[-1].id)

    def _settle(self, page: Iterable[Heard]) -> bool:
        """Keep who of them is quiet, and whose key is whose; False where that cannot be known."""
        found = {heard.id: quiet for heard in page if (quiet := _quiet_of(heard)) is not None}
        for client_id, quiet in found.items():
            self._senders.learn(quiet.sent.credential, Bucket("client", client_id))
        return self._quiet.settle_all(found)

    async def _page(self, after: str) -> list[Heard]:
        self._quiet.watch()
        async with self._db.read() as session:
            return await clients.list_heard(session, after, _PAGE, claims.has_open, operations.has_open)


def _quiet_of(heard: Heard) -> Quiet | None:
    """Return a client as it is kept when it is quiet. Its last beat is not kept as it came: the next is read whole."""
    stored, key = heard.stored, heard.stored.key
    if key.revoked_at or key.rotation_asked_at or stored.clone_seen_at:
        return None
    try:
        beat = Heartbeat.model_validate(heard.said)
    except ValidationError:  # of another release
        return None
    if not Outlook(stored, any(heard.answers), wanted(stored, beat)).is_quiet(beat):
        return None
    sent = Sent(bytes.fromhex(heard.key_hash), {}, None)
    return Quiet(sent, beat.model_dump(mode="json"), heard.at, is_doubtful=True)
