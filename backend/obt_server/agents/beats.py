"""A heartbeat: presence and news in, directives out, held while there is nothing to say."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.heartbeat import (
    AgentState,
    Cancel,
    Directive,
    Heartbeat,
    HeartbeatReply,
    RotateKey,
    SendHardware,
    SendModels,
    Work,
)
from obt_core.jobs import JobProgress
from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__
from obt_server.agents import operating
from obt_server.agents.holds import Holds
from obt_server.auth import service as auth
from obt_server.clients import clones
from obt_server.clients import service as clients
from obt_server.clients.presence import PresenceRule
from obt_server.clients.versions import KEY_ROTATION_PROTOCOL
from obt_server.clock import Clock
from obt_server.config import Settings
from obt_server.db import Database, Document
from obt_server.errors import ForbiddenError
from obt_server.jobs import claims
from obt_server.jobs import service as jobs
from obt_server.operations import claims as operations


class Beats:
    """Hears heartbeats. Only news is written at once; the rest is kept here and flushed together."""

    def __init__(self, db: Database, holds: Holds, rule: PresenceRule, settings: Settings, clock: Clock) -> None:
        self._db = db
        self._holds = holds
        self._rule = rule
        self._settings = settings
        self._clock = clock
        self._said: dict[str, tuple[datetime, Document]] = {}
        self._seen: dict[str, tuple[datetime, Document]] = {}

    async def hear(self, client_id: str, beat: Heartbeat, wait_s: float) -> HeartbeatReply:
        """Take a beat in and answer it, at the latest after `wait_s` seconds."""
        await self._note(client_id, beat)
        hold = self._holds.enter(client_id, min(wait_s, self._settings.hold_max_s))
        if hold is None:
            return self._reply(await self._directives(client_id, beat))
        try:
            directives = await self._directives(client_id, beat)
            while not directives and not hold.is_over:
                await hold.wait()  # an event about the client need not be one that it is told of
                directives = await self._directives(client_id, beat)
            return self._reply(directives)
        finally:
            self._holds.leave(client_id, hold)

    async def flush(self) -> None:
        """Write down whom we heard since the last time."""
        seen, self._seen = self._seen, {}
        if seen:
            async with self._db.write() as session:
                await clients.flush_presence(session, seen)

    async def _note(self, client_id: str, beat: Heartbeat) -> None:
        now, said = self._clock.now(), beat.model_dump(mode="json")
        is_news = self._is_news(client_id, said, now)
        if is_news or beat.job_id is not None or beat.operation_id is not None:
            async with self._db.write() as session:
                await clients.store_beat(session, client_id, beat, self._rule, now) if is_news else None
                if beat.job_id is not None:
                    await self._renew(session, client_id, beat.job_id, beat.progress, now)
                if beat.operation_id is not None:
                    await operating.renew(session, client_id, beat.operation_id, None, self._settings, now)
        self._said[client_id] = (now, said)
        if is_news:
            self._seen.pop(client_id, None)
        else:
            self._seen[client_id] = (now, said)

    def _is_news(self, client_id: str, said: Document, now: datetime) -> bool:
        """A client that was silent for long is news in itself: screens call it stale."""
        heard_at, before = self._said.get(client_id, (now, None))
        was_silent = (now - heard_at).total_seconds() >= self._rule.stale_s(said["interval_s"])
        return was_silent or clients.is_news(before, said)

    async def _renew(
        self, session: AsyncSession, client_id: str, job_id: UUID, progress: JobProgress | None, now: datetime
    ) -> None:
        try:
            job = await jobs.own_job(session, client_id, job_id, to_change=True)
        except (jobs.JobNotFoundError, ForbiddenError):
            return  # the directives tell the client to stop
        await jobs.renew(session, job, progress, self._settings, now)

    async def _directives(self, client_id: str, beat: Heartbeat) -> list[Directive]:
        """Compute what to say from stored state, so that a lost reply loses nothing."""
        now = self._clock.now()
        async with self._db.read() as session:
            questions = claims.has_open(client_id), operations.has_open(client_id)
            stored, has_jobs, has_operations = await clients.stored(session, client_id, *questions)
            directives = _wanted(stored, beat)
            if beat.job_id is not None and await self._is_to_stop(session, client_id, beat.job_id):
                directives.append(Cancel(job_id=beat.job_id))
            is_idle = beat.state is AgentState.IDLE
            if has_jobs and is_idle and await claims.has_work(session, client_id, self._settings, now):
                directives.append(Work())
            if has_operations or beat.operation_id is not None:
                directives += await operating.directives(session, client_id, beat, self._settings, now)
            key = await auth.key_state(session, client_id)
        if key.revoked_at is not None:
            raise auth.KeyRevokedError
        await self._look_at_clones(client_id, beat, stored, key)
        if key.rotation_asked_at is not None and beat.protocol_version >= KEY_ROTATION_PROTOCOL:
            directives.append(RotateKey())
        return directives

    async def _look_at_clones(
        self, client_id: str, beat: Heartbeat, stored: clients.Stored, key: auth.KeyState
    ) -> None:
        if stored.boot_id != beat.boot_id:
            self._said.pop(client_id, None)  # another boot was heard, perhaps by another server: the next beat is news
        if stored.clone_seen_at and key.begun_at and key.begun_at > stored.clone_seen_at:
            async with self._db.write() as session:
                await clones.forget(session, client_id)

    async def _is_to_stop(self, session: AsyncSession, client_id: str, job_id: UUID) -> bool:
        try:
            job = await jobs.own_job(session, client_id, job_id)
        except (jobs.JobNotFoundError, ForbiddenError):
            return True
        return not jobs.may_go_on(job)

    def _reply(self, directives: list[Directive]) -> HeartbeatReply:
        return HeartbeatReply(
            server_time=self._clock.now(),
            directives=tuple(directives),
            server_version=__version__,
            server_protocol_version=PROTOCOL_VERSION,
        )


def _wanted(stored: clients.Stored, beat: Heartbeat) -> list[Directive]:
    wanted: list[Directive] = []
    if beat.hardware_fingerprint is not None and beat.hardware_fingerprint != stored.hardware_fingerprint:
        wanted.append(SendHardware())
    if beat.models_hash is not None and beat.models_hash != stored.models_hash:
        wanted.append(SendModels())
    return wanted


def wait_of(prefer: str | None) -> float:
    """Read the seconds of `Prefer: wait=N` (RFC 7240); 0 where it is not asked for or not understood."""
    for preference in (prefer or "").split(","):
        name, _, value = preference.strip().partition("=")
        if name.strip().lower() == "wait":
            seconds = value.split(";")[0].strip().strip('"')
            return float(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else 0.0
    return 0.0
