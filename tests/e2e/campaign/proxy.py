"""A proxy before several servers: round robin over those that are ready, and the place where requests go wrong."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from tests.e2e.campaign.entrance import Entrance
from tests.e2e.campaign.schedule import Kind
from tests.e2e.campaign.seen import Seen

_LOOK_EVERY_S = 0.2
_LOOK_S = 5.0
_ANSWER_S = 90.0
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "host", "origin"}


@dataclass(slots=True)
class Backend:
    """One server."""

    url: str
    is_ready: bool = False


@dataclass(slots=True)
class Trick:
    """What is done to the next `left` requests of clients whose method and path match; `delay_s` where it waits."""

    kind: Kind
    pattern: re.Pattern[str]
    left: int
    delay_s: float


@dataclass(frozen=True, slots=True)
class _Sent:
    entrance: Entrance
    method: str
    path: str
    headers: CIMultiDict[str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Got:
    status: int
    headers: CIMultiDict[str]
    body: bytes


class Proxy:
    """Retries nothing. `failed`: what it could not have answered, or only with an error of the server's."""

    def __init__(self, urls: list[str], seen: Seen) -> None:
        self.backends = [Backend(url) for url in urls]
        self.tricks: list[Trick] = []
        self.touched: Counter[Kind] = Counter()
        self.passed = 0
        self.failed: Counter[str] = Counter()
        self._seen = seen
        self._entrances: dict[int, Entrance] = {}
        self._later: set[asyncio.Task[None]] = set()
        self._turn = 0

    async def __aenter__(self) -> Self:
        # A connection for each request: aiohttp asks once more where a kept one was closed, and nothing is asked twice.
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        self._http = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        self._runner = web.ServerRunner(web.Server(self._serve, handler_cancellation=True, access_log=None))
        await self._runner.setup()
        self._looking = [asyncio.create_task(self._look(backend)) for backend in self.backends]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in (*self._looking, *self._later):
            task.cancel()
        for entrance in self._entrances.values():
            entrance.heal()
        await self._runner.cleanup()
        await self._http.close()

    async def open(self, name: str, *, is_client: bool) -> Entrance:
        """Let somebody in, by a port of their own."""
        entrance = Entrance(name, is_client=is_client)
        self._entrances[entrance.port] = entrance
        await web.SockSite(self._runner, entrance.socket).start()
        return entrance

    async def settle(self) -> None:
        """Forget tricks that met nobody, and have all delivered that is late."""
        self.tricks.clear()
        for entrance in self._entrances.values():
            entrance.heal()
        await asyncio.gather(*self._later)

    async def _look(self, backend: Backend) -> None:
        timeout = aiohttp.ClientTimeout(total=_LOOK_S)
        while True:
            try:
                async with self._http.get(f"{backend.url}/readyz", timeout=timeout) as reply:
                    backend.is_ready = reply.status == 200
            except (aiohttp.ClientError, OSError, TimeoutError):
                backend.is_ready = False
            await asyncio.sleep(_LOOK_EVERY_S)

    def _next(self) -> Backend | None:
        ready = [backend for backend in self.backends if backend.is_ready]
        self._turn += 1
        return ready[self._turn % len(ready)] if ready else None

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        if transport is None:
            return web.Response()
        entrance = self._entrances[transport.get_extra_info("sockname")[1]]
        entrance.comes(transport)
        if await entrance.lets_through():
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._relay(entrance, request)
            sent = _Sent(entrance, request.method, request.raw_path, _end_to_end(request.headers), b"")
            got = await self._answer(_with_body(sent, await request.content.read()))
            if got is not None and await entrance.lets_through():
                return web.Response(status=got.status, headers=got.headers, body=got.body)
        transport.abort()
        return web.Response()

    async def _answer(self, sent: _Sent) -> _Got | None:
        """Ask a server; None where the caller is not to hear of it."""
        self._note(sent)
        trick = self._trick_for(sent)
        match trick.kind if trick else None:
            case Kind.LOSE_REPLIES:
                await self._ask(sent)
                return None
            case Kind.OVERTAKEN:
                self._ask_later(sent, trick.delay_s if trick else 0)
                return None
            case Kind.DUPLICATE:
                self._ask_later(sent, 0)
            case Kind.DUPLICATE_LATE:
                self._ask_later(sent, trick.delay_s if trick else 0)
            case _:
                pass
        return await self._ask(sent)

    def _note(self, sent: _Sent) -> None:
        self.passed += 1
        if sent.entrance.is_client and sent.method != "GET":
            self._seen.asked(sent.entrance.name, sent.path, sent.body)

    def _trick_for(self, sent: _Sent) -> Trick | None:
        if not sent.entrance.is_client or sent.method == "GET":
            return None
        asked = f"{sent.method} {sent.path}"
        trick = next((one for one in self.tricks if one.left > 0 and one.pattern.search(asked)), None)
        if trick:
            trick.left -= 1
            self.touched[trick.kind] += 1
        return trick

    def _ask_later(self, sent: _Sent, delay_s: float) -> None:
        async def ask() -> None:
            await asyncio.sleep(delay_s)
            await self._ask(sent)

        task = asyncio.create_task(ask())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _ask(self, sent: _Sent) -> _Got:
        if (backend := self._next()) is None:
            return self._bad(sent, "no server is ready")
        try:
            got = await self._forward(backend, sent)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return self._bad(sent, f"{type(error).__name__}: {error}"[:100])
        if got.status >= 500:
            self.failed[f"{_shape(sent)}: {got.status} {got.body[:200].decode(errors='replace')}"] += 1
        elif got.status == 200 and sent.entrance.is_client:
            self._seen.answered(sent.entrance.name, sent.path, got.body)
        return got

    async def _forward(self, backend: Backend, sent: _Sent) -> _Got:
        async with self._http.request(
            sent.method,
            URL(backend.url + sent.path, encoded=True),
            headers=sent.headers,
            data=sent.body or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=_ANSWER_S),
        ) as reply:
            return _Got(reply.status, _end_to_end(reply.headers), await reply.read())

    def _bad(self, sent: _Sent, why: str) -> _Got:
        self.failed[f"{_shape(sent)}: {why}"] += 1
        return _Got(502, CIMultiDict({"Content-Type": "text/plain"}), why.encode())

    async def _relay(self, entrance: Entrance, request: web.BaseRequest) -> web.StreamResponse:
        """Join a live socket with a server's; what ends one ends the other."""
        if (backend := self._next()) is None:
            return web.Response(status=502)
        url = backend.url + request.raw_path
        headers = {name: request.headers[name] for name in ("Authorization",) if name in request.headers}
        down = web.WebSocketResponse()
        with suppress(aiohttp.ClientError, OSError):
            async with self._http.ws_connect(url, headers=headers, max_msg_size=0) as up:
                await down.prepare(request)
                heard = asyncio.create_task(down.receive())  # a viewer says nothing but that it leaves
                heard.add_done_callback(lambda _: asyncio.ensure_future(up.close()))
                async for message in up:
                    if not await entrance.lets_through():
                        break
                    await down.send_str(message.data)
                heard.cancel()
        if request.transport:
            request.transport.abort()
        return down if down.prepared else web.Response(status=502)


def _end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP)


def _with_body(sent: _Sent, body: bytes) -> _Sent:
    return _Sent(sent.entrance, sent.method, sent.path, sent.headers, body)


def _shape(sent: _Sent) -> str:
    """The request without what differs from one to the next."""
    path = re.sub(r"/(?:[0-9a-f-]{36}|client-\d+)(?=/|$)", "/*", sent.path.partition("?")[0])
    return f"{sent.method} {path}"
