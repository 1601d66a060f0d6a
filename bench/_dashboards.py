"""Browsers that only listen: live connections whose messages are counted."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import connect

from tests.e2e.programs import API, Server


@asynccontextmanager
async def watching(server: Server, count: int) -> AsyncGenerator[list[int]]:
    """Have so many connections open; yield how many messages each has got until now."""
    got = [0] * count
    cookie = "; ".join(f"{name}={value}" for name, value in server.owner.cookies.items())

    async def watch(number: int) -> None:
        url = f"{server.url.replace('http', 'ws', 1)}{API}/live"
        headers = {"Cookie": cookie, "Origin": server.url}
        async with connect(url, additional_headers=headers, max_size=None) as socket:
            async for _ in socket:
                got[number] += 1

    watchers = [asyncio.create_task(watch(number)) for number in range(count)]
    while not all(got):  # noqa: ASYNC110 - an event for each would be no simpler
        await asyncio.sleep(0.1)
    try:
        yield got
    finally:
        for watcher in watchers:
            watcher.cancel()
        for watcher in watchers:
            with suppress(asyncio.CancelledError):
                await watcher
