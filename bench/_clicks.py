"""How long a click takes to reach its machine: from asking for a benchmark until the client holds its job."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from bench._fill import beat_of, key_of
from bench._fleet import Machine
from tests.e2e.programs import API, Server

_HELD_S = 10
_PAUSE_S = 0.5


async def click_to_work(server: Server, machines: Sequence[Machine]) -> list[float]:
    """Click once for each machine, one after the other; return what each took, in ms."""
    async with httpx.AsyncClient(base_url=server.url, timeout=2 * _HELD_S) as http:
        taken = list[float]()
        for machine in machines:
            for _ in range(2):  # the first is written down, and a second finds its client known
                await _beat(http, machine)
            taken.append(await _of_one(server, http, machine))
        return taken


async def _of_one(server: Server, http: httpx.AsyncClient, machine: Machine) -> float:
    held = asyncio.create_task(_beat(http, machine, Prefer=f"wait={_HELD_S}"))
    await asyncio.sleep(_PAUSE_S)
    wish = {"client_ids": [machine.id], "models": [machine.models[0].name], "suite": "quick"}
    begin = time.perf_counter()
    asked = asyncio.create_task(server.post("/sessions", wish))
    told = await held
    claimed = await _send(http, machine, "jobs/claim")
    taken_ms = (time.perf_counter() - begin) * 1e3
    if claimed["job"] is None:
        raise RuntimeError(f"{machine.name} was given nothing; it was told {told}")
    await asked
    return taken_ms


async def _beat(http: httpx.AsyncClient, machine: Machine, **headers: str) -> dict[str, list[dict[str, str]]]:
    body = beat_of(machine, 0, datetime.now(UTC)).model_dump_json()
    return await _send(http, machine, f"clients/{machine.id}/heartbeat", body, **headers)


async def _send(http: httpx.AsyncClient, machine: Machine, path: str, body: str = "", **headers: str) -> Any:
    key = {"Authorization": f"Bearer {key_of(machine.id)}", "Content-Type": "application/json"}
    return (await http.post(f"{API}/{path}", content=body, headers={**key, **headers})).raise_for_status().json()
