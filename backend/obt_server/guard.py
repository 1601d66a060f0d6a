"""What every request meets first: its Host, its Origin, the length of its body; and headers that every reply gets."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from obt_server.auth.service import COOKIE
from obt_server.config import Settings
from obt_server.errors import OWN_HEADERS, REQUEST_ID, SECURITY_HEADERS, BodyTooLongError, problem_response

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Content-Type, If-Match, If-None-Match",
    "Access-Control-Max-Age": "600",
}
"""To a browser that asks before it sends what a page of another, allowed origin wants to send."""


class Guard:
    """Pure ASGI, outermost. A foreign Host is refused (DNS rebinding), and so is a foreign page's Origin."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it with why not."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        if objection := self._objection(scope):
            await _refuse(scope, receive, _with_headers(send, self._headers_of(scope)), *objection)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        own = scope[OWN_HEADERS] = self._headers_of(scope)
        if _is_preflight(scope):
            await Response(status_code=204, headers=_PREFLIGHT_HEADERS)(scope, receive, _with_headers(send, own))
            return
        bounded = _bounded(receive, self._settings.max_body_bytes)
        await self._app(scope, bounded, _with_headers(send, own))

    def _headers_of(self, scope: Scope) -> dict[str, str]:
        """What every reply to this request carries. A page of an allowed origin may read it, with its cookie."""
        origin = Headers(scope=scope).get("origin")
        mine = {**SECURITY_HEADERS, REQUEST_ID: secrets.token_hex(6)}
        if origin is None or origin not in self._settings.origins:
            return mine
        return {
            **mine,
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Expose-Headers": f"Content-Disposition, ETag, Retry-After, {REQUEST_ID}",
        }

    def _objection(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _host_name(host) not in self._settings.host_names:
            return 403, "foreign_host", f"The host '{host[:200]}' is not one of this server's. Set OBT_ALLOWED_HOSTS."
        origin = headers.get("origin")
        if origin is not None and not self._is_own(origin, scope, host):
            return 403, "foreign_origin", f"Pages of '{origin[:200]}' may not call this server (OBT_ALLOWED_ORIGINS)."
        if origin is None and _needs_origin(scope, headers):
            return 403, "origin_missing", "A request with the session cookie that changes something needs an Origin."
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length[:20]) > self._settings.max_body_bytes:
            too_long = BodyTooLongError(self._settings.max_body_bytes)
            return too_long.status_code, too_long.code, too_long.detail
        return None

    def _is_own(self, origin: str, scope: Scope, host: str) -> bool:
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        return origin == f"{scheme}://{host}" or origin in self._settings.origins


def _is_preflight(scope: Scope) -> bool:
    """Only an allowed origin comes so far."""
    asks = "access-control-request-method" in Headers(scope=scope)
    return asks and scope["method"] == "OPTIONS" and "Access-Control-Allow-Origin" in scope[OWN_HEADERS]


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _needs_origin(scope: Scope, headers: Headers) -> bool:
    """Browsers send an Origin with every write and every socket; one without it, and a cookie, is suspect."""
    if f"{COOKIE}=" not in headers.get("cookie", ""):
        return False
    return scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS


def _bounded(receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLongError(limit)
        return message

    return bounded


def _with_headers(send: Send, own: dict[str, str]) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in own.items():
                headers.setdefault(name, value)
            if "Access-Control-Allow-Origin" in own:
                headers.add_vary_header("Origin")
        await send(message)

    return with_headers


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, code: str, detail: str) -> None:
    if scope["type"] == "websocket":
        close: dict[str, Any] = {"type": "websocket.close", "code": 1008, "reason": detail[:120]}
        await send(close)
        return
    await problem_response(status, code, detail)(scope, receive, send)
