"""What a client is to be told now: computed from stored state, so that a lost reply loses nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.heartbeat import AgentState, Cancel, Directive, Heartbeat, RotateKey, SendHardware, SendModels, Work
from obt_server.agents import operating
from obt_server.auth import service as auth
from obt_server.clients import service as clients
from obt_server.clients.versions import KEY_ROTATION_PROTOCOL
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.errors import ForbiddenError
from obt_server.jobs import claims
from obt_server.jobs import service as jobs
from obt_server.operations import claims as operations


@dataclass(slots=True)
class Outlook:
    """What a client is told, and what that was found from. `has_open`: jobs or operations of it are not ended."""

    stored: clients.Stored
    has_open: bool
    directives: list[Directive] = field(default_factory=list[Directive])

    def is_quiet(self, beat: Heartbeat) -> bool:
        """Whether only an event about the client could give it something to hear."""
        is_working = beat.job_id is not None or beat.operation_id is not None
        return not (self.directives or self.has_open or is_working) and self.stored.boot_id == beat.boot_id


async def look(db: Database, client_id: str, beat: Heartbeat, settings: Settings, now: datetime) -> Outlook:
    """Return what to tell a client. Raises NotFoundError, KeyRevokedError."""
    async with db.read() as session:
        questions = claims.has_open(client_id), operations.has_open(client_id)
        stored, has_jobs, has_operations = await clients.stored(session, client_id, *questions)
        if stored.key.revoked_at is not None:
            raise auth.KeyRevokedError
        found = Outlook(stored, has_jobs or has_operations, wanted(stored, beat))
        if beat.job_id is not None and await _is_to_stop(session, client_id, beat.job_id):
            found.directives.append(Cancel(job_id=beat.job_id))
        is_idle = beat.state is AgentState.IDLE
        if has_jobs and is_idle and await claims.has_work(session, client_id, settings, now):
            found.directives.append(Work())
        if has_operations or beat.operation_id is not None:
            found.directives += await operating.directives(session, client_id, beat, settings, now)
    if stored.key.rotation_asked_at is not None and beat.protocol_version >= KEY_ROTATION_PROTOCOL:
        found.directives.append(RotateKey())
    return found


async def _is_to_stop(session: AsyncSession, client_id: str, job_id: UUID) -> bool:
    try:
        job = await jobs.own_job(session, client_id, job_id)
    except (jobs.JobNotFoundError, ForbiddenError):
        return True
    return not jobs.may_go_on(job)


def wanted(stored: clients.Stored, beat: Heartbeat) -> list[Directive]:
    """Return what the server wants to be sent, since it has another."""
    wishes: list[Directive] = []
    if beat.hardware_fingerprint is not None and beat.hardware_fingerprint != stored.hardware_fingerprint:
        wishes.append(SendHardware())
    if beat.models_hash is not None and beat.models_hash != stored.models_hash:
        wishes.append(SendModels())
    return wishes
