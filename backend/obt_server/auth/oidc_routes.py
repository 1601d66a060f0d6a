"""Signing in at an OpenID provider: away, and back."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import URL

from obt_server.auth import oidc_people, sign_in
from obt_server.auth.cookies import flow_cookie
from obt_server.auth.oidc_provider import Flow, OidcFailedError, Provider, provider_of
from obt_server.auth.permissions import Permission, allow
from obt_server.auth.routes import VisitOf, set_cookie
from obt_server.auth.sign_in import Visit
from obt_server.config import Settings
from obt_server.context import SettingsOf
from obt_server.db import CONNECTION
from obt_server.errors import NotFoundError, ObtError, problems

router = APIRouter(tags=["auth"])
log = structlog.get_logger()
FLOW_S = 600
"""How long a person may take at the provider."""
_SIGN_IN = [allow(Permission.SIGN_IN)]
_REDIRECTS = {303: {"description": "On to another page"}}
_VISIBLE = r"^[\x20-\x7e]*$"
_Code = Annotated[str, Query(max_length=2_000, pattern=_VISIBLE)]
_Word = Annotated[str, Query(max_length=200, pattern=_VISIBLE)]
"""What a provider says is ASCII (RFC 6749, appendix A); together it has to fit into an address."""


class NoOidcError(NotFoundError):
    """The settings name no provider."""

    code = "no_oidc"


@router.get(
    "/auth/oidc/begin",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=_SIGN_IN,
    responses=problems(401, 403, 404) | _REDIRECTS,
)
async def begin_oidc(request: Request, settings: SettingsOf) -> RedirectResponse:
    """Send the browser to the OpenID provider of the settings."""
    url, flow = await _provider(request, settings).begin()
    away = RedirectResponse(url, status_code=303)
    # Lax: the provider's page sends the browser back, and the cookie has to come along.
    away.set_cookie(
        flow_cookie(request.url.scheme),
        flow.cookie,
        max_age=FLOW_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path=_back(request, settings).path,
    )
    return away


@router.get(
    "/auth/oidc/callback",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=_SIGN_IN,
    responses=problems(401, 403, 404) | _REDIRECTS,
)
async def finish_oidc(
    visit: VisitOf, request: Request, settings: SettingsOf, code: _Code = "", state: _Word = "", error: _Word = ""
) -> RedirectResponse:
    """Come back from the provider: signed in, or to the page that signs in with `?problem=` and a code."""
    provider, back = _provider(request, settings), _back(request, settings)
    try:
        home = await _signed_in(visit, provider, settings, code, _flow(request, state, error))
    except ObtError as failure:
        log.warning("oidc_refused", code=failure.code, cause=str(failure.__cause__ or failure)[:300])
        home = RedirectResponse(f"/sign-in?problem={failure.code}", status_code=303)
    scheme = request.url.scheme
    home.delete_cookie(flow_cookie(scheme), path=back.path, secure=scheme == "https", httponly=True)
    return home


async def _signed_in(visit: Visit, provider: Provider, settings: Settings, code: str, flow: Flow) -> RedirectResponse:
    claims = await provider.finish(code, flow)
    async with visit.db.write() as session:
        session.info[CONNECTION] = visit.connection
        person = await oidc_people.person_of(session, claims, settings, visit.now)
        secret = await sign_in.start(session, visit, person.id, "oidc")
    home = RedirectResponse("/", status_code=303)
    set_cookie(home, secret, visit)
    return home


def _flow(request: Request, state: str, error: str) -> Flow:
    """Return what this browser left with: nobody else's return is taken for its own."""
    try:
        flow = Flow.of_cookie(request.cookies.get(flow_cookie(request.url.scheme), ""))
    except ValueError:
        raise OidcFailedError("This browser did not begin to sign in, or too long ago.") from None
    if error or not state or state != flow.state:
        raise OidcFailedError(f"The provider let nobody in: {error[:100] or 'another state than it was given'}.")
    return flow


def _provider(request: Request, settings: Settings) -> Provider:
    provider = provider_of(settings, str(_back(request, settings)))
    if provider is None:
        raise NoOidcError("Signing in by OpenID Connect is not set up here (OBT_OIDC_ISSUER).")
    return provider


def _back(request: Request, settings: Settings) -> URL:
    """Where the provider sends browsers back to; it has to know this address."""
    called = request.url_for("finish_oidc")
    return URL(f"{settings.public_url}{called.path}") if settings.public_url else called
