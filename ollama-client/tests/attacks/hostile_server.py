"""A server that was taken over: it answers a client's requests with whatever a test wants, model or no model."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Raw = dict[str, Any]
TIME = "2026-11-01T12:00:00Z"


@dataclass
class HostileServer:
    """What it says is raw JSON. Jobs and operations are given one after the other, and each once."""

    port: int = 0
    directives: list[Raw] = field(default_factory=list[Raw])
    """Said with every beat, beside `work` and `operate`."""
    jobs: list[Any] = field(default_factory=list[Any])
    operations: list[Any] = field(default_factory=list[Any])
    key_reply: Raw = field(default_factory=dict[str, Any])
    enrolment_reply: Raw = field(default_factory=dict[str, Any])
    redirect_to: str = ""
    """Where every request is sent to instead, while it is set."""
    outcomes: dict[str, Raw] = field(default_factory=dict[str, Raw])
    asked: list[str] = field(default_factory=list[str])
    """Method and path of every request."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def until(self, condition: Callable[[], object], seconds: float = 90) -> None:
        """Wait until the condition holds; it is looked at with every request."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(condition)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body: Raw = json.loads(await request.read() or b"{}")
        self.asked.append(f"{request.method} {request.path}")
        reply = self._reply(request, body)
        async with self.changed:
            self.changed.notify_all()
        return reply

    def _reply(self, request: web.Request, body: Raw) -> web.StreamResponse:
        if self.redirect_to:
            return web.Response(status=307, headers={"Location": self.redirect_to})
        kind, own_id = request.path.rsplit("/", 1)[-1], request.path.split("/")[-2]
        if kind == "outcome":
            self.outcomes[own_id] = body
            status = body["status"]
            return web.json_response({"status": status, "missing": 0})
        return web.json_response(self._told(kind, request.path))

    def _told(self, kind: str, path: str) -> Raw:
        match kind:
            case "clients":
                return self.enrolment_reply
            case "heartbeat":
                return {"server_time": TIME, "directives": self._directives(), "server_version": "9"}
            case "claim" if "/jobs/" in path:
                return {"job": self.jobs.pop(0) if self.jobs else None}
            case "claim":
                return {"operation": self.operations.pop(0) if self.operations else None}
            case "key":
                return self.key_reply
            case _:
                return {"stored": 0, "cancelled": False}

    def _directives(self) -> list[Raw]:
        # One kind of work at a time, so that each is asked for.
        work = [{"kind": "operate"}] if self.operations else [{"kind": "work"}] if self.jobs else []
        return [*self.directives, *work]


@asynccontextmanager
async def hostile_server() -> AsyncGenerator[HostileServer]:
    """Start one on a free port."""
    server, app = HostileServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


@dataclass
class Canary:
    """A port where nobody has a reason to knock. `knocks` counts the connections."""

    port: int
    knocks: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def a_canary() -> AsyncGenerator[Canary]:
    """Listen, and count whoever comes."""
    canary = Canary(0)

    async def knocked(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        canary.knocks += 1
        writer.close()

    listener = await asyncio.start_server(knocked, "127.0.0.1", 0)
    canary.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield canary
