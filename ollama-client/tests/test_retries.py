"""Waiting that ends with an event, with the time, or with the program."""

import asyncio

import pytest

from obt_client.agent.retries import wait_or


async def test_an_event_that_comes_with_the_end_does_not_outlive_it() -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(wait_or(event, 60))
    await asyncio.sleep(0)
    event.set()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
