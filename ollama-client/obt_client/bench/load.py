"""Who sends when: as many at a time as asked for, or at given moments whatever the others do."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from obt_client.bench.gate import Gate

IN_FLIGHT_MAX = 512
"""As many as Ollama queues by default (OLLAMA_MAX_QUEUE); with more under way, the next one waits and is late."""
LEAD_NS = 100_000_000
"""A request's connection is made so long before it is to be sent."""
SPIN_RATE_MAX_PER_S = 20.0
"""Up to this rate the last millisecond before a send is spent awake: about 2 % of a core at most."""
_LOOK_UP_S = 0.05
"""How often, in a long wait for the next moment, it is asked whether there is to be a next one at all."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a load pattern: the stream that no other one uses meanwhile, its number, its moment."""

    stream: int
    number: int
    gate: Gate | None = None


Take = Callable[[], int | None]
"""Says, directly before a request, its number, and counts it as begun; None where there is to be none."""
One = Callable[[Turn], Awaitable[None]]
"""Makes a request and keeps its sample. What it raises ends the pattern."""


async def closed_loop(streams: int, take: Take, one: One) -> None:
    """Keep so many requests under way: each stream sends its next one when its last has ended and is recorded."""

    async def stream(name: int) -> None:
        while (number := take()) is not None:
            await one(Turn(name, number))

    async with asyncio.TaskGroup() as group:
        for name in range(streams):
            group.create_task(stream(name))


async def open_loop(offsets_s: Sequence[float], take: Take, one: One, halted: Callable[[], bool]) -> None:
    """Send one request at each moment, whatever became of those before. Return when all have ended.

    `offsets_s` rise; they count from the first one's, which is sent as soon as its connection stands. `halted` says
    in a long wait that no request is to follow.
    """
    if not offsets_s:
        return
    begin_ns = time.perf_counter_ns() + LEAD_NS - round(offsets_s[0] * 1e9)
    spins = _rate_per_s(offsets_s) <= SPIN_RATE_MAX_PER_S
    lanes = _Lanes(IN_FLIGHT_MAX)
    async with asyncio.TaskGroup() as group:
        for offset_s in offsets_s:
            gate = Gate(begin_ns + round(offset_s * 1e9), spins=spins)
            if not await _comes(gate.intended_ns - LEAD_NS, halted):
                return
            lane = await lanes.free()
            if (number := take()) is None:
                return
            group.create_task(lanes.use(lane, one, Turn(lane, number, gate)))


class _Lanes:
    """Numbers for requests under way, the lowest free one first."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.PriorityQueue[int]()
        for lane in range(count):
            self._free.put_nowait(lane)

    async def free(self) -> int:
        return await self._free.get()

    async def use(self, lane: int, one: One, turn: Turn) -> None:
        try:
            await one(turn)
        finally:
            self._free.put_nowait(lane)


async def _comes(moment_ns: int, halted: Callable[[], bool]) -> bool:
    """Wait for a moment; False as soon as the pattern is halted."""
    while not halted():
        left_s = (moment_ns - time.perf_counter_ns()) / 1e9
        if left_s <= 0:
            return True
        await asyncio.sleep(min(left_s, _LOOK_UP_S))
    return False


def _rate_per_s(offsets_s: Sequence[float]) -> float:
    span_s = offsets_s[-1] - offsets_s[0]
    return (len(offsets_s) - 1) / span_s if span_s > 0 else 0.0
