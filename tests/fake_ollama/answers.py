"""Ollama's API, one method an endpoint."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace

from tests.fake_ollama import api
from tests.fake_ollama.api import ApiError
from tests.fake_ollama.faults import GENERATIONS, Fault, FaultBook, FaultKind
from tests.fake_ollama.generation import Generation, StreamEndError
from tests.fake_ollama.library import Library, with_fault
from tests.fake_ollama.models import full_name
from tests.fake_ollama.pump import NEVER, Pump
from tests.fake_ollama.record import RequestRecord
from tests.fake_ollama.store import Installed, Store, load, release, unload
from tests.fake_ollama.wire import LAST_CHUNK, Connection, Request, chunk, stream_head, whole

_ABOUT_A_MODEL = {"/api/show", "/api/delete", "/api/embed", *GENERATIONS}


class Answers:
    """Answers the requests of one connection."""

    def __init__(
        self, store: Store, library: Library, faults: FaultBook, pump: Pump, connection: Connection, version: str
    ) -> None:
        self._store, self._faults, self._pump, self._connection = store, faults, pump, connection
        self._library, self._version = library, version

    async def answer(self, request: Request, record: RequestRecord) -> str:
        """Answer, with faults; return what becomes of the connection: keep, close, reset, restart."""
        answering = asyncio.ensure_future(self._until_end(request, record))
        self._connection.watch(answering.cancel)
        try:
            return await answering
        except asyncio.CancelledError:
            if not answering.cancelled() or (task := asyncio.current_task()) is None or task.cancelling():
                answering.cancel()
                raise
            record.outcome = "client_gone"
            return "close"
        finally:
            self._connection.unwatch()

    async def _until_end(self, request: Request, record: RequestRecord) -> str:
        try:
            await self._route(request, record)
        except ApiError as error:
            record.outcome = "error"
            self._reply(record, error.status, error.body_for(request.path))
        except StreamEndError as end:
            record.outcome = end.outcome
            return end.how
        except ConnectionError:
            record.outcome = "client_gone"
            return "close"
        else:
            record.outcome = "done"
        return "keep"

    async def _route(self, request: Request, record: RequestRecord) -> None:
        match request.method, request.path:
            case "GET" | "HEAD", "/":
                self._reply(record, 200, b"Ollama is running", "text/plain; charset=utf-8")
            case "GET", "/api/version" | "/api/tags" | "/api/ps":
                await self._misbehave(self._faults.take(request.path, None), record)
                self._reply(record, 200, json.dumps(self._listing(request.path)).encode())
            case "POST", "/api/pull":
                await self._pull(request, record)
            case "POST", "/api/copy":
                await self._copy(request, record)
            case "POST" | "DELETE", path if path in _ABOUT_A_MODEL:
                await self._about_model(request, record)
            case _:
                self._reply(record, 404, b"404 page not found", "text/plain")

    def _listing(self, path: str) -> Mapping[str, object]:
        if path == "/api/version":
            return {"version": self._version}
        return {"models": self._store.ps() if path == "/api/ps" else [m.tags_row() for m in self._store.all()]}

    async def _about_model(self, request: Request, record: RequestRecord) -> None:
        body = record.body = api.body_of(request)
        name = api.name_in(body)
        installed = self._store.find(name)
        record.model = installed.model.name if installed else name
        fault = self._faults.take(request.path, record.model)
        await self._misbehave(fault, record)
        if installed is None:
            raise api.not_found(name)
        match request.path:
            case "/api/show":
                self._reply(record, 200, json.dumps(installed.model.show()).encode())
            case "/api/delete":
                self._store.delete(name)
                self._reply(record, 200, b"")
            case "/api/embed":
                await self._embed(installed, body, record)
            case _:
                await self._generate(installed, body, fault, record)

    async def _pull(self, request: Request, record: RequestRecord) -> None:
        body = record.body = api.body_of(request)
        name = record.model = full_name(api.name_in(body))
        fault = self._faults.take(request.path, name)
        await self._misbehave(fault, record)
        record.status = 200
        self._connection.send_unstamped(stream_head("application/x-ndjson"), record)
        async for line in with_fault(self._library.lines(name), fault):
            if b'"success"' in line and (pulled := self._library.find(name)):
                self._store.put(pulled.model)
            self._connection.send(chunk(line), record, ("body",), time.monotonic_ns())
            await self._connection.drained()
        self._connection.send_unstamped(LAST_CHUNK, record)

    async def _copy(self, request: Request, record: RequestRecord) -> None:
        body = record.body = api.body_of(request)
        source, destination = str(body.get("source")), str(body.get("destination"))
        installed = self._store.find(source)
        record.model = full_name(source)
        await self._misbehave(self._faults.take(request.path, record.model), record)
        if installed is None:
            raise ApiError(404, f'model "{source}" not found')
        self._store.put(replace(installed.model, name=destination))
        self._reply(record, 200, b"")

    async def _embed(self, installed: Installed, body: Mapping[str, object], record: RequestRecord) -> None:
        held = await load(installed, None, api.keep_alive_s(body.get("keep_alive")))
        release(installed, held)
        answer: dict[str, object] = {"model": installed.model.name, "embeddings": [], "load_duration": 1}
        self._reply(record, 200, json.dumps(answer).encode())

    async def _misbehave(self, fault: Fault | None, record: RequestRecord) -> None:
        """Do what a fault does before any answer; what comes later is the generation's."""
        if fault is None:
            return
        record.fault = fault.kind.value
        if fault.kind is FaultKind.HTTP_ERROR:
            raise ApiError(fault.status, fault.message)
        if fault.kind is FaultKind.RESET_BEFORE_HEADERS:
            raise StreamEndError("reset", "cut")
        if fault.kind is FaultKind.HANG_BEFORE_HEADERS:
            record.outcome = "hung"
            await self._pump.drive(iter((NEVER,)))

    async def _generate(
        self, installed: Installed, body: Mapping[str, object], fault: Fault | None, record: RequestRecord
    ) -> None:
        chat = record.path in api.CHATS
        keep_alive_s = api.keep_alive_s(body.get("keep_alive"))
        empty = not (body.get("messages") if chat else body.get("prompt"))
        if empty and keep_alive_s == 0:
            unload(installed)
            self._reply(record, 200, api.empty_answer(installed.model, chat=chat, reason="unload"))
            return
        api.check(installed.model, body, chat=chat)
        held = await load(installed, api.num_ctx(body), keep_alive_s)
        try:
            if empty:
                self._reply(record, 200, api.empty_answer(installed.model, chat=chat, reason="load"))
            else:
                await self._stream(installed, body, fault, record)
        finally:
            release(installed, held)

    async def _stream(
        self, installed: Installed, body: Mapping[str, object], fault: Fault | None, record: RequestRecord
    ) -> None:
        loaded_ns = time.monotonic_ns()
        async with installed.slots:
            ask = api.ask_of(
                installed, body, record.path, received_ns=record.received_monotonic_ns, loaded_ns=loaded_ns
            )
            record.status = 200
            await self._pump.drive(Generation(ask, fault, self._connection, record).steps())

    def _reply(self, record: RequestRecord, status: int, body: bytes, content_type: str | None = None) -> None:
        record.status = status
        data = whole(status, body, content_type) if content_type else whole(status, body)
        self._connection.send(data, record, ("body",), record.received_monotonic_ns)
