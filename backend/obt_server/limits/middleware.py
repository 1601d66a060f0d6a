"""Refuses the request that is one too many, before anything else is done for it."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from obt_server.config import Settings
from obt_server.errors import problem_response
from obt_server.limits.senders import Bucket, Sender, Senders
from obt_server.limits.service import Limits

TOO_MANY_SOCKETS = 4429
"""As 429, in the range of codes that WebSocket leaves to applications."""
_TOLD = frozenset({"person", "key"})
"""Who hears with every answer how much is left: programs. Clients have a pace of their own."""


class Limited:
    """Pure ASGI, directly behind the guard. `cookie` tells the name of the session's cookie for a scheme."""

    def __init__(self, app: ASGIApp, settings: Settings, senders: Senders, cookie: Callable[[str], str]) -> None:
        self._app, self._cookie = app, cookie
        self._limits, self._senders = Limits(settings), senders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request, and let it pass or answer 429."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        sender = self._senders.meet(scope, Headers(scope=scope), self._cookie(scope.get("scheme", "http")))
        bucket = sender.bucket
        is_enough = not self._limits.take(bucket)
        if scope["type"] == "websocket":
            await self._open_socket(bucket, scope, receive, send, is_enough=is_enough)
        elif is_enough:
            await self._refuse(bucket, scope, receive, send)
        else:
            await self._app(scope, receive, self._telling(sender, send))

    async def _open_socket(
        self, bucket: Bucket, scope: Scope, receive: Receive, send: Send, *, is_enough: bool
    ) -> None:
        with self._limits.socket(bucket) as has_place:
            if has_place and not is_enough:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": TOO_MANY_SOCKETS, "reason": "too many connections"})

    async def _refuse(self, bucket: Bucket, scope: Scope, receive: Receive, send: Send) -> None:
        wait_s = self._limits.wait_s(bucket)
        whose = {"address": "from this address"}.get(bucket.kind, f"of this {bucket.kind}")
        detail = f"Too many requests {whose}. Go on in {wait_s} s."
        headers = {"Retry-After": str(wait_s), **self._limits.fields(bucket)}
        await problem_response(429, "too_many_requests", detail, headers=headers)(scope, receive, send)

    def _telling(self, sender: Sender, send: Send) -> Send:
        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start" and sender.bucket.kind in _TOLD:  # it may be known by now
                MutableHeaders(scope=message).update(self._limits.fields(sender.bucket))
            await send(message)

        return telling
