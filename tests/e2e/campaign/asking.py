"""A person who asks for benchmarks all the time, and now and then cancels one."""

import asyncio
import random
from typing import Any

import aiohttp
import psycopg

from tests.e2e.campaign.house import MODELS, House
from tests.e2e.programs import API

_SUITE: dict[str, Any] = {
    "name": "campaign",
    "title": "Campaign",
    "workloads": [
        {
            "name": "chat",
            "prompt": {"kind": "text", "text": "Tell of a lighthouse."},
            "generate_tokens": 24,
            "samples": 6,
            "budget_s": 10,
        }
    ],
    "warmup_max": 2,
    "request_timeout_s": 20,
}
_PAUSE_S = 0.3
_CLIENTS_A_SESSION = 5
_CANCELLED_SHARE = 0.1
_CANCEL_AFTER_S = (0.2, 4.0)
_OPEN = "SELECT client_id FROM jobs WHERE status IN ('queued', 'claimed', 'running')"


class Asker:
    """Gives each client that has nothing to do a job or two, through the proxy; what is refused is asked later."""

    def __init__(self, house: House, seed: int) -> None:
        self._house, self._dice = house, random.Random(seed)
        self.sessions = self.cancelled = self.refused = 0

    async def run(self) -> None:
        """Ask until cancelled."""
        entrance = await self._house.proxy.open("person", is_client=False)
        async with self._house.owner(entrance.url) as http, asyncio.TaskGroup() as group:
            while True:
                try:
                    if session_id := await self._ask(http):
                        self.sessions += 1
                        group.create_task(self._perhaps_cancel(http, session_id))
                except (aiohttp.ClientError, psycopg.OperationalError, OSError, TimeoutError):
                    self.refused += 1
                await asyncio.sleep(_PAUSE_S)

    async def _ask(self, http: aiohttp.ClientSession) -> str | None:
        busy = {client_id for (client_id,) in await asyncio.to_thread(self._house.ask, _OPEN)}
        idle = [member.program.name for member in self._house.members if member.program.name not in busy]
        if not idle:
            return None
        chosen = self._dice.sample(idle, min(len(idle), _CLIENTS_A_SESSION))
        models = self._dice.sample(MODELS, self._dice.randint(1, len(MODELS)))
        body = {"suite": _SUITE, "models": models, "client_ids": chosen}
        async with http.post(f"{API}/sessions", json=body) as reply:
            reply.raise_for_status()
            return (await reply.json())["id"]

    async def _perhaps_cancel(self, http: aiohttp.ClientSession, session_id: str) -> None:
        if self._dice.random() > _CANCELLED_SHARE:
            return
        await asyncio.sleep(self._dice.uniform(*_CANCEL_AFTER_S))
        try:
            async with http.post(f"{API}/sessions/{session_id}/cancel") as reply:
                self.cancelled += reply.ok
        except (aiohttp.ClientError, OSError, TimeoutError):
            self.refused += 1
