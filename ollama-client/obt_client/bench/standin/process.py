"""The stand-in in a process of its own, and its truth."""

import asyncio
import sys
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from obt_core.wire import WireModel

_START_TIMEOUT_S = 20.0
_STOP_TIMEOUT_S = 5.0
_REPLY_TIMEOUT_S = 60.0
_LINE_BYTES_MAX = 2**20


class StandInError(Exception):
    """The stand-in could not be started or asked; the text says why."""


class Truth(WireModel):
    """What the stand-in did with one request. Stamps are ns of CLOCK_REALTIME, read directly before each send().

    `received_ns`: when the kernel had received the whole request. `label`: the first 64 characters of the prompt.
    `request_id`: the client's own name for it (X-Request-ID), empty if it gave none.
    `blocked`: writes that the kernel did not take whole, as the reader was slower by megabytes.
    """

    path: str
    label: str
    request_id: str
    ttft_ms: float
    interval_ms: float
    tokens: int
    received_ns: int
    written_ns: tuple[int, ...]
    final_ns: int | None
    blocked: int


class Report(WireModel):
    """How well the stand-in kept its own schedule since it was cleared. None: nothing was written.

    `first_ns`: when the first request of any kind came (CLOCK_REALTIME), also one that asked for no tokens.
    `late_*_ms`: how long after it was due a token was handed to the kernel. `cpu_share`: of one core.
    """

    first_ns: int | None
    requests: int
    tokens: int
    blocked: int
    late_p50_ms: float | None
    late_p99_ms: float | None
    late_max_ms: float | None
    span_s: float | None
    tokens_per_s: float | None
    cpu_share: float | None


class _Record(WireModel):
    requests: tuple[Truth, ...]


class StandIn:
    """Runs while the context does: `async with StandIn() as standin: ... standin.url`. Raises StandInError.

    The process ends with the pipe to it, so that it outlives nobody who was killed.
    """

    url = ""
    """Where it listens, such as http://127.0.0.1:40123."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process."""
        return self._process.pid if self._process else None

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        arguments = ("-m", "obt_client.bench.standin", "--until-stdin-ends")
        self._process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe)
        try:
            self.url = await self._first_line(self._process)
        except BaseException:
            await self._stop(self._process)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            await self._stop(self._process)

    async def truths(self) -> tuple[Truth, ...]:
        """Every request since the last clearing, in the order in which they came."""
        return _Record.model_validate_json(await self._get("/standin/record")).requests

    async def report(self) -> Report:
        """How late its own writes were, and its share of a core."""
        return Report.model_validate_json(await self._get("/standin/report"))

    async def clear(self) -> None:
        """Forget all requests so far."""
        await self._get("/standin/clear")

    async def _first_line(self, process: asyncio.subprocess.Process) -> str:
        assert process.stdout is not None  # noqa: S101  it was asked for
        try:
            line = await asyncio.wait_for(process.stdout.readline(), _START_TIMEOUT_S)
        except TimeoutError as error:
            raise StandInError("the stand-in did not start in time") from error
        if not line:
            raise StandInError(f"the stand-in ended at once, with status {await process.wait()}")
        return line.decode().strip()

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _STOP_TIMEOUT_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _get(self, path: str) -> bytes:
        try:
            return await asyncio.wait_for(_fetched(self.url, path), _REPLY_TIMEOUT_S)
        except (OSError, EOFError, TimeoutError) as error:
            raise StandInError(f"the stand-in did not answer {path}: {error}") from error


async def _fetched(url: str, path: str) -> bytes:
    """The body of one answer, read to the end of the connection."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=_LINE_BYTES_MAX)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        return await reader.read()
    finally:
        writer.close()
