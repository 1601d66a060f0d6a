"""The routes that clients call. Each acts for the client whose key it carries, and for no other."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request

from obt_core.enrolment import NextKeyReply
from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import Heartbeat, HeartbeatReply
from obt_core.jobs import ClaimReply, JobOutcome, OutcomeReply, SampleBatch, SamplesReply
from obt_core.models import ModelInventory
from obt_core.operations import (
    OperationClaimReply,
    OperationOutcome,
    OperationOutcomeReply,
    OperationProgress,
    OperationProgressReply,
)
from obt_core.runs import AnnouncedRun, RunReply
from obt_core.telemetry import TelemetryBatch, TelemetryReply
from obt_core.wire import ClientId
from obt_server.agents import operating, service
from obt_server.agents.beats import Beats, wait_of
from obt_server.agents.hot import SENT
from obt_server.auth import service as auth
from obt_server.auth.permissions import OwnClientId, Permission, allow
from obt_server.context import Now, SettingsOf
from obt_server.db import Database, WriteSession, get_database
from obt_server.errors import problems
from obt_server.hardware import service as hardware
from obt_server.jobs import claims
from obt_server.models import service as models
from obt_server.room import NEEDS_ROOM
from obt_server.sessions import uploads

router = APIRouter(tags=["agents"])
AS_CLIENT = [allow(Permission.ACT_AS_CLIENT)]


async def _take_turns(request: Request, _counted: WriteSession) -> AsyncGenerator[None]:
    """Let few claims at a time go to the database.

    Claims may wait for each other there (`claims.take_turns`): all at once would hold all connections meanwhile.
    Each is counted among those who write before it waits here: past so many, others are told to come again.
    """
    async with request.app.state.giving_out:
        yield


CLAIMING = [*AS_CLIENT, Depends(_take_turns, scope="function")]


def get_beats(request: Request) -> Beats:
    """Return the application's ear for heartbeats."""
    return request.app.state.beats


@router.post("/clients/{client_id}/heartbeat", dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def beat(
    client_id: Annotated[ClientId, Path()],
    body: Heartbeat,
    request: Request,
    beats: Annotated[Beats, Depends(get_beats)],
    prefer: Annotated[str | None, Header(max_length=200, description="`wait=10` lets the reply be held.")] = None,
) -> HeartbeatReply:
    """Presence and news in, directives out. With `Prefer: wait=N` the reply is held while there are none."""
    return await beats.hear(client_id, body, wait_of(prefer), request.scope.get(SENT))


@router.put("/clients/{client_id}/hardware", status_code=204, dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def put_hardware(
    client_id: Annotated[ClientId, Path()], body: HardwareSnapshot, session: WriteSession, now: Now
) -> None:
    """Tell what the machine is."""
    await hardware.store(session, client_id, body, now)


@router.put("/clients/{client_id}/models", status_code=204, dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def put_models(client_id: Annotated[ClientId, Path()], body: ModelInventory, session: WriteSession) -> None:
    """Tell which models are installed: all of them, in place of what was told before."""
    await models.store(session, client_id, body)


@router.post("/clients/{client_id}/key", dependencies=AS_CLIENT, responses=problems(401, 403, 404, 409))
async def take_next_key(client_id: Annotated[ClientId, Path()], session: WriteSession) -> NextKeyReply:
    """Tell the client its next key, where its owner asked for one. Its first use is the end of the old key."""
    return NextKeyReply(key=await auth.issue_next_key(session, client_id))


@router.post("/clients/{client_id}/runs", dependencies=[*AS_CLIENT, NEEDS_ROOM], responses=problems(401, 403, 404, 409))
async def announce_run(
    client_id: Annotated[ClientId, Path()], body: AnnouncedRun, session: WriteSession, now: Now
) -> RunReply:
    """Begin to hand over a run that was measured without a server: it becomes a session under its own ID.

    The samples and outcomes of its jobs follow as those of any job. The same run again changes nothing.
    """
    return await uploads.announce(session, client_id, body, now)


@router.post("/jobs/claim", dependencies=CLAIMING, responses=problems(401, 403))
async def claim_job(client_id: OwnClientId, session: WriteSession, settings: SettingsOf, now: Now) -> ClaimReply:
    """Take the next job of this client. Asked again before the job was begun, the same job is given again."""
    return ClaimReply(job=await claims.claim(session, client_id, settings, now))


@router.post("/jobs/{job_id}/samples", dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def post_samples(
    job_id: UUID, body: SampleBatch, client_id: OwnClientId, session: WriteSession, settings: SettingsOf, now: Now
) -> SamplesReply:
    """Deliver samples; one that is stored already is not stored again."""
    return await service.take_samples(session, client_id, job_id, body, settings, now)


@router.post("/jobs/{job_id}/telemetry", dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def post_telemetry(
    job_id: UUID, body: TelemetryBatch, client_id: OwnClientId, session: WriteSession, settings: SettingsOf, now: Now
) -> TelemetryReply:
    """Deliver telemetry; ticks that are stored already change nothing, and after a gap nothing is stored."""
    return await service.take_telemetry(session, client_id, job_id, body, settings, now)


@router.put("/jobs/{job_id}/outcome", dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def put_outcome(
    job_id: UUID,
    body: JobOutcome,
    client_id: OwnClientId,
    session: WriteSession,
    db: Annotated[Database, Depends(get_database)],
    now: Now,
) -> OutcomeReply:
    """End a job, after its samples. Sent again, it changes nothing."""
    return await service.take_outcome(session, db, client_id, job_id, body, now)


@router.post("/operations/claim", dependencies=CLAIMING, responses=problems(401, 403))
async def claim_operation(
    client_id: OwnClientId, session: WriteSession, settings: SettingsOf, now: Now
) -> OperationClaimReply:
    """Take the next operation of this client, never while it measures. Asked again before it began: the same one."""
    return OperationClaimReply(operation=await operating.claim(session, client_id, settings, now))


@router.post("/operations/{operation_id}/progress", dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def post_operation_progress(
    operation_id: UUID,
    body: OperationProgress,
    client_id: OwnClientId,
    session: WriteSession,
    settings: SettingsOf,
    now: Now,
) -> OperationProgressReply:
    """Tell how far an operation is, and hear whether it is to be stopped."""
    return await operating.take_progress(session, client_id, operation_id, body, settings, now)


@router.put("/operations/{operation_id}/outcome", dependencies=AS_CLIENT, responses=problems(401, 403, 404))
async def put_operation_outcome(
    operation_id: UUID, body: OperationOutcome, client_id: OwnClientId, session: WriteSession, now: Now
) -> OperationOutcomeReply:
    """End an operation. Sent again, it changes nothing."""
    return await operating.take_outcome(session, client_id, operation_id, body, now)
