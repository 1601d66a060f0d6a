"""The beats of a whole fleet: every client one each interval, some of them with news."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import httpx

from bench._fill import beat_of, key_of
from bench._fleet import Machine
from tests.e2e.programs import API

INTERVAL_S = 10.0


@asynccontextmanager
async def beating(url: str, fleet: Sequence[Machine], news_per_s: float) -> AsyncGenerator[None]:
    """Have all clients alive meanwhile; so many a second have loaded another model."""
    limits = httpx.Limits(max_connections=32)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as http:
        beats = asyncio.create_task(_beat_for_ever(http, fleet, news_per_s))
        try:
            yield
        finally:
            beats.cancel()
            with suppress(asyncio.CancelledError):
                await beats


async def _beat_for_ever(http: httpx.AsyncClient, fleet: Sequence[Machine], news_per_s: float) -> None:
    """Evenly over the interval, so that nobody's beats come in a burst."""
    dice = random.Random(1)
    turns = dict.fromkeys((machine.id for machine in fleet), 0)
    share = news_per_s * INTERVAL_S / len(fleet)
    while True:
        for machine in dice.sample(fleet, len(fleet)):
            turns[machine.id] += dice.random() < share
            pause = asyncio.create_task(asyncio.sleep(INTERVAL_S / len(fleet)))
            await _beat(http, machine, turns[machine.id])
            await pause


async def _beat(http: httpx.AsyncClient, machine: Machine, turn: int) -> None:
    headers = {"Authorization": f"Bearer {key_of(machine.id)}"}
    beat = beat_of(machine, turn, datetime.now(UTC)).model_dump(mode="json")
    with suppress(httpx.TransportError):  # the server may be on its way down
        (await http.post(f"{API}/clients/{machine.id}/heartbeat", json=beat, headers=headers)).raise_for_status()
