"""Signing in and out; one's own sessions; enrolment tokens."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from obt_server.auth import browser_sessions, first_visit, service, sign_in
from obt_server.auth.cookies import session_cookie
from obt_server.auth.people_schemas import (
    AuthState,
    BrowserSessions,
    Me,
    PasswordChange,
    Reset,
    Setup,
    SignIn,
    SignInLink,
)
from obt_server.auth.permissions import Permission, Sender, allow
from obt_server.auth.roles import Role
from obt_server.auth.schemas import CreatedEnrolmentToken, EnrolmentTokens, NewEnrolmentToken
from obt_server.auth.sign_in import Visit
from obt_server.context import Now, SettingsOf, get_settings
from obt_server.db import Database, ReadSession, WriteSession, get_database
from obt_server.errors import problems

router = APIRouter(tags=["auth"])
SIGN_IN, OWN_ACCOUNT = [allow(Permission.SIGN_IN)], [allow(Permission.OWN_ACCOUNT)]
BEFORE_SETUP = [allow(Permission.SIGN_IN, before_setup=True)]


def get_visit(request: Request, db: Annotated[Database, Depends(get_database)], now: Now) -> Visit:
    """Return what signing in needs to know of a request."""
    return Visit(request, db, now, timedelta(seconds=get_settings(request).browser_session_s))


VisitOf = Annotated[Visit, Depends(get_visit)]


@router.get("/auth/state", dependencies=BEFORE_SETUP, responses=problems())
async def auth_state(request: Request, settings: SettingsOf) -> AuthState:
    """Tell the page that signs in which ways there are."""
    is_set_up = await first_visit.is_over(request)
    return AuthState(
        needs_setup=not is_set_up, has_oidc=settings.oidc_issuer is not None, guest_view=settings.guest_view
    )


@router.post("/auth/setup", status_code=204, dependencies=BEFORE_SETUP, responses=problems(401, 403, 409))
async def set_up(body: Setup, visit: VisitOf, response: Response) -> None:
    """Make the first administrator, with the secret that the server printed, and sign them in."""
    set_cookie(response, await sign_in.by_setup(visit, body), visit)


@router.post("/auth/sign-in", status_code=204, dependencies=SIGN_IN, responses=problems(401, 403, 429))
async def sign_in_by_password(body: SignIn, visit: VisitOf, response: Response) -> None:
    """Sign in with a name or an e-mail address, and a password."""
    set_cookie(response, await sign_in.by_password(visit, body), visit)


@router.post("/auth/link", status_code=204, dependencies=SIGN_IN, responses=problems(401, 403))
async def use_sign_in_link(body: SignInLink, visit: VisitOf, response: Response) -> None:
    """Turn the secret of a one-time link into a session cookie."""
    set_cookie(response, await sign_in.by_link(visit, body.secret), visit)


@router.post("/auth/reset", status_code=204, dependencies=SIGN_IN, responses=problems(401, 403))
async def reset_password(body: Reset, visit: VisitOf, response: Response) -> None:
    """Choose a password by a one-time link, and sign in. All earlier sessions end."""
    set_cookie(response, await sign_in.by_reset(visit, body), visit)


@router.post("/auth/password", status_code=204, dependencies=OWN_ACCOUNT, responses=problems(401, 403, 429))
async def change_password(body: PasswordChange, visit: VisitOf, sender: Sender) -> None:
    """Change one's own password. One's other sessions end."""
    await sign_in.change_password(visit, sender, body)


@router.get("/auth/me", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def who_am_i(sender: Sender) -> Me:
    """Tell who is signed in."""
    role = Role(sender.kind) if sender.person_id else None
    return Me(
        kind=sender.kind,
        role=role,
        name=sender.name,
        person_id=sender.person_id,
        permissions=sorted(sender.permissions),
    )


@router.get("/auth/sessions", dependencies=OWN_ACCOUNT, responses=problems(401, 403))
async def list_my_sessions(sender: Sender, session: ReadSession, now: Now) -> BrowserSessions:
    """One's own browser sessions, the last seen first."""
    return BrowserSessions(sessions=await browser_sessions.list_of(session, sender, now))


@router.delete(
    "/auth/sessions/{session_id}", status_code=204, dependencies=OWN_ACCOUNT, responses=problems(401, 403, 404)
)
async def end_my_session(session_id: UUID, sender: Sender, session: WriteSession) -> None:
    """End one of one's own sessions: that browser is signed out at once."""
    await browser_sessions.end(session, sender, session_id)


@router.post("/auth/sign-out", status_code=204, dependencies=OWN_ACCOUNT, responses=problems(401, 403))
async def sign_out(request: Request, sender: Sender, response: Response, session: WriteSession) -> None:
    """End this browser's session."""
    await browser_sessions.end(session, sender, sender.session_id)
    scheme = request.url.scheme
    response.delete_cookie(session_cookie(scheme), path="/", secure=scheme == "https", httponly=True, samesite="strict")


@router.get("/enrolment-tokens", dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403))
async def list_enrolment_tokens(session: ReadSession) -> EnrolmentTokens:
    """All enrolment tokens, newest first, without their texts."""
    return EnrolmentTokens(tokens=await service.list_tokens(session))


@router.post(
    "/enrolment-tokens", status_code=201, dependencies=[allow(Permission.ADMINISTER)], responses=problems(401, 403)
)
async def create_enrolment_token(body: NewEnrolmentToken, session: WriteSession, now: Now) -> CreatedEnrolmentToken:
    """Make a token with which machines enrol. Its text is told this once."""
    valid_for = timedelta(hours=body.expires_in_hours)
    view, token = await service.create_token(
        session, label=body.label, uses=body.uses, valid_for=valid_for, now=now, tags=body.tags
    )
    return CreatedEnrolmentToken(**view.model_dump(), token=token)


@router.delete(
    "/enrolment-tokens/{token_id}",
    status_code=204,
    dependencies=[allow(Permission.ADMINISTER)],
    responses=problems(401, 403, 404),
)
async def revoke_enrolment_token(token_id: UUID, session: WriteSession) -> None:
    """Make a token useless. Clients that enrolled with it stay."""
    await service.revoke_token(session, token_id)


def set_cookie(response: Response, secret: str, visit: Visit) -> None:
    """Give a browser its session: for this site alone, and for no script."""
    scheme = visit.connection.url.scheme
    response.set_cookie(
        session_cookie(scheme),
        secret,
        max_age=int(visit.valid_for.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=scheme == "https",
        path="/",
    )
