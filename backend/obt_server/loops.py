"""What the server does by itself: release held beats, send changes, flush presence, judge leases and presence."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

import structlog

from obt_server.agents.beats import Beats
from obt_server.agents.warming import Warming
from obt_server.clients import history
from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clock import Clock
from obt_server.config import Settings
from obt_server.db import Database, announce
from obt_server.events import PresenceChanged
from obt_server.events.peers import Alone, Peers
from obt_server.jobs import service as jobs
from obt_server.live.feed import Feed
from obt_server.operations import service as operations
from obt_server.pulse import Pulse
from obt_server.retention import service as retention
from obt_server.room import LOOK_EVERY_S, Disk, Room

log = structlog.get_logger()
ARCHIVE_INTERVAL_S = 3_600.0
RETENTION_INTERVAL_S = 86_400.0
LEADERLESS = timedelta(seconds=60)
"""Longer than any time in which no server leads."""


class Sweeper:
    """Judges what only time changes. Every judgement is an UPDATE that another server may make as well."""

    def __init__(
        self, db: Database, rule: PresenceRule, settings: Settings, clock: Clock, peers: Peers | Alone, room: Room
    ) -> None:
        self.peers = peers
        self.room = room
        self._db = db
        self._rule = rule
        self._settings = settings
        self._clock = clock
        self._shown: dict[str, Presence] = {}
        self._due_until = clock.now()

    async def sweep(self) -> None:
        """Find lost jobs, jobs that waited too long, and clients whose presence changed, where this server leads."""
        now = self._clock.now()
        if not self.peers.leads:
            self._due_until = now - LEADERLESS  # who leads may die, and its last look with it
            return
        async with self._db.write() as session:
            if now >= self._rule.grace_until:  # those who had no server to renew their lease with get time to
                await jobs.mark_lost(session, now)
                await operations.mark_lost(session, now)
            await jobs.skip_waiting(session, self._rule, self._settings, now)
            await jobs.announce_due(session, self._due_until, now)
            await operations.skip_hopeless(session, self._rule, self._settings, now)
        self._due_until = now
        # Apart: a beat changes its client and then its job, and who does it the other way round may meet it.
        async with self._db.read() as session:
            seen = await clients.list_unsettled(session, self._rule, now)
        gone = [one for one in seen if one.presence is Presence.OFFLINE and one.offline_since is None]
        judged = _unnoted(seen)
        async with self._db.write() as session:
            await history.take_turns(session, {one.id for one in gone} | judged.keys())
            await clients.mark_offline(session, gone, now)
            await history.note_judged(session, judged, self._rule, now)
            announce(session, *map(PresenceChanged, self._changed(seen)))

    async def retain(self) -> None:
        """Take away what is too old, where no other server does and its archive does not fill the disk."""
        if self.room.is_short(Disk.ARCHIVE):
            return
        await retention.apply_due(self._db, self._settings, self._clock.now())

    async def archive(self) -> None:
        """Archive clients that were gone for too long, where this server leads."""
        if not self.peers.leads:
            return
        async with self._db.write() as session:
            gone = await clients.archive_gone(session, self._settings.retention_days, self._clock.now())
        if gone:
            log.info("clients_archived", clients=gone)

    def _changed(self, seen: Iterable[clients.Seen]) -> list[str]:
        """Those whose presence is another than it was at the last look, or than is noted."""
        before, self._shown = self._shown, {one.id: one.presence for one in seen}
        return [one.id for one in seen if one.presence != before.get(one.id, one.noted)]


def _unnoted(seen: Iterable[clients.Seen]) -> dict[str, Presence]:
    """Those whose history says otherwise."""
    return {one.id: one.presence for one in seen if one.presence not in {one.noted, Presence.NEW}}


async def run(beats: Beats, warming: Warming, feed: Feed, sweeper: Sweeper, settings: Settings, pulse: Pulse) -> None:
    """Run all loops until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(sweeper.peers.run())
        group.create_task(warming.run())
        group.create_task(feed.run())
        group.create_task(_every(settings.presence_flush_s, "presence_flush", pulse, beats.flush))
        group.create_task(_every(LOOK_EVERY_S, "room", pulse, sweeper.room.look))
        group.create_task(_every(settings.sweep_interval_s, "sweep", pulse, sweeper.sweep))
        group.create_task(_every(ARCHIVE_INTERVAL_S, "archive", pulse, sweeper.archive))
        group.create_task(_every(RETENTION_INTERVAL_S, "retention", pulse, sweeper.retain))


async def _every(seconds: float, name: str, pulse: Pulse, work: Callable[[], Awaitable[None]]) -> None:
    is_failing, loop = False, pulse.begin(name, seconds)
    while True:
        began_s = time.perf_counter()
        try:
            await work()
            pulse.note(loop, time.perf_counter() - began_s, succeeded=True)
            if is_failing:
                log.info("loop_recovered", loop=name)
            is_failing = False
        except Exception as error:
            pulse.note(loop, time.perf_counter() - began_s, succeeded=False)
            if not is_failing:
                log.error("loop_failed", loop=name, exc_info=error)  # noqa: TRY400
            is_failing = True
        await asyncio.sleep(seconds)
