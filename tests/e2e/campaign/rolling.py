"""A rolling upgrade: one server after the other drains, ends and is started anew, under load."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.e2e.campaign.asking import Asker
from tests.e2e.campaign.house import House
from tests.e2e.campaign.invariants import Found, check
from tests.e2e.campaign.viewer import Viewer
from tests.e2e.programs import Program, Server, until

_READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Rolled:
    """What it cost. `failed`: requests that the proxy got no answer to, or one of 5xx, in words with their number.

    `missed`: what the pages that were open show otherwise than the database, after they have fetched anew.
    """

    seconds: float
    statuses: list[int]
    requests: int
    failed: Counter[str]
    sessions: int
    events: int
    snapshots: int
    found: Found

    @property
    def missed(self) -> list[str]:
        """The differences of the open pages."""
        return [text for _, text in self.found.violations if text.startswith("on open page")]


async def roll(house: House, seed: int, between_s: float, servers: Sequence[Server]) -> Rolled:
    """Ask for benchmarks, and let one of these servers after the other be replaced, `between_s` apart."""
    asker, proxy, viewers = Asker(house, seed), house.proxy, [page.viewer for page in house.pages]
    asking = asyncio.create_task(asker.run())
    proxy.failed.clear()
    requests, events, snapshots, began = proxy.passed, _events(viewers), _snapshots(viewers), time.monotonic()
    statuses: list[int] = []
    try:
        for server in servers:
            await asyncio.sleep(between_s)
            statuses.append(await _replace(house, server))
        await asyncio.sleep(between_s)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    seconds, failed = time.monotonic() - began, proxy.failed.copy()
    return Rolled(
        seconds=seconds,
        statuses=statuses,
        requests=proxy.passed - requests,
        failed=failed,
        sessions=asker.sessions,
        events=_events(viewers) - events,
        snapshots=_snapshots(viewers) - snapshots,
        found=await check(house),
    )


def _events(viewers: Sequence[Viewer]) -> int:
    return sum(viewer.events for viewer in viewers)


def _snapshots(viewers: Sequence[Viewer]) -> int:
    return sum(viewer.connections for viewer in viewers)


async def _replace(house: House, server: Server) -> int:
    """Ask it to stop, start it when it has ended, wait until the proxy knows; return its exit status."""
    status = await server.stop(signal.SIGTERM)
    await Program.start(server)
    await until(house.all_ready, "the new server to be ready", _READY_S)
    return status
