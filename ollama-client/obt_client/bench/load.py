"""Who sends when."""

import asyncio
from collections.abc import Awaitable, Callable


async def closed_loop(streams: int, more: Callable[[], bool], one: Callable[[int], Awaitable[None]]) -> None:
    """Keep so many requests under way: each stream sends its next one when its last has ended and is recorded.

    `one` makes a request and keeps its sample; it gets the number of its stream, from 0. `more` says, directly before
    each request, whether there is to be one; it must count that request as begun. What `one` raises ends all streams.
    """

    async def stream(number: int) -> None:
        while more():
            await one(number)

    async with asyncio.TaskGroup() as group:
        for number in range(streams):
            group.create_task(stream(number))
