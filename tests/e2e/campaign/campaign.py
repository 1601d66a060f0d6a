"""A whole campaign: a house under load, faults, and what must hold afterwards."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.e2e.campaign.asking import Asker
from tests.e2e.campaign.faults import Faults
from tests.e2e.campaign.house import House
from tests.e2e.campaign.invariants import Found, check
from tests.e2e.campaign.schedule import Fault, Kind


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, what came of it. `errors`: what the proxy was answered with 5xx, or not at all."""

    faults: Counter[Kind]
    requests_touched: Counter[Kind]
    log: Sequence[str]
    sessions: int
    cancelled: int
    requests: int
    errors: Counter[str]
    found: Found
    pages: list[str]

    @property
    def violations(self) -> list[str]:
        """Each in words, with what led to it."""
        told: list[str] = []
        for job_id, text in self.found.violations:
            story = self.found.stories.get(job_id or "", [])
            told.append("\n    ".join([text, *story]))
        return told


def kinds_of(house: House) -> frozenset[Kind]:
    """What can go wrong here: clocks jump only where there is a way."""
    return frozenset(Kind) - (frozenset() if house.clocks.can_jump else {Kind.CLOCK_JUMP})


def _silent(_: str) -> None:
    pass


async def campaign(
    house: House, plan: Sequence[Fault], seed: int, *, begin_s: float = 0.0, say: Callable[[str], None] = _silent
) -> Report:
    """Ask for benchmarks while the faults happen, from `begin_s` on; then heal, wait and check."""
    asker, faults = Asker(house, seed), Faults(house, say)
    asking = asyncio.create_task(asker.run())
    try:
        await asyncio.sleep(begin_s)
        await faults.run(plan)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    say("healed; all is let end, and looked at")
    found = await check(house)
    found.add(faults.fell)
    viewers = [page.viewer for page in house.pages]
    return Report(
        faults=faults.done,
        requests_touched=house.proxy.touched,
        log=faults.log,
        sessions=asker.sessions,
        cancelled=asker.cancelled,
        requests=house.proxy.passed,
        errors=house.proxy.failed,
        found=found,
        pages=[f"{one.events} events, {one.connections} snapshots, {one.resyncs} times out of step" for one in viewers],
    )
