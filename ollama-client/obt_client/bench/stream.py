"""One measured request: our own reader on a plain socket, stamped by the kernel where it can.

In the timed path there are only the read, its stamp and the HTTP framing; lines are parsed when nothing is timed any
more. All stamps are nanoseconds of CLOCK_REALTIME.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from obt_client.bench.clocks import ANCILLARY_BYTES, BEST_CLOCK, ask_kernel_for_stamps, kernel_stamp_ns, read_clocks
from obt_client.bench.gate import Gate
from obt_client.bench.request import Target, request_bytes, target_of
from obt_client.bench.response import Answer, BadAnswerError, Framing, http_error, lines_of
from obt_client.bench.stall import Watched, stall_watch
from obt_core.metrics import Trace
from obt_core.results import ClockSource, Flag

_READ_BYTES = 65_536
_LINES_A_TURN = 200
"""Lines parsed, after the end, before other streams get their turn: about a millisecond."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to give up, in seconds, and what makes a sample doubtful, in milliseconds."""

    connect_timeout_s: float = 5.0
    first_chunk_timeout_s: float = 300.0
    """From the send to the first bytes of the body: queue, load and prefill are in it."""
    idle_timeout_s: float = 60.0
    """Between two reads once the body has begun."""
    total_timeout_s: float = 600.0
    """From the send to the end."""
    stall_ms: float = 20.0
    """A sample during which our event loop was late by more is flagged."""
    clock_step_ms: float = 1.0
    """A sample during which CLOCK_REALTIME was set forward or back by more is flagged."""


