"""The one table of who may do what. Every route names its permission with `allow`; a test walks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from obt_server.audit.service import ACTOR, Actor
from obt_server.auth import service
from obt_server.db import Database, get_database
from obt_server.errors import ForbiddenError, NotSignedInError


class Permission(StrEnum):
    """What a route lets one do."""

    SIGN_IN = "sign_in"
    ENROL = "enrol"
    ACT_AS_CLIENT = "act_as_client"
    READ = "read"
    OPERATE = "operate"
    ADMINISTER = "administer"


class Kind(StrEnum):
    """Who somebody is."""

    ANONYMOUS = "anonymous"
    CLIENT = "client"
    OWNER = "owner"


OPEN = frozenset({Permission.SIGN_IN, Permission.ENROL})
GRANTS: dict[Kind, frozenset[Permission]] = {
    Kind.ANONYMOUS: OPEN,
    Kind.CLIENT: OPEN | {Permission.ACT_AS_CLIENT},
    Kind.OWNER: OPEN | {Permission.READ, Permission.OPERATE, Permission.ADMINISTER},
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent a request. `client_id` is set for clients alone."""

    kind: Kind
    client_id: str | None = None

    @property
    def label(self) -> str:
        """How a record names who it was."""
        return self.client_id or str(self.kind)

    def may(self, permission: Permission) -> bool:
        """Look the permission up in the table."""
        return permission in GRANTS[self.kind]


ANONYMOUS = Identity(Kind.ANONYMOUS)


async def identify(connection: HTTPConnection, db: Annotated[Database, Depends(get_database)]) -> Identity:
    """Tell who sent this: a client by its key, the owner by the session cookie, or nobody."""
    now = connection.app.state.clock.now()
    if key := _bearer(connection.headers.get("authorization")):
        client_id = await service.client_of_key(db, key, now)
        return Identity(Kind.CLIENT, client_id) if client_id else ANONYMOUS
    if secret := connection.cookies.get(service.COOKIE):
        async with db.read() as session:
            return Identity(Kind.OWNER) if await service.is_signed_in(session, secret, now) else ANONYMOUS
    return ANONYMOUS


Sender = Annotated[Identity, Depends(identify)]


class _Allow:
    """Lets a request pass that holds the permission. The walk of all routes reads `permission`."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, sender: Sender, connection: HTTPConnection) -> Identity:
        connection.scope[ACTOR] = Actor(str(sender.kind), sender.label, sender.client_id)
        if sender.may(self.permission):
            _check_own(sender, connection.path_params.get("client_id"))
            return sender
        if sender.kind is Kind.ANONYMOUS:
            raise NotSignedInError(_how_to_enter(self.permission))
        raise ForbiddenError(f"A {sender.kind} may not do this: it needs the permission '{self.permission}'.")


def allow(permission: Permission) -> Any:
    """Name a route's permission: `dependencies=[allow(Permission.READ)]`."""
    return Depends(_Allow(permission))


def own_client_id(sender: Sender) -> str:
    """Give a client's route the ID of the client that calls."""
    if sender.client_id is None:
        raise ForbiddenError("Only a client may do this.")
    return sender.client_id


OwnClientId = Annotated[str, Depends(own_client_id)]


def permission_of(route: APIRoute) -> Permission:
    """Return the one permission that a route names. Raises LookupError for none or several."""
    named = [call.permission for call in _calls(route.dependant) if isinstance(call, _Allow)]
    if len(named) != 1:
        raise LookupError(f"{sorted(route.methods or ())} {route.path} names {len(named)} permissions; it needs one")
    return named[0]


def _calls(dependant: Dependant) -> list[Callable[..., Any] | None]:
    return [dependant.call, *(call for child in dependant.dependencies for call in _calls(child))]


def _check_own(sender: Identity, client_id: str | None) -> None:
    """A client acts for itself only."""
    if sender.kind is Kind.CLIENT and client_id is not None and client_id != sender.client_id:
        raise ForbiddenError("A client may act for itself only.")


def _bearer(header: str | None) -> str | None:
    scheme, _, key = (header or "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def _how_to_enter(permission: Permission) -> str:
    if permission is Permission.ACT_AS_CLIENT:
        return "This key is not known here. Enrol again: obt-client enrol --token TOKEN."
    return "Not signed in. Run `obt-server link` on the server's machine, and open the link that it prints."
