"""Signing in and out; enrolment tokens."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from obt_server.auth import service
from obt_server.auth.permissions import GRANTS, Permission, Sender, allow
from obt_server.auth.schemas import CreatedEnrolmentToken, EnrolmentTokens, Me, NewEnrolmentToken, SignIn
from obt_server.config import Settings
from obt_server.context import Now, get_settings
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems

router = APIRouter(tags=["auth"])


@router.post("/auth/link", status_code=204, dependencies=[allow(Permission.SIGN_IN)], responses=problems(401, 403))
async def use_sign_in_link(body: SignIn, request: Request, response: Response, session: WriteSession, now: Now) -> None:
    """Turn the secret of a one-time link into a session cookie."""
    settings = get_settings(request)
    valid_for = timedelta(seconds=settings.browser_session_s)
    secret = await service.sign_in(session, body.secret, valid_for=valid_for, now=now)
    _set_cookie(response, secret, settings, is_secure=request.url.scheme == "https")


@router.get("/auth/me", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def who_am_i(sender: Sender) -> Me:
    """Tell who is signed in."""
    return Me(kind=sender.kind, permissions=sorted(GRANTS[sender.kind]))


@router.post("/auth/sign-out", status_code=204, dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def sign_out(request: Request, response: Response, session: WriteSession) -> None:
    """End this browser's session."""
    await service.sign_out(session, request.cookies[service.COOKIE])
    response.delete_cookie(service.COOKIE, path="/")


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
    view, token = await service.create_token(session, label=body.label, uses=body.uses, valid_for=valid_for, now=now)
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


def _set_cookie(response: Response, secret: str, settings: Settings, *, is_secure: bool) -> None:
    response.set_cookie(
        service.COOKIE,
        secret,
        max_age=int(settings.browser_session_s),
        httponly=True,
        samesite="strict",
        secure=is_secure,
        path="/",
    )
