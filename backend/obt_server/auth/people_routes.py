"""People, for administrators; API keys, for everybody who signs in."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from obt_server.auth import api_keys, links, people
from obt_server.auth.people_schemas import (
    ApiKeys,
    CreatedApiKey,
    CreatedPerson,
    NewApiKey,
    NewPerson,
    People,
    PersonChange,
    PersonView,
    ResetLink,
)
from obt_server.auth.permissions import Permission, Sender, allow
from obt_server.config import Settings
from obt_server.context import Now, SettingsOf
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems

router = APIRouter(tags=["people"])
ADMINISTER, OWN_ACCOUNT = [allow(Permission.ADMINISTER)], [allow(Permission.OWN_ACCOUNT)]


@router.get("/people", dependencies=ADMINISTER, responses=problems(401, 403))
async def list_people(session: ReadSession) -> People:
    """Everybody who may sign in, by name."""
    return People(people=await people.list_all(session))


@router.post("/people", status_code=201, dependencies=ADMINISTER, responses=problems(401, 403, 409))
async def create_person(
    body: NewPerson, request: Request, session: WriteSession, settings: SettingsOf, now: Now
) -> CreatedPerson:
    """Add a person. The link by which they choose their password is told this once."""
    valid_for = timedelta(seconds=settings.link_valid_s)
    row, secret = await people.invite(session, body, now, valid_for)
    link = links.address(_origin(request, settings), links.Purpose.RESET, secret)
    return CreatedPerson(**people.view_of(row).model_dump(), link=link, link_expires_at=now + valid_for)


@router.patch("/people/{person_id}", dependencies=ADMINISTER, responses=problems(401, 403, 404, 409))
async def change_person(person_id: UUID, body: PersonChange, session: WriteSession) -> PersonView:
    """Another role, name or address; disabled, a person's sessions end at once."""
    return await people.change(session, person_id, body)


@router.delete("/people/{person_id}", status_code=204, dependencies=ADMINISTER, responses=problems(401, 403, 404, 409))
async def delete_person(person_id: UUID, session: WriteSession) -> None:
    """Forget a person, their sessions and their API keys. What they did stays in the audit log."""
    await people.delete(session, person_id)


@router.post("/people/{person_id}/reset-link", dependencies=ADMINISTER, responses=problems(401, 403, 404))
async def make_reset_link(
    person_id: UUID, request: Request, session: WriteSession, settings: SettingsOf, now: Now
) -> ResetLink:
    """Make a one-time link by which a person chooses another password. Until then the old one is good."""
    valid_for = timedelta(seconds=settings.link_valid_s)
    secret = await people.new_link(session, person_id, links.Purpose.RESET, valid_for, now)
    link = links.address(_origin(request, settings), links.Purpose.RESET, secret)
    return ResetLink(link=link, expires_at=now + valid_for)


@router.get("/api-keys", dependencies=OWN_ACCOUNT, responses=problems(401, 403))
async def list_api_keys(
    sender: Sender,
    session: ReadSession,
    of_all: Annotated[bool, Query(alias="all", description="Those of everybody: for administrators.")] = False,
) -> ApiKeys:
    """One's own API keys, newest first, without their texts."""
    return ApiKeys(keys=await api_keys.list_all(session, sender, of_all=of_all))


@router.post("/api-keys", status_code=201, dependencies=OWN_ACCOUNT, responses=problems(401, 403))
async def create_api_key(body: NewApiKey, sender: Sender, session: WriteSession, now: Now) -> CreatedApiKey:
    """Make an API key of one's own. Its text is told this once."""
    return await api_keys.create(session, sender, body, now)


@router.delete("/api-keys/{key_id}", status_code=204, dependencies=OWN_ACCOUNT, responses=problems(401, 403, 404))
async def revoke_api_key(key_id: UUID, sender: Sender, session: WriteSession, now: Now) -> None:
    """End a key at once: one's own, or as an administrator anybody's."""
    await api_keys.revoke(session, sender, key_id, now)


def _origin(request: Request, settings: Settings) -> str:
    """Where this server is reached; the guard let the Host pass."""
    return settings.public_url or f"{request.url.scheme}://{request.headers['host']}"
