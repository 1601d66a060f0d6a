"""Who reads the stream: OBT's own reader, and a usual HTTP library to compare it with."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import aiohttp

from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.response import Answer, Line
from obt_client.bench.stream import stream
from obt_core.metrics import Trace
from obt_core.results import ClockSource

Body = dict[str, object]
Reader = Callable[[str, Body], Awaitable[Trace]]


async def obt(url: str, body: Body) -> Trace:
    """OBT's reader with the best clock of this system."""
    return await stream(url, body, clock=BEST_CLOCK)


async def obt_process(url: str, body: Body) -> Trace:
    """OBT's reader as it is where the kernel gives no stamps."""
    return await stream(url, body, clock=ClockSource.PROCESS)


async def with_aiohttp(url: str, body: Body) -> Trace:
    """A plain aiohttp client: stamps each line as the program gets it."""
    answer = Answer()
    lines = list[tuple[int, bytes]]()
    async with aiohttp.ClientSession() as session:
        sent_ns = time.time_ns()
        async with session.post(url, json=body) as response:
            async for data in response.content:
                lines.append((time.time_ns(), data))
    for stamp_ns, data in lines:
        answer.take(Line(stamp_ns, data, merged=False))
    return Trace(
        started_at=datetime.fromtimestamp(sent_ns / 1e9, UTC),
        clock=ClockSource.PROCESS,
        sent_ns=sent_ns,
        chunks=tuple(answer.chunks),
        final=answer.final,
        error_code=answer.wrong.code if answer.wrong else None,
        error=str(answer.wrong) if answer.wrong else None,
    )


READERS: dict[str, Reader] = {"obt": obt, "obt-process": obt_process, "aiohttp": with_aiohttp}
