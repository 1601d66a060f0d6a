"""Enrolling clients, looking at them, and what a person does with them."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from obt_core.enrolment import EnrolmentReply, EnrolmentRequest
from obt_core.wire import ClientId
from obt_server.auth.permissions import Permission, allow
from obt_server.clients import history, service, steering
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clients.schemas import (
    ClientChange,
    ClientDetail,
    Clients,
    ClientsChange,
    ClientsChanged,
    PresenceHistory,
)
from obt_server.clients.shown import ShownClients
from obt_server.context import Now, SettingsOf
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems
from obt_server.paging import After, Limit

router = APIRouter(tags=["clients"])


def get_rule(request: Request) -> PresenceRule:
    """Return the application's rule of presence."""
    return request.app.state.presence_rule


def get_shown(request: Request) -> ShownClients:
    """Return the application's clients in JSON."""
    return request.app.state.shown_clients


Rule = Annotated[PresenceRule, Depends(get_rule)]
Shown = Annotated[ShownClients, Depends(get_shown)]
OneClient = Annotated[ClientId, Path()]


@router.post("/clients", status_code=201, dependencies=[allow(Permission.ENROL)], responses=problems(401, 403, 409))
async def enrol_client(body: EnrolmentRequest, session: WriteSession, settings: SettingsOf, now: Now) -> EnrolmentReply:
    """Make a machine a client: an enrolment token in, the client's own key out."""
    return await service.enrol(session, body, settings.heartbeat_interval_s, now)


@router.get("/clients", dependencies=[allow(Permission.READ)], responses=problems(401, 403), response_model=Clients)
async def list_clients(
    session: ReadSession,
    shown: Shown,
    now: Now,
    include_offline: Annotated[bool, Query()] = True,
    archived: Annotated[bool, Query(description="Those that are archived, in place of those that are not.")] = False,
) -> Response:
    """All clients that are not archived, or all that are, by name."""
    found = await shown.list(session, now, archived=archived)
    told = [client.json for client in found if include_offline or client.presence is not Presence.OFFLINE]
    # Of a thousand clients FastAPI's own way takes longer than all the rest.
    return Response(b'{"clients":[%s]}' % b",".join(told), media_type="application/json")


@router.post("/client-changes", dependencies=[allow(Permission.OPERATE)], responses=problems(401, 403, 404))
async def change_clients(body: ClientsChange, session: WriteSession, now: Now) -> ClientsChanged:
    """Tag, drain or resume many clients at once, all or none."""
    return ClientsChanged(changed=await steering.change_many(session, body, now))


@router.get("/clients/{client_id}", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_client(client_id: OneClient, session: ReadSession, rule: Rule, now: Now) -> ClientDetail:
    """One client with the whole of its hardware, archived or not."""
    return await service.get_detail(session, client_id, rule, now)


@router.patch("/clients/{client_id}", dependencies=[allow(Permission.OPERATE)], responses=problems(401, 403, 404))
async def change_client(
    client_id: OneClient, body: ClientChange, session: WriteSession, rule: Rule, now: Now
) -> ClientDetail:
    """Give a client another name or other tags."""
    await steering.change(session, client_id, body)
    return await service.get_detail(session, client_id, rule, now)


@router.post("/clients/{client_id}/drain", dependencies=[allow(Permission.OPERATE)], responses=problems(401, 403, 404))
async def drain_client(client_id: OneClient, session: WriteSession, rule: Rule, now: Now) -> ClientDetail:
    """Give it no more jobs and operations; what it runs ends normally, what is queued waits."""
    await steering.set_drained(session, client_id, True, now)
    return await service.get_detail(session, client_id, rule, now)


@router.post("/clients/{client_id}/resume", dependencies=[allow(Permission.OPERATE)], responses=problems(401, 403, 404))
async def resume_client(client_id: OneClient, session: WriteSession, rule: Rule, now: Now) -> ClientDetail:
    """Give a drained client work again."""
    await steering.set_drained(session, client_id, False, now)
    return await service.get_detail(session, client_id, rule, now)


@router.post(
    "/clients/{client_id}/archive", dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403, 404)
)
async def archive_client(client_id: OneClient, session: WriteSession, rule: Rule, now: Now) -> ClientDetail:
    """Take it off the lists, though it beats, until it is restored. Its results stay."""
    await steering.archive(session, client_id, now)
    return await service.get_detail(session, client_id, rule, now)


@router.post(
    "/clients/{client_id}/restore", dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403, 404)
)
async def restore_client(client_id: OneClient, session: WriteSession, rule: Rule, now: Now) -> ClientDetail:
    """Bring it back onto the lists."""
    await steering.restore(session, client_id, now)
    return await service.get_detail(session, client_id, rule, now)


@router.post(
    "/clients/{client_id}/rotate-key", dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403, 404)
)
async def rotate_key(client_id: OneClient, session: WriteSession, rule: Rule, now: Now) -> ClientDetail:
    """Have it take another key with its next heartbeat. The old one ends when the new one is used."""
    await steering.rotate_key(session, client_id, now)
    return await service.get_detail(session, client_id, rule, now)


@router.post(
    "/clients/{client_id}/revoke-key", dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403, 404)
)
async def revoke_key(client_id: OneClient, session: WriteSession, rule: Rule, now: Now) -> ClientDetail:
    """Make its key good for nothing, at once. It may enrol again under its ID, with a token."""
    await steering.revoke_key(session, client_id, now)
    return await service.get_detail(session, client_id, rule, now)


@router.get("/clients/{client_id}/presence", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_presence(
    client_id: OneClient, session: ReadSession, settings: SettingsOf, now: Now, after: After = None, limit: Limit = 100
) -> PresenceHistory:
    """When it was there and when not, newest first, as far back as the retention."""
    kept_since = now - timedelta(days=settings.retention_days)
    return await history.page(session, client_id, after, limit, kept_since)
