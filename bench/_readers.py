"""Readers of our own making: OBT's, and usual HTTP libraries used plainly, to compare it with.

Each reads one request and tells when each token came. What a library needs is imported by its reader alone, so that a
process pays for its own.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

Body = dict[str, object]
_FIRST_TEXT = b'"done":false'


@dataclass(slots=True)
class Read:
    """One request: stamps in ns of CLOCK_REALTIME."""

    sent_ns: int
    tokens_ns: list[int]
    merged: int = 0
    flagged: bool = False


Reader = Callable[[str, Body], Awaitable[Read]]


@asynccontextmanager
async def obt() -> AsyncGenerator[Reader]:
    """OBT's reader with the best clock of this system."""
    from obt_client.bench.clocks import BEST_CLOCK  # noqa: PLC0415

    yield _by_obt(BEST_CLOCK.value)


@asynccontextmanager
async def obt_process() -> AsyncGenerator[Reader]:
    """OBT's reader as it is where the kernel gives no stamps."""
    yield _by_obt("process")


def _by_obt(clock: str) -> Reader:
    from obt_client.bench.stream import stream  # noqa: PLC0415
    from obt_core.results import ClockSource  # noqa: PLC0415

    async def read(url: str, body: Body) -> Read:
        trace = await stream(f"{url}/api/generate", body, clock=ClockSource(clock))
        if trace.error_code:
            raise SystemExit(f"a request failed: {trace.error_code}: {trace.error}")
        stamps_ns = [chunk.stamp_ns for chunk in trace.chunks]
        merged = sum(chunk.merged for chunk in trace.chunks)
        return Read(trace.sent_ns, stamps_ns, merged, bool(trace.flags))

    return read


@asynccontextmanager
async def with_aiohttp() -> AsyncGenerator[Reader]:
    """A plain aiohttp client: stamps each line as the program gets it."""
    import aiohttp  # noqa: PLC0415

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def read(url: str, body: Body) -> Read:
            sent_ns = time.time_ns()
            async with session.post(f"{url}/api/generate", json=body) as response:
                return await _stamped(sent_ns, response.content)

        yield read


@asynccontextmanager
async def with_httpx() -> AsyncGenerator[Reader]:
    """A plain httpx client: stamps each line as the program gets it."""
    import httpx  # noqa: PLC0415

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:

        async def read(url: str, body: Body) -> Read:
            sent_ns = time.time_ns()
            async with client.stream("POST", f"{url}/api/generate", json=body) as response:
                return await _stamped(sent_ns, _encoded(response.aiter_lines()))

        yield read


async def _encoded(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield line.encode()


async def _stamped(sent_ns: int, lines: AsyncIterable[bytes]) -> Read:
    came = [(time.time_ns(), line) async for line in lines]
    return Read(sent_ns, [stamp_ns for stamp_ns, line in came if _FIRST_TEXT in line])


READERS = {"obt": obt, "obt-process": obt_process, "aiohttp": with_aiohttp, "httpx": with_httpx}
