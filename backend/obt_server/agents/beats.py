"""A heartbeat: presence and news in, directives out, held while there is nothing to say."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.heartbeat import Directive, Heartbeat, HeartbeatReply
from obt_core.jobs import JobProgress
from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__
from obt_server.agents import operating
from obt_server.agents.directives import Outlook, look
from obt_server.agents.holds import Holds
from obt_server.agents.quiet import Quiet, QuietClients, Sent
from obt_server.clients import clones, news, presence_flush
from obt_server.clients import service as clients
from obt_server.clients.presence import PresenceRule
from obt_server.clock import Clock
from obt_server.config import Settings
from obt_server.db import Database, Document, announce
from obt_server.errors import ForbiddenError
from obt_server.events import PresenceChanged
from obt_server.jobs import service as jobs

RETURNS_PER_S = 20
"""So many clients that come back after a silence are news at once; more are with the next flush and sweep."""
FLUSHED_AT_ONCE = 200
"""So many rows are written in one go: some milliseconds, in which others wait."""


class Beats:
    """Hears heartbeats. Only news is written at once; the rest is kept here and flushed together."""

    def __init__(
        self, db: Database, holds: Holds, quiet: QuietClients, rule: PresenceRule, settings: Settings, clock: Clock
    ) -> None:
        self._db = db
        self._holds = holds
        self._quiet = quiet
        self._rule = rule
        self._settings = settings
        self._clock = clock
        self._seen: dict[str, tuple[datetime, Document]] = {}
        self._returns: Counter[int] = Counter()

    async def hear(self, client_id: str, beat: Heartbeat, wait_s: float, sent: Sent | None = None) -> HeartbeatReply:
        """Take a beat in and answer it, at the latest after `wait_s` seconds. `sent` is it as it came."""
        said = await self._note(client_id, beat)
        hold = self._holds.enter(client_id, min(wait_s, self._settings.hold_max_s))
        if hold is None:
            return self._reply(await self._directives(client_id, beat, said, sent))
        try:
            directives = await self._directives(client_id, beat, said, sent)
            while not directives and not hold.is_over:
                await hold.wait()  # an event about the client need not be one that it is told of
                directives = await self._directives(client_id, beat, said, sent)
            return self._reply(directives)
        finally:
            self._holds.leave(client_id, hold)

    def hear_again(self, client_id: str, sent: Sent) -> bool:
        """Take in a beat of a quiet client that brings no news; False where it is not that.

        One that was silent here for long was perhaps heard by other servers: the next flush tells who was not.
        """
        quiet, now = self._quiet.find(client_id, sent.credential), self._clock.now()
        if quiet is None:
            return False
        was_silent = self._was_silent(quiet.heard_at, quiet.said, now)
        if was_silent and quiet.is_doubtful and self._returns_at_once(now):
            return False
        said = sent.again(quiet)
        if said is None:
            return False
        quiet.sent, quiet.said, quiet.heard_at, quiet.is_doubtful = sent, said, now, False
        self._seen[client_id] = (now, said)
        return True

    async def hold_quietly(self, client_id: str, wait_s: float) -> float | None:
        """Hold the beat of a quiet client; return how many seconds were left when something happened, else None."""
        hold = self._holds.enter(client_id, min(wait_s, self._settings.hold_max_s))
        if hold is None:
            return None
        try:
            await hold.wait()
        finally:
            self._holds.leave(client_id, hold)
        return None if hold.is_over else hold.left_s

    def empty_reply(self) -> bytes:
        """Write the reply to a beat when there is nothing to say."""
        return self._reply([]).model_dump_json().encode()

    async def flush(self) -> None:
        """Write down whom we heard since the last time."""
        seen, self._seen = self._seen, {}
        items = list(seen.items())
        for begin in range(0, len(items), FLUSHED_AT_ONCE):
            part = dict(items[begin : begin + FLUSHED_AT_ONCE])
            async with self._db.write() as session:
                silent = await news.list_silent(session, part, self._rule, self._clock.now())
                await presence_flush.flush(session, part)
                announce(session, *map(PresenceChanged, news.back_of(silent, self._rule, self._clock.now())))

    async def _note(self, client_id: str, beat: Heartbeat) -> Document:
        """Write down what is news; return the beat as it is kept."""
        now, said = self._clock.now(), beat.model_dump(mode="json")
        is_news = await self._is_news(client_id, said, now)
        if is_news or beat.job_id is not None or beat.operation_id is not None:
            async with self._db.write() as session:
                await clients.store_beat(session, client_id, beat, self._rule, now) if is_news else None
                if beat.job_id is not None:
                    await self._renew(session, client_id, beat.job_id, beat.progress, now)
                if beat.operation_id is not None:
                    await operating.renew(session, client_id, beat.operation_id, None, self._settings, now)
        if is_news:
            self._seen.pop(client_id, None)
        else:
            self._seen[client_id] = (now, said)
        return said

    async def _is_news(self, client_id: str, said: Document, now: datetime) -> bool:
        """A client that was silent for long is news in itself: screens call it stale.

        What is stored tells: between two beats that this server hears, others may hear some.
        """
        async with self._db.read() as session:
            heard_at, before = await news.last_said(session, client_id)
        if client_id in self._seen:
            heard_at = max(heard_at or now, self._seen[client_id][0])
        return heard_at is None or self._was_silent(heard_at, said, now) or news.is_news(before, said)

    def _returns_at_once(self, now: datetime) -> bool:
        """Whether there is room for the return of a client to be news: a whole fleet may come back from one outage."""
        second = int(now.timestamp())
        if second not in self._returns:
            self._returns.clear()
        self._returns[second] += 1
        return self._returns[second] <= RETURNS_PER_S

    def _was_silent(self, heard_at: datetime, said: Document, now: datetime) -> bool:
        return (now - heard_at).total_seconds() >= self._rule.stale_s(said["interval_s"])

    async def _renew(
        self, session: AsyncSession, client_id: str, job_id: UUID, progress: JobProgress | None, now: datetime
    ) -> None:
        try:
            job = await jobs.own_job(session, client_id, job_id, to_change=True)
        except (jobs.JobNotFoundError, ForbiddenError):
            return  # the directives tell the client to stop
        await jobs.renew(session, job, progress, self._settings, now)

    async def _directives(self, client_id: str, beat: Heartbeat, said: Document, sent: Sent | None) -> list[Directive]:
        mark, now = self._quiet.mark(client_id), self._clock.now()
        try:
            found = await look(self._db, client_id, beat, self._settings, now)
            if sent is not None and found.is_quiet(beat):
                self._quiet.settle(client_id, mark, Quiet(sent, said, now))
        finally:
            self._quiet.unmark(client_id, mark)
        await self._look_at_clones(client_id, found)
        return found.directives

    async def _look_at_clones(self, client_id: str, found: Outlook) -> None:
        seen_at, begun_at = found.stored.clone_seen_at, found.stored.key.begun_at
        if seen_at and begun_at and begun_at > seen_at:
            async with self._db.write() as session:
                await clones.forget(session, client_id)

    def _reply(self, directives: list[Directive]) -> HeartbeatReply:
        return HeartbeatReply(
            server_time=self._clock.now(),
            directives=tuple(directives),
            server_version=__version__,
            server_protocol_version=PROTOCOL_VERSION,
        )


def wait_of(prefer: str | None) -> float:
    """Read the seconds of `Prefer: wait=N` (RFC 7240); 0 where it is not asked for or not understood."""
    for preference in (prefer or "").split(","):
        name, _, value = preference.strip().partition("=")
        if name.strip().lower() == "wait":
            seconds = value.split(";")[0].strip().strip('"')
            return float(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else 0.0
    return 0.0
