"""The beats of a whole fleet, from a process of its own: every client one each interval, some of them with news."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import cast

import httpx

from bench._fill import beat_of, key_of
from bench._fleet import Machine, make_fleet
from tests.e2e.programs import API

INTERVAL_S = 10.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose beats, and where to; so many clients a second have loaded another model."""

    url: str
    clients: int
    models_each: int
    seed: int
    news_per_s: float


@asynccontextmanager
async def beating(wish: Wish) -> AsyncGenerator[None]:
    """Have all clients alive meanwhile. What is timed here does not wait for them: they are another process."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, stdin=pipe)
    try:
        told = cast("asyncio.StreamWriter", process.stdin)
        told.write(json.dumps(asdict(wish)).encode())
        told.close()
        yield
    finally:
        process.kill()
        await process.wait()


async def _run(wish: Wish) -> None:
    fleet = make_fleet(wish.clients, wish.models_each, wish.seed)
    limits = httpx.Limits(max_connections=32)
    async with httpx.AsyncClient(base_url=wish.url, timeout=30, limits=limits) as http:
        await _beat_for_ever(http, fleet, wish.news_per_s)


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


if __name__ == "__main__":
    asyncio.run(_run(Wish(**json.load(sys.stdin))))
