"""Outermost: gives each request its ID, counts it when it is answered, and says so in the log where that is wanted."""

import os
from time import perf_counter
from typing import Literal

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from obt_server.errors import REQUEST_ID
from obt_server.metrics.requests import Requests, route_of

log = structlog.get_logger()
Level = Literal["info", "debug"]


class Observed:
    """Pure ASGI. Whatever is logged while a request is answered carries the ID that the reply tells.

    An ID that comes with a request is not taken: it would be somebody else's word in every line. Proxies log ours.
    """

    def __init__(self, app: ASGIApp, requests: Requests, level: Level | None) -> None:
        self._app = app
        self._requests = requests
        self._level: Level | None = level

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        # Each request is a task of its own: nothing has to be taken back, and a failure is logged with it too.
        scope[REQUEST_ID] = os.urandom(6).hex()
        structlog.contextvars.bind_contextvars(request_id=scope[REQUEST_ID])
        await (self._http if scope["type"] == "http" else self._socket)(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began_s = perf_counter()
        status: int | None = None
        self._requests.running += 1

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            status = status or 500  # further out it is answered so
            raise
        finally:
            self._requests.running -= 1
            took_s = perf_counter() - began_s
            self._requests.note(scope, status, took_s)
            if self._level is not None:
                self._say(self._level, scope, status, took_s)

    @staticmethod
    def _say(level: Level, scope: Scope, status: int | None, took_s: float) -> None:
        """Without the query: it may hold what nobody is to read in a log."""
        told = {"method": scope["method"], "route": route_of(scope), "path": scope["path"]}
        say = log.info if level == "info" else log.debug
        say("request", **told, status=status, took_s=round(took_s, 6))

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = False

        async def noting(message: Message) -> None:
            nonlocal is_open
            if message["type"] == "websocket.accept":
                is_open = True
                self._requests.sockets += 1
            elif message["type"] == "websocket.send":
                self._requests.messages += 1
                self._requests.told_bytes += len(message.get("text") or b"")
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._requests.sockets -= is_open
