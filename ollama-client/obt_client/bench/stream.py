"""One measured request: our own reader on a plain socket, stamped by the kernel where it can.

In the timed path there are only the read, its stamp and the HTTP framing (and with TLS the decryption); lines are
parsed when nothing is timed any more. All stamps are nanoseconds of CLOCK_REALTIME.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from obt_client.bench.clocks import BEST_CLOCK, read_clocks
from obt_client.bench.connection import Connection, connect
from obt_client.bench.framing import BadAnswerError, Framing, ends_of_chunks
from obt_client.bench.gate import Gate
from obt_client.bench.openai import speaks_openai
from obt_client.bench.parsing import parsed
from obt_client.bench.reading import KernelReading, ThreadReading
from obt_client.bench.request import request_bytes, target_of
from obt_client.bench.response import Answer, http_error
from obt_client.bench.stall import Watched, stall_watch
from obt_client.bench.tls import decrypting
from obt_core.metrics import Trace
from obt_core.results import ClockSource, Flag


@dataclass(frozen=True, slots=True)
class Limits:
    """When to give up, in seconds, and what makes a sample doubtful, in milliseconds."""

    connect_timeout_s: float = 5.0
    """For the connection, and TLS on it."""
    first_chunk_timeout_s: float = 300.0
    """From the send to the first bytes of the body: queue, load and prefill are in it."""
    idle_timeout_s: float = 60.0
    """Between two reads once the body has begun."""
    total_timeout_s: float = 600.0
    """From the send to the end."""
    stall_ms: float = 20.0
    """A sample during which our event loop was late by more is flagged."""
    send_ms: float = 2.0
    """A sample whose request left later than this after its stamp is flagged; usually it is 0.01."""
    clock_step_ms: float = 1.0
    """A sample during which CLOCK_REALTIME was set forward or back by more is flagged."""


async def stream(
    url: str,
    body: Mapping[str, object],
    *,
    limits: Limits = Limits(),
    on_chunk: Callable[[int], None] | None = None,
    clock: ClockSource = BEST_CLOCK,
    openai: bool | None = None,
    ca_file: Path | None = None,
    gate: Gate | None = None,
) -> Trace:
    """Send one request to an endpoint of Ollama's API and trace its answer to the end.

    `url` is the whole address, such as http://127.0.0.1:11434/api/chat; `openai` says whether its answers are those
    of the OpenAI-compatible endpoints, None: by the path. An https:// server is verified by the system's trust store,
    or by `ca_file` (PEM). `on_chunk` gets the number of line ends so far after every read that brought one; it must
    not wait. With a `gate` the connection is made at once, the request goes at the gate's time, and the gate is told
    when it went. Cancelling closes the socket and is raised. Nothing that goes wrong on the way is raised, it is in the
    trace with its code:

    bad_url; connect_refused, connect_timeout, connect_failed; tls_failed (no TLS there, a certificate that is not
    trusted, a broken record); first_chunk_timeout, idle_timeout, total_timeout; connection_reset, connection_closed,
    connection_failed; bad_http, http_<status>; ollama_error, bad_json, no_final_line, missing_counts.

    The trace's clock says who stamped it; of the kernel's clock with TLS, the stamps are those of the ciphertext.
    """
    exchange = _Exchange(limits, on_chunk, clock, gate)
    wrong = await exchange.run(url, body, ca_file, openai=openai)
    return await exchange.trace(wrong)


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, limits: Limits, on_chunk: Callable[[int], None] | None, clock: ClockSource, gate: Gate | None
    ) -> None:
        self._limits, self._clock, self._gate = limits, clock, gate
        self._by_wall_clock = clock is ClockSource.KERNEL
        self._on_chunk = on_chunk if clock is ClockSource.KERNEL or on_chunk is None else _in_the_loop(on_chunk)
        self._framing = Framing()
        self._connection: Connection | None = None
        self._openai = False
        self._sent = self._ended = read_clocks()
        self._send_ns = 0
        self._watched = Watched()
        self._last_read_s = 0.0
        self._lines = 0

    async def run(
        self, url: str, body: Mapping[str, object], ca_file: Path | None, *, openai: bool | None
    ) -> BadAnswerError | None:
        """Do it; return what went wrong on the way, if anything did."""
        try:
            target = target_of(url)
            self._openai = speaks_openai(target.path) if openai is None else openai
            request = request_bytes(target, body)
            self._connection = await connect(target, self._limits.connect_timeout_s, ca_file)
            with self._connection.sock:
                await self._ask(self._connection, request)
        except BadAnswerError as error:
            return error
        except ConnectionError as error:  # a reset, or a broken pipe where the request was still being sent
            return BadAnswerError("connection_reset", f"Ollama cut the connection: {error}")
        except OSError as error:
            return BadAnswerError("connection_failed", f"the connection failed: {error}")
        return None

    async def _ask(self, connection: Connection, request: bytes) -> None:
        """Send and read to the end. Reading is set up, and the request encrypted, before the clock starts."""
        tls = connection.tls
        request = tls.encrypt(request) if tls else request
        if self._gate:
            await self._gate.wait()
        with stall_watch().watching() as self._watched:
            reading = self._reading(connection)
            try:
                self._last_read_s = time.monotonic()
                await reading.ask(request)
                await self._until(reading.done)
            finally:
                reading.stop()
                self._clock, self._sent, self._send_ns = reading.clock, reading.sent, reading.send_ns
                self._ended = read_clocks()
                if self._gate:
                    self._gate.sent_ns = self._sent.monotonic_ns
                if reading.done.done():
                    reading.done.exception()  # seen, also where another error came first

    def _reading(self, connection: Connection) -> KernelReading | ThreadReading:
        take = decrypting(connection.tls, self._take) if connection.tls else self._take
        if self._clock is ClockSource.PROCESS:
            return ThreadReading(connection.sock, take)
        ends = connection.tls.ends_of_records if connection.tls else ends_of_chunks
        return KernelReading(connection.sock, take, ends, self._framing.doubtful.add)

    def _take(self, stamp_ns: int, data: bytes) -> bool:
        """Keep one read; whether the answer is whole now. Raises BadAnswerError when it never will be."""
        if not data:
            raise BadAnswerError("connection_closed", "Ollama closed the connection before the end of its answer")
        lines = self._framing.feed(stamp_ns, data)
        self._last_read_s = time.monotonic()
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
            if (left_s := deadline_s - time.monotonic()) <= 0:
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
        framing, connection = self._framing, self._connection
        answer = await parsed(framing, openai=self._openai) if framing.status == 200 else Answer()
        if wrong is None and framing.status not in {None, 200}:
            wrong = http_error(framing.status or 0, framing.pieces)
        # What Ollama itself said goes before how the connection ended after it.
        if answer.wrong and (wrong is None or answer.wrong.code == "ollama_error"):
            wrong = answer.wrong
        return Trace(
            started_at=datetime.fromtimestamp(self._sent.real_ns / 1e9, UTC),
            clock=self._clock,
            sent_ns=self._sent.real_ns,
            connect_ms=connection.connect_ms if connection else None,
            tls_ms=connection.tls_ms if connection else None,
            first_byte_ns=framing.first_ns,
            last_byte_ns=framing.last_ns,
            chunks=tuple(answer.chunks),
            final=answer.final,
            flags=frozenset(self._flags()),
            error_code=wrong.code if wrong else None,
            error=str(wrong) if wrong else None,
        )

    def _flags(self) -> list[Flag]:
        limits = self._limits
        flags = [Flag.CLIENT_STALLED] if self._watched.longest_ms > limits.stall_ms else []
        flags += [Flag.SEND_DELAYED] if self._send_ns / 1e6 > limits.send_ms else []
        # Stamps of the process are counted by the monotonic clock, which no step touches.
        if self._by_wall_clock and abs(self._sent.step_ns(self._ended)) / 1e6 > limits.clock_step_ms:
            flags.append(Flag.CLOCK_STEPPED)
        return flags


def _in_the_loop(on_chunk: Callable[[int], None]) -> Callable[[int], None]:
    """Call it in the running loop, whichever thread has something to tell."""
    loop = asyncio.get_running_loop()

    def tell(lines: int) -> None:
        loop.call_soon_threadsafe(on_chunk, lines)

    return tell
