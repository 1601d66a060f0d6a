"""HTTP/1.1 as far as Ollama speaks it, straight on a non-blocking socket."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import cast

from tests.fake_ollama.record import RequestRecord

_READ_BYTES = 65_536
_MAX_HEAD_BYTES = 65_536
LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One parsed request; `received` is CLOCK_REALTIME and monotonic, in ns, directly after its last byte."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    received: tuple[int, int]

    def json(self) -> dict[str, object]:
        """The body as an object. Raises ValueError if it is none."""
        value = json.loads(self.body or b"{}")
        if not isinstance(value, dict):
            raise ValueError("the body is no JSON object")  # noqa: TRY004  one kind of error for a bad body
        return cast("dict[str, object]", value)


class Connection:
    """One client's connection: reads requests, writes at once and stamps what it writes."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.number = number
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._unread = b""
        self._unsent = bytearray()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def read_request(self) -> Request | None:
        """Read the next request; None when the client has closed. Raises ConnectionError when it is cut."""
        while (end := self._unread.find(b"\r\n\r\n")) < 0:
            if len(self._unread) > _MAX_HEAD_BYTES or not await self._read_more():
                return None
        head, self._unread = self._unread[:end].decode("latin-1"), self._unread[end + 4 :]
        start, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(self._unread) < length:
            if not await self._read_more():
                return None
        body, self._unread = self._unread[:length], self._unread[length:]
        received = (time.time_ns(), time.monotonic_ns())
        method, target, _ = start.split(" ", 2)
        return Request(method, target.partition("?")[0], headers, body, received)

    async def _read_more(self) -> bool:
        data = await self._receive()
        self._unread += data
        return bool(data)

    async def _receive(self) -> bytes:
        return await self._loop.sock_recv(self._sock, _READ_BYTES)

    def send(self, data: bytes, record: RequestRecord, kinds: tuple[str, ...], due_ns: int) -> None:
        """Stamp, then hand to the kernel at once. What it does not take follows as soon as it can."""
        at_ns, monotonic_ns = time.time_ns(), time.monotonic_ns()
        self.send_unstamped(data, record)
        for kind in kinds:
            record.wrote(kind, at_ns, monotonic_ns, due_ns)

    def send_unstamped(self, data: bytes, record: RequestRecord) -> None:
        """Write something that carries no line of its own. Raises ConnectionError when the client is gone."""
        if not self._unsent:
            try:
                sent = self._sock.send(data)
            except BlockingIOError:
                sent = 0
            if sent == len(data):
                return
            data = data[sent:]
            self._loop.add_writer(self._sock, self._flush)
        record.blocked_writes += 1
        self._unsent += data

    def _flush(self) -> None:
        try:
            del self._unsent[: self._sock.send(self._unsent)]
        except BlockingIOError:
            return
        except ConnectionError:
            self._unsent.clear()
        if not self._unsent:
            self._loop.remove_writer(self._sock)

    async def drained(self) -> None:
        """Wait until the kernel has taken everything."""
        if self._unsent:
            self._loop.remove_writer(self._sock)
            rest, self._unsent = bytes(self._unsent), bytearray()
            await self._loop.sock_sendall(self._sock, rest)

    def watch(self, gone: Callable[[], object]) -> None:
        """Call `gone` when the client closes while it is being answered."""
        self._loop.add_reader(self._sock, self._peek, gone)

    def unwatch(self) -> None:
        """Stop watching."""
        self._loop.remove_reader(self._sock)

    def _peek(self, gone: Callable[[], object]) -> None:
        try:
            alive = bool(self._sock.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return
        except ConnectionError:
            alive = False
        self.unwatch()  # one word is enough: the next request would keep the socket readable
        if not alive:
            gone()

    def reset(self) -> None:
        """Make the coming close a reset, which a client sees as a cut connection, not as an end."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        """Close, in good order unless `reset` was called."""
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._sock.close()


def head(status: int, *fields: str) -> bytes:
    """The status line and header of a reply."""
    lines = (f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *fields, f"Date: {formatdate(usegmt=True)}", "", "")
    return "\r\n".join(lines).encode()


def stream_head(content_type: str) -> bytes:
    """The header of a streamed reply."""
    return head(200, f"Content-Type: {content_type}", "Transfer-Encoding: chunked")


def chunk(data: bytes) -> bytes:
    """Frame data as one HTTP chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def whole(status: int, body: bytes, content_type: str = "application/json; charset=utf-8") -> bytes:
    """A reply that is not streamed."""
    return head(status, f"Content-Type: {content_type}", f"Content-Length: {len(body)}") + body
