"""Operations as clients ask for them and tell of them: never one where something is measured."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.heartbeat import AgentState, CancelOperation, Directive, Heartbeat, Operate
from obt_core.operations import (
    OPERATIONS_PROTOCOL,
    OperationOutcome,
    OperationOutcomeReply,
    OperationProgress,
    OperationProgressReply,
    OperationSpec,
)
from obt_server.clients import service as clients
from obt_server.clients.clocks import in_time
from obt_server.config import Settings
from obt_server.errors import ForbiddenError
from obt_server.jobs import claims as jobs
from obt_server.operations import claims as operations
from obt_server.operations.service import OperationNotFoundError


async def directives(
    session: AsyncSession, client_id: str, beat: Heartbeat, settings: Settings, now: datetime
) -> list[Directive]:
    """Return what to say about operations. An older client could not read it."""
    if beat.protocol_version < OPERATIONS_PROTOCOL:
        return []
    said: list[Directive] = []
    if beat.operation_id is not None and await _is_to_stop(session, client_id, beat.operation_id):
        said.append(CancelOperation(operation_id=beat.operation_id))
    if beat.state is AgentState.IDLE and await _may_claim(session, client_id, settings, now):
        said.append(Operate())
    return said


async def claim(session: AsyncSession, client_id: str, settings: Settings, now: datetime) -> OperationSpec | None:
    """Give this client its next operation, unless it measures or is to measure first."""
    await jobs.take_turns(session, client_id, settings)
    if not await _may_claim(session, client_id, settings, now):
        return None
    return await operations.claim(session, client_id, settings, now)


async def _may_claim(session: AsyncSession, client_id: str, settings: Settings, now: datetime) -> bool:
    since = await operations.waits_since(session, client_id)
    if since is None or not await clients.takes_work(session, client_id):
        return False
    return not await jobs.goes_before(session, client_id, since, settings, now)


async def renew(
    session: AsyncSession,
    client_id: str,
    operation_id: UUID,
    progress: OperationProgress | None,
    settings: Settings,
    now: datetime,
) -> None:
    """Renew the lease of what a heartbeat says that its client does; of what is not its own it is told to stop."""
    try:
        row = await operations.own(session, client_id, operation_id, to_change=True)
    except (OperationNotFoundError, ForbiddenError):
        return
    await operations.renew(session, row, progress, settings, now)


async def _is_to_stop(session: AsyncSession, client_id: str, operation_id: UUID) -> bool:
    try:
        return not operations.may_go_on(await operations.own(session, client_id, operation_id))
    except (OperationNotFoundError, ForbiddenError):
        return True


async def take_progress(
    session: AsyncSession,
    client_id: str,
    operation_id: UUID,
    progress: OperationProgress,
    settings: Settings,
    now: datetime,
) -> OperationProgressReply:
    """Keep how far an operation is."""
    row = await operations.own(session, client_id, operation_id, to_change=True)
    return OperationProgressReply(cancelled=not await operations.renew(session, row, progress, settings, now))


async def take_outcome(
    session: AsyncSession, client_id: str, operation_id: UUID, outcome: OperationOutcome, now: datetime
) -> OperationOutcomeReply:
    """End an operation; the same outcome again changes nothing."""
    row = await operations.own(session, client_id, operation_id, to_change=True)
    return OperationOutcomeReply(status=await operations.finish(session, row, in_time(outcome, row.ended_at, now)))