async def stream(
    url: str,
    body: Mapping[str, object],
    *,
    limits: Limits = Limits(),
    on_chunk: Callable[[int], None] | None = None,
    clock: ClockSource = BEST_CLOCK,
    gate: Gate | None = None,
) -> Trace:
    """Send one request to an endpoint of Ollama's API and trace its answer to the end.

    `url` is the whole address, such as http://127.0.0.1:11434/api/chat. `on_chunk` gets the number of lines so far
    after every read that ended one; it must not wait. With a `gate` the connection is made at once and the request goes
    at the gate's time, and the gate is told when it went. Nothing that goes wrong on the way is raised, it is in the
    trace with its code: bad_url, tls_not_supported, connect_refused, connect_timeout, connect_failed,
    first_chunk_timeout, idle_timeout, total_timeout, connection_reset, connection_closed, connection_failed,
    bad_http, http_<status>, ollama_error, bad_json, no_final_line, missing_counts. Cancelling closes the socket and
    is raised. Where the kernel gives no stamps the trace's clock says so.
    """
    exchange = _Exchange(limits, on_chunk, clock, gate)
    wrong = await exchange.run(url, body)
    return await exchange.trace(wrong)


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, limits: Limits, on_chunk: Callable[[int], None] | None, clock: ClockSource, gate: Gate | None
    ) -> None:
        self._limits, self._on_chunk, self._clock, self._gate = limits, on_chunk, clock, gate
        self._loop = asyncio.get_running_loop()
        self._framing = Framing()
        self._connect_ms: float | None = None
        self._sent = self._ended = read_clocks()
        self._watched = Watched()
        self._by_wall_clock = clock is ClockSource.KERNEL
        self._last_read_s = 0.0
        self._lines = 0

    async def run(self, url: str, body: Mapping[str, object]) -> BadAnswerError | None:
        """Do it; return what went wrong on the way, if anything did."""
        try:
            target = target_of(url)
            request = request_bytes(target, body)
            with await self._connect(target) as sock:
                await self._ask(sock, request)
        except BadAnswerError as error:
            return error
        except ConnectionResetError as error:
            return BadAnswerError("connection_reset", f"Ollama cut the connection: {error}")
        except OSError as error:
            return BadAnswerError("connection_failed", f"the connection failed: {error}")
        return None

    async def _connect(self, target: Target) -> socket.socket:
        begin_s = self._loop.time()
        try:
            async with asyncio.timeout(self._limits.connect_timeout_s):
                sock = await _connected(self._loop, target)
        except ConnectionRefusedError as error:
            raise BadAnswerError("connect_refused", f"nothing listens on {target.host}:{target.port}") from error
        except TimeoutError as error:
            raise BadAnswerError("connect_timeout", f"{target.host} did not answer in time") from error
        except OSError as error:
            raise BadAnswerError("connect_failed", f"no connection to {target.host}:{target.port}: {error}") from error
        self._connect_ms = (self._loop.time() - begin_s) * 1e3
        return sock

    async def _ask(self, sock: socket.socket, request: bytes) -> None:
        """Send and read to the end. Reading is set up before the clock starts."""
        done: asyncio.Future[None] = self._loop.create_future()
        read = self._read_stamped if self._clock is ClockSource.KERNEL else self._read_here
        if self._gate:
            await self._gate.wait()
        with stall_watch().watching() as self._watched:
            stop_reading = read(sock, done)
            self._sent = read_clocks()
            try:
                sent = _send_now(sock, request)
                if self._gate:
                    self._gate.sent_ns = self._sent.monotonic_ns
                self._last_read_s = self._loop.time()
                if sent < len(request):
                    await self._loop.sock_sendall(sock, request[sent:])
                await self._until(done)
            finally:
                stop_reading()
                self._ended = read_clocks()
                if done.done():
                    done.exception()  # seen, also where another error came first

    def _read_stamped(self, sock: socket.socket, done: asyncio.Future[None]) -> Callable[[], object]:
        """Read whenever there is something, with the kernel's stamps; return what stops it."""
        ask_kernel_for_stamps(sock)
        self._loop.add_reader(sock, self._on_readable, sock, done)
        return lambda: self._loop.remove_reader(sock)

    def _on_readable(self, sock: socket.socket, done: asyncio.Future[None]) -> None:
        try:
            data, ancillary, _, _ = sock.recvmsg(_READ_BYTES, ANCILLARY_BYTES)
            stamp_ns = kernel_stamp_ns(ancillary)
            if stamp_ns is None:
                stamp_ns = time.time_ns()
                self._clock = ClockSource.PROCESS if data else self._clock
            if self._take(stamp_ns, data) and not done.done():
                done.set_result(None)
        except BlockingIOError:
            return
        except (OSError, BadAnswerError) as error:
            self._loop.remove_reader(sock)
            if not done.done():
                done.set_exception(error)

    def _read_here(self, sock: socket.socket, done: asyncio.Future[None]) -> Callable[[], object]:
        """Read in a task, stamped directly after each read by the monotonic clock; return what stops it."""

        async def read() -> None:
            try:
                whole = False
                while not whole:
                    data = await self._loop.sock_recv(sock, _READ_BYTES)
                    since_send_ns = time.perf_counter_ns() - self._sent.monotonic_ns
                    whole = self._take(self._sent.real_ns + since_send_ns, data)
                done.set_result(None)
            except (OSError, BadAnswerError) as error:
                done.set_exception(error)

        return self._loop.create_task(read()).cancel

    def _take(self, stamp_ns: int, data: bytes) -> bool:
        """Keep one read; whether the answer is whole now. Raises BadAnswerError when it never will be."""
        if not data:
            raise BadAnswerError("connection_closed", "Ollama closed the connection before the end of its answer")
        lines = self._framing.feed(stamp_ns, data)
        self._last_read_s = self._loop.time()
        if lines and self._on_chunk:
            self._lines += lines
            self._on_chunk(self._lines)
        return self._framing.complete

    async def _until(self, done: asyncio.Future[None]) -> None:
        """Wait for the end, or until a limit is passed; a read moves the limit, and no timer with it."""
        end_s = self._last_read_s + self._limits.total_timeout_s
        while not done.done():
            code, limit_s = self._next_limit()
            deadline_s = min(self._last_read_s + limit_s, end_s)
            if (left_s := deadline_s - self._loop.time()) <= 0:
                code = "total_timeout" if deadline_s == end_s else code
                raise BadAnswerError(code, f"gave up on Ollama's answer: {code.replace('_', ' ')}")
            await asyncio.wait({done}, timeout=left_s)
        done.result()

    def _next_limit(self) -> tuple[str, float]:
        if self._framing.pieces:
            return "idle_timeout", self._limits.idle_timeout_s
        return "first_chunk_timeout", self._limits.first_chunk_timeout_s

    async def trace(self, wrong: BadAnswerError | None) -> Trace:
        """Parse, now that nothing is timed any more, and put all together."""
        framing = self._framing
        answer = await _parsed(framing) if framing.status == 200 else Answer()
        if wrong is None and framing.status not in {None, 200}:
            wrong = http_error(framing.status or 0, framing.pieces)
        # What Ollama itself said goes before how the connection ended after it.
        if answer.wrong and (wrong is None or answer.wrong.code == "ollama_error"):
            wrong = answer.wrong
        return Trace(
            started_at=datetime.fromtimestamp(self._sent.real_ns / 1e9, UTC),
            clock=self._clock,
            sent_ns=self._sent.real_ns,
            connect_ms=self._connect_ms,
            first_byte_ns=framing.first_ns,
            last_byte_ns=framing.last_ns,
            chunks=tuple(answer.chunks),
            final=answer.final,
            flags=frozenset(self._flags()),
            error_code=wrong.code if wrong else None,
            error=str(wrong) if wrong else None,
        )

    def _flags(self) -> list[Flag]:
        flags = [Flag.CLIENT_STALLED] if self._watched.longest_ms > self._limits.stall_ms else []
        # Stamps of the process are counted by the monotonic clock, which no step touches.
        if self._by_wall_clock:
            stepped_ms = abs(self._sent.step_ns(self._ended)) / 1e6
            flags += [Flag.CLOCK_STEPPED] if stepped_ms > self._limits.clock_step_ms else []
        return flags


async def _parsed(framing: Framing) -> Answer:
    answer = Answer()
    for number, line in enumerate(lines_of(framing.pieces), 1):
        answer.take(line)
        if number % _LINES_A_TURN == 0:
            await asyncio.sleep(0)
    if framing.complete:
        answer.check_end()
    return answer


async def _connected(loop: asyncio.AbstractEventLoop, target: Target) -> socket.socket:
    """Connect to the first address that answers. Raises the error of the last."""
    last = OSError("the name has no address")
    places = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, address in places:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(sock, address)
        except OSError as error:
            sock.close()
            last = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise last


def _send_now(sock: socket.socket, data: bytes) -> int:
    try:
        return sock.send(data)
    except BlockingIOError:
        return 0
