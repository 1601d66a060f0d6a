"""Who sent a request, and whether they may. Every route names its permission with `allow`; a test walks them all."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Annotated, Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from obt_server.audit.service import ACTOR, Actor
from obt_server.auth import api_keys, browser_sessions, first_visit, service
from obt_server.auth.cookies import session_cookie
from obt_server.auth.random_secrets import is_api_key
from obt_server.auth.roles import ANONYMOUS, GRANTS, GUEST, OPEN, SCRAPER, Identity, Kind, Permission, Role
from obt_server.db import Database, get_database
from obt_server.errors import ForbiddenError, NotSignedInError
from obt_server.limits.senders import bearer_of, tell_sender

__all__ = ["GRANTS", "OPEN", "Identity", "Kind", "Permission", "Role"]
_WITHOUT_PEOPLE = frozenset({Permission.ENROL, Permission.ACT_AS_CLIENT})
"""What goes on while there is nobody to sign in."""


async def identify(connection: HTTPConnection, db: Annotated[Database, Depends(get_database)]) -> Identity:
    """Tell who sent this: a program by its key, a client by its own, a person by the session cookie, or nobody."""
    found = await _identity_of(connection, db)
    tell_sender(connection, *_counted_as(found))
    return found


async def _identity_of(connection: HTTPConnection, db: Database) -> Identity:
    now = connection.app.state.clock.now()
    bearer = bearer_of(connection.headers.get("authorization"))
    if bearer and _is_scraper(connection, bearer):
        return SCRAPER
    key = connection.headers.get("x-api-key") or (bearer if bearer and is_api_key(bearer) else None)
    if key:
        return await api_keys.identity_of(db, key, now) or ANONYMOUS
    if bearer:
        client_id = await service.client_of_key(db, bearer, now)
        return Identity(Kind.CLIENT, client_id) if client_id else ANONYMOUS
    secret = connection.cookies.get(session_cookie(connection.scope["scheme"]))
    if secret and (person := await browser_sessions.identity_of(db, secret, now)):
        return person
    is_open = connection.app.state.settings.guest_view and await first_visit.is_over(connection)
    return GUEST if is_open else ANONYMOUS


def _is_scraper(connection: HTTPConnection, bearer: str) -> bool:
    """Whether this is the token of the settings, which is good while the database is not there either."""
    token = connection.app.state.settings.metrics_token
    return token is not None and compare_digest(token.get_secret_value().encode(), bearer.encode())


def _counted_as(sender: Identity) -> tuple[str, str | None]:
    """Whose requests these are where requests are counted; nobody's are their address's."""
    for kind, name in (("client", sender.client_id), ("key", sender.key_id), ("person", sender.person_id)):
        if name is not None:
            return kind, str(name)
    return "address", None


Sender = Annotated[Identity, Depends(identify)]


class _Allow:
    """Lets a request pass that holds the permission. The walk of all routes reads `permission`."""

    def __init__(self, permission: Permission, *, before_setup: bool) -> None:
        self.permission = permission
        self.before_setup = before_setup or permission in _WITHOUT_PEOPLE

    async def __call__(self, sender: Sender, connection: HTTPConnection) -> Identity:
        subject = sender.client_id or sender.person_id
        connection.scope[ACTOR] = Actor(str(sender.kind), sender.label, str(subject) if subject else None)
        if not self.before_setup:
            await first_visit.check_over(connection)
        if sender.may(self.permission):
            _check_own(sender, connection.path_params.get("client_id"))
            return sender
        if sender.kind is Kind.ANONYMOUS:
            raise NotSignedInError(_how_to_enter(self.permission))
        raise ForbiddenError(f"{_a(sender)} may not do this: it needs the permission '{self.permission}'.")


def allow(permission: Permission, *, before_setup: bool = False) -> Any:
    """Name a route's permission: `dependencies=[allow(Permission.READ)]`.

    `before_setup`: it answers while there are no people too.
    """
    return Depends(_Allow(permission, before_setup=before_setup))


def own_client_id(sender: Sender) -> str:
    """Give a client's route the ID of the client that calls."""
    if sender.client_id is None:
        raise ForbiddenError("Only a client may do this.")
    return sender.client_id


OwnClientId = Annotated[str, Depends(own_client_id)]


def permission_of(route: APIRoute) -> Permission:
    """Return the one permission that a route names. Raises LookupError for none or several."""
    return _allow_of(route).permission


def answers_before_setup(route: APIRoute) -> bool:
    """Whether a route answers while there are no people."""
    return _allow_of(route).before_setup


def _allow_of(route: APIRoute) -> _Allow:
    named = [call for call in _calls(route.dependant) if isinstance(call, _Allow)]
    if len(named) != 1:
        raise LookupError(f"{sorted(route.methods or ())} {route.path} names {len(named)} permissions; it needs one")
    return named[0]


def _calls(dependant: Dependant) -> list[Callable[..., Any] | None]:
    return [dependant.call, *(call for child in dependant.dependencies for call in _calls(child))]


def _check_own(sender: Identity, client_id: str | None) -> None:
    """A client acts for itself only."""
    if sender.kind is Kind.CLIENT and client_id is not None and client_id != sender.client_id:
        raise ForbiddenError("A client may act for itself only.")


def _a(sender: Identity) -> str:
    return "An API key" if sender.key_id else f"{'An' if sender.kind.startswith(('a', 'o')) else 'A'} {sender.kind}"


def _how_to_enter(permission: Permission) -> str:
    if permission is Permission.ACT_AS_CLIENT:
        return "This key is not known here. Enrol again: obt-client enrol --token TOKEN."
    return "Not signed in. Sign in at /sign-in, or open the link that `obt-server link` prints on the server's machine."
