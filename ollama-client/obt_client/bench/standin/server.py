"""The stand-in's connections: a selector, a parser of requests, the schedule."""

import gc
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import httptools

from obt_client.bench.clocks import ANCILLARY_BYTES, ask_kernel_for_stamps, kernel_stamp_ns
from obt_client.bench.standin.answers import prepare, whole
from obt_client.bench.standin.asked import NotAskedRightError, Times, asked, model_and_stay
from obt_client.bench.standin.catalogue import Catalogue
from obt_client.bench.standin.record import Record, Written
from obt_client.bench.standin.schedule import Flow, Schedule

_READ_BYTES = 65_536
_BACKLOG = 1_024
_COARSE_NS = 2_000_000
"""A selector counts in milliseconds: the last two of a wait are slept, which is exact to some 50 µs."""
_CONTROL_TIMEOUT_S = 30.0
_NOT_FOUND = "404 Not Found"
_BAD_REQUEST = "400 Bad Request"
_GENERATION_PATHS = frozenset({"/api/generate", "/api/chat", "/v1/chat/completions", "/v1/completions"})


class _Request:
    """What the parser tells of the request that is being read."""

    def __init__(self) -> None:
        self.path, self.body, self.id = "", bytearray(), ""
        self.is_whole = self.keep_open = False
        self.parser = httptools.HttpRequestParser(self)

    def on_url(self, url: bytes) -> None:
        self.path = url.decode("latin-1").partition("?")[0]

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"x-request-id":
            self.id = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_whole = True
        self.keep_open = self.parser.should_keep_alive()  # known now only: the parser begins anew


class _Connection:
    """One client's socket; requests on it come one after the other."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.flow: Flow | None = None
        self.begin()

    def begin(self) -> None:
        """Be ready for the next request."""
        self.request = _Request()

    def read(self) -> int | None:
        """Take what came; return when it came if the request is whole now. Raises OSError when the client is gone."""
        data, ancillary, _, _ = _receive(self.sock)
        now_ns = time.time_ns()
        if not data:
            raise ConnectionResetError("the client is gone")
        self.request.parser.feed_data(data)
        return (kernel_stamp_ns(ancillary) or now_ns) if self.request.is_whole else None


class Server:
    """Serves until told to stop. `usual`: the times of a request that names none."""

    def __init__(self, host: str, port: int, usual: Times) -> None:
        self._usual = usual
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server((host, port), backlog=_BACKLOG)
        with suppress(OSError):  # accepted sockets inherit it; without it the time of reading is taken
            ask_kernel_for_stamps(self._listener)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._schedule = Schedule()
        self._catalogue = Catalogue(usual)
        self._flows: dict[Flow, _Connection] = {}
        self.record = Record()
        self._stopped = False

    @property
    def port(self) -> int:
        """Where it listens."""
        return cast("int", self._listener.getsockname()[1])

    def stop_with(self, file: object) -> None:
        """Stop when this file ends: the pipe from whoever started it."""
        self._selector.register(cast("int", file), selectors.EVENT_READ, self.stop)

    def stop(self) -> None:
        """End `serve`."""
        self._stopped = True

    def serve(self) -> None:
        """Serve until stopped. The garbage collector waits: it would come between two tokens."""
        gc.collect()
        gc.freeze()
        gc.disable()
        while not self._stopped:
            for flow in self._schedule.write_due():
                self._ended(flow)
            for key, _ in self._ready():
                cast("Callable[[], None]", key.data)()
        self._selector.close()
        self._listener.close()

    def _ready(self) -> list[tuple[selectors.SelectorKey, int]]:
        left_ns = self._schedule.left_ns()
        if left_ns is None:
            return self._selector.select()
        if left_ns > _COARSE_NS:
            return self._selector.select(left_ns // 1_000_000 / 1e3 - 0.001)
        ready = self._selector.select(0)
        if not ready and (left_ns := self._schedule.left_ns() or 0) > 0:
            time.sleep(left_ns / 1e9)
        return ready

    def _accept(self) -> None:
        with suppress(OSError):
            sock, _ = self._listener.accept()
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(sock)
            self._selector.register(sock, selectors.EVENT_READ, lambda: self._readable(connection))

    def _readable(self, connection: _Connection) -> None:
        try:
            received_ns = connection.read()
        except BlockingIOError:
            return
        except (OSError, httptools.HttpParserError):
            self._close(connection)
            return
        if received_ns is not None:
            self._answer(connection, received_ns)

    def _answer(self, connection: _Connection, received_ns: int) -> None:
        request = connection.request
        if not request.path.startswith("/standin/"):
            self.record.first_ns = self.record.first_ns or received_ns
        try:
            if request.path in _GENERATION_PATHS and self._begin(connection, received_ns):
                return
            answer = self._told(request)
        except NotAskedRightError as error:
            answer = whole(_BAD_REQUEST, {"error": str(error)})
        self._send_whole(connection, answer)

    def _begin(self, connection: _Connection, received_ns: int) -> bool:
        """Put an answer on the schedule; False where the request is none for tokens."""
        request = connection.request
        wanted = asked(request.path, bytes(request.body), self._usual)
        if wanted is None:
            return False
        self._catalogue.load(wanted.model)
        record = Written(wanted, request.id, received_ns)
        self.record.requests.append(record)
        answer = prepare(wanted, len(self.record.requests))
        flow = Flow(connection.sock, answer, record)
        connection.flow, self._flows[flow] = flow, connection
        self._schedule.add(flow)
        return True

    def _told(self, request: _Request) -> bytes:
        """The answer to all that is not tokens."""
        if request.path == "/standin/record":
            return whole("200 OK", {"requests": [one.as_json() for one in self.record.requests]})
        if request.path == "/standin/report":
            return whole("200 OK", self.record.report())
        if request.path == "/standin/clear":
            self.record.clear()
            return whole("200 OK", {})
        if request.path in _GENERATION_PATHS:
            return whole("200 OK", self._catalogue.loaded(*model_and_stay(bytes(request.body))))
        told = self._catalogue.told(request.path)
        return whole(_NOT_FOUND, {"error": "the stand-in has no such page"}) if told is None else whole("200 OK", told)

    def _send_whole(self, connection: _Connection, answer: bytes) -> None:
        """Send at once, waiting for the reader: nobody is timed while such things are asked."""
        try:
            connection.sock.settimeout(_CONTROL_TIMEOUT_S)
            connection.sock.sendall(answer)
            connection.sock.setblocking(False)
        except OSError:
            self._close(connection)
        else:
            self._next(connection)

    def _ended(self, flow: Flow) -> None:
        connection = self._flows.pop(flow)
        if flow.closed:
            self._close(connection)
        else:
            self._next(connection)

    def _next(self, connection: _Connection) -> None:
        if connection.request.keep_open:
            connection.flow = None
            connection.begin()
        else:
            self._close(connection)

    def _close(self, connection: _Connection) -> None:
        if connection.flow:
            connection.flow.closed = True
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.sock)
        connection.sock.close()


def _receive(sock: socket.socket) -> tuple[bytes, list[tuple[int, int, bytes]], int, object]:
    if hasattr(sock, "recvmsg"):
        return sock.recvmsg(_READ_BYTES, ANCILLARY_BYTES)
    return sock.recv(_READ_BYTES), [], 0, None  # pyright: ignore[reportUnreachable]  Windows
