"""What every request meets first: its Host, its Origin, the form and length of its body; and each reply's headers."""

import secrets
from collections.abc import Awaitable, Callable
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from obt_server.auth.cookies import SECURE_SCHEMES, session_cookie
from obt_server.config import Settings
from obt_server.errors import OWN_HEADERS, REQUEST_ID, SECURITY_HEADERS, BodyTooLongError, problem_response
from obt_server.transport.policy import HSTS, NOTHING

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Content-Type, If-Match, If-None-Match",
    "Access-Control-Max-Age": "600",
}
"""To a browser that asks before it sends what a page of another, allowed origin wants to send."""
Objection = tuple[int, str, str]


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
        headers = Headers(scope=scope)
        if self._came_by_tls(scope, headers):
            scope["scheme"] = {"http": "https", "ws": "wss"}.get(scope["scheme"], scope["scheme"])
        own = self._headers_of(scope, headers)
        if objection := self._objection(scope, headers):
            await _refuse(scope, receive, _with_headers(send, own), *objection)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        scope[OWN_HEADERS] = own
        if _is_preflight(scope, headers, own):
            await Response(status_code=204, headers=_PREFLIGHT_HEADERS)(scope, receive, _with_headers(send, own))
            return
        bounded = _bounded(receive, self._settings.max_body_bytes)
        await self._app(scope, bounded, _with_headers(send, own))

    @cached_property
    def _public_netloc(self) -> str | None:
        """The host, with its port, behind which a proxy with TLS stands, whatever it forwards."""
        public = self._settings.public_url or ""
        return urlsplit(public).netloc if public.startswith("https://") else None

    def _came_by_tls(self, scope: Scope, headers: Headers) -> bool:
        """Whether the browser spoke TLS: with us, with a proxy that is believed, or at the https:// address of ours."""
        if scope["scheme"] in SECURE_SCHEMES:
            return True
        return self._public_netloc is not None and headers.get("host", "").lower() == self._public_netloc

    def _headers_of(self, scope: Scope, headers: Headers) -> dict[str, str]:
        """What every reply to this request carries. A page of an allowed origin may read it, with its cookie."""
        own = {
            **SECURITY_HEADERS,
            REQUEST_ID: scope.get(REQUEST_ID) or secrets.token_hex(6),
            "Content-Security-Policy": NOTHING,
        }
        if scope["scheme"] in SECURE_SCHEMES:
            own["Strict-Transport-Security"] = HSTS
        if scope["path"].startswith("/api/"):
            own["Cache-Control"] = "no-store"
        if scope["app"].state.is_draining:
            own["Connection"] = "close"
        origin = headers.get("origin")
        if origin is not None and origin in self._settings.origins:
            own["Access-Control-Allow-Origin"] = origin
            own["Access-Control-Allow-Credentials"] = "true"
            own["Access-Control-Expose-Headers"] = _EXPOSED
        return own

    def _objection(self, scope: Scope, headers: Headers) -> Objection | None:
        host = headers.get("host", "")
        if _host_name(host) not in self._settings.host_names:
            return 403, "foreign_host", f"The host '{host[:200]}' is not one of this server's. Set OBT_ALLOWED_HOSTS."
        origin = headers.get("origin")
        if origin is not None and not self._is_own(origin, scope, host):
            return 403, "foreign_origin", f"Pages of '{origin[:200]}' may not call this server (OBT_ALLOWED_ORIGINS)."
        if origin is None and _needs_origin(scope, headers):
            return 403, "origin_missing", "A request with the session cookie that changes something needs an Origin."
        return self._objection_to_body(headers)

    def _objection_to_body(self, headers: Headers) -> Objection | None:
        """Nothing is unpacked here, so that nothing small can become large."""
        if headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
            return 415, "encoded_body", "A compressed body is not taken. Send it as it is, without Content-Encoding."
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length[:20]) > self._settings.max_body_bytes:
            too_long = BodyTooLongError(self._settings.max_body_bytes)
            return too_long.status_code, too_long.code, too_long.detail
        return None

    def _is_own(self, origin: str, scope: Scope, host: str) -> bool:
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        return origin == f"{scheme}://{host}" or origin in self._settings.origins


_EXPOSED = f"Content-Disposition, ETag, RateLimit, RateLimit-Policy, Retry-After, {REQUEST_ID}"


def _is_preflight(scope: Scope, headers: Headers, own: dict[str, str]) -> bool:
    """Only an allowed origin comes so far."""
    asks = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
    return asks and "Access-Control-Allow-Origin" in own


@lru_cache(maxsize=64)  # a server has few names; a foreign one is as long as all headers may be
def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _needs_origin(scope: Scope, headers: Headers) -> bool:
    """Browsers send an Origin with every write and every socket; one without it, and a cookie, is suspect."""
    if f"{session_cookie(scope['scheme'])}=" not in headers.get("cookie", ""):
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
    """What an answer says itself goes before what all say."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = message["headers"] = list(message.get("headers", ()))
            said = {name for name, _ in told}
            if b"etag" in said and b"cache-control" not in said:
                told.append((b"cache-control", b"private, no-cache"))  # kept by its reader alone, and asked about
                said.add(b"cache-control")
            told += [(name, value) for name, value in _encoded(own) if name not in said]
            if "Access-Control-Allow-Origin" in own:
                told.append((b"vary", b"Origin"))
        await send(message)

    return with_headers


def _encoded(own: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(_lowered(name), value.encode("latin-1")) for name, value in own.items()]


@lru_cache(maxsize=64)
def _lowered(name: str) -> bytes:
    return name.lower().encode("latin-1")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, code: str, detail: str) -> None:
    if scope["type"] == "websocket":
        close: dict[str, Any] = {"type": "websocket.close", "code": 1008, "reason": detail[:120]}
        await send(close)
        return
    await problem_response(status, code, detail)(scope, receive, send)
