"""Enrolling, listing and looking at clients."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from obt_core.enrolment import EnrolmentReply, EnrolmentRequest
from obt_core.wire import ClientId
from obt_server.auth.permissions import Permission, allow
from obt_server.clients import service
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clients.schemas import Clients, ClientView
from obt_server.context import Now, SettingsOf
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems

router = APIRouter(tags=["clients"])


def get_rule(request: Request) -> PresenceRule:
    """Return the application's rule of presence."""
    return request.app.state.presence_rule


Rule = Annotated[PresenceRule, Depends(get_rule)]


@router.post("/clients", status_code=201, dependencies=[allow(Permission.ENROL)], responses=problems(401, 403, 409))
async def enrol_client(body: EnrolmentRequest, session: WriteSession, settings: SettingsOf, now: Now) -> EnrolmentReply:
    """Make a machine a client: an enrolment token in, the client's own key out."""
    return await service.enrol(session, body, settings.heartbeat_interval_s, now)


@router.get("/clients", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_clients(
    session: ReadSession, rule: Rule, now: Now, include_offline: Annotated[bool, Query()] = True
) -> Clients:
    """All clients that are not archived, by name."""
    views = await service.list_views(session, rule, now)
    return Clients(clients=[view for view in views if include_offline or view.presence is not Presence.OFFLINE])


@router.get("/clients/{client_id}", dependencies=[allow(Permission.READ)], responses=problems(401, 403, 404))
async def get_client(client_id: Annotated[ClientId, Path()], session: ReadSession, rule: Rule, now: Now) -> ClientView:
    """One client, archived or not."""
    return service.view_of(await service.get_row(session, client_id), rule, now)
