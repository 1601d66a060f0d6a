"""HTTP/1.1 as uvicorn speaks it, with patience that ends: long heads are refused, slow senders and takers are cut."""

import asyncio
from http import HTTPStatus
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from obt_server.errors import SECURITY_HEADERS, problem_bytes

URL_MAX_BYTES = 16_384
HEAD_MAX_BYTES = 32_768
"""The request line with all headers. Browsers stop at less; a filter of the dashboard takes some 7,000 at most."""
HEADERS_MAX = 100
WHOLE_REQUEST_FACTOR = 10
"""How many times the patience for one part of a request a whole one may take."""


class _TooLongError(Exception):
    """Raised inside of the parser, which then stops."""


class PatientHttp(HttpToolsProtocol):
    """Gives a request `patience_s` for its head and for each further part, and a reply as long to be taken.

    One timer a connection: it is set again only when it rings, so that a request costs no timer.
    """

    patience_s: ClassVar[float] = 30.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._take_timer: asyncio.TimerHandle | None = None
        self._begun = 0.0
        self._deadline: float | None = None
        self._head_bytes, self._told_bytes = 0, 0
        self._in_head = True
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._forget_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and judge how long it takes."""
        if self._deadline is None:
            self._begin()
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._head_bytes > HEAD_MAX_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif not self._in_head and self._deadline is not None:
            self._deadline = min(self.loop.time() + self.patience_s, self._begun + self._whole_s)

    def on_url(self, url: bytes) -> None:
        """Collect the address, so far as it is one."""
        super().on_url(url)
        if len(self.url) > URL_MAX_BYTES:
            self._stop_parsing(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header, so far as there are not too many."""
        super().on_header(name, value)
        self._told_bytes += len(name) + len(value)
        if self._told_bytes > HEAD_MAX_BYTES or len(self.headers) > HEADERS_MAX:
            self._stop_parsing(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Count anew."""
        super().on_message_begin()
        self._told_bytes = 0
        self._in_head = True

    def on_headers_complete(self) -> None:
        """Let the application begin."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is here: from now on it is the application that is waited for."""
        super().on_message_complete()
        self._deadline = None
        self._head_bytes = 0

    def handle_websocket_upgrade(self) -> None:
        """The socket has rules of its own."""
        self._forget_timers()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words, not ours
        """Refuse what is no request, or too much of one, as everything is refused."""
        self._refuse(self._refusal)

    def pause_writing(self) -> None:
        """Begin to count for how long the peer takes less than it is sent."""
        super().pause_writing()
        if self._take_timer is None:
            self._take_timer = self.loop.call_later(self.patience_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It took enough."""
        super().resume_writing()
        if self._take_timer is not None:
            self._take_timer.cancel()
            self._take_timer = None

    @property
    def _whole_s(self) -> float:
        return self.patience_s * WHOLE_REQUEST_FACTOR

    def _begin(self) -> None:
        self._begun = self.loop.time()
        self._deadline = self._begun + self.patience_s
        if self._timer is None:
            self._timer = self.loop.call_later(self.patience_s, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._deadline is None or self.transport.is_closing():
            return
        if self.flow.read_paused:  # it is we who do not read
            self._deadline = self.loop.time() + self.patience_s
        left_s = self._deadline - self.loop.time()
        if left_s > 0:
            self._timer = self.loop.call_later(left_s, self._look)
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _stop_parsing(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise _TooLongError

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, unless an answer is on its way already, and close."""
        self._deadline = None
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None until a first head was read
        if cycle is None or cycle.response_complete:
            self.transport.write(_refusal_of(status))
        self.transport.close()

    def _forget_timers(self) -> None:
        for timer in (self._timer, self._take_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._take_timer = self._deadline = None


_DETAILS = {
    HTTPStatus.BAD_REQUEST: "This is no HTTP request.",
    HTTPStatus.REQUEST_TIMEOUT: "The request took too long to arrive.",
    HTTPStatus.REQUEST_URI_TOO_LONG: f"The address is longer than {URL_MAX_BYTES} bytes.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        f"The headers are more than {HEADERS_MAX}, or longer than {HEAD_MAX_BYTES} bytes together."
    ),
}


def _refusal_of(status: HTTPStatus) -> bytes:
    """Write a whole answer: no application is there that would."""
    body = problem_bytes(status, status.name.lower(), _DETAILS[status])
    told = {
        **SECURITY_HEADERS,
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("ascii") + body
