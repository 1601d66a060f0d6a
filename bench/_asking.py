"""Asks a server its pages' calls and times them, one after the other."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from bench._served import Served
from bench._targets import Call
from tests.e2e.programs import API


@dataclass(frozen=True, slots=True)
class Seen:
    """What the calls of one kind took, and how long their answers were as they were sent."""

    call: Call
    taken_ms: Sequence[float]
    sent_bytes: Sequence[int]
    refused: int

    def quantile_ms(self, share: float) -> float:
        """What that share of the calls took at most."""
        return quantile(self.taken_ms, share)


async def ask(it: Served, calls: Sequence[Call], times: int) -> list[Seen]:
    """Make each call so many times, in a shuffled order."""
    dice = random.Random(2)
    taken: dict[Call, list[tuple[float, int, bool]]] = {call: [] for call in calls}
    for call in calls:
        await _time(it.server.owner, call.path(dice))  # what is read for the first time is not counted
    for call in dice.sample([call for call in calls for _ in range(times)], len(calls) * times):
        taken[call].append(await _time(it.server.owner, call.path(dice)))
    return [
        Seen(call, [ms for ms, _, _ in seen], [sent for _, sent, _ in seen], sum(not good for _, _, good in seen))
        for call, seen in taken.items()
    ]


async def _time(http: httpx.AsyncClient, path: str) -> tuple[float, int, bool]:
    begin = time.perf_counter()
    reply = await http.get(f"{API}{path}")
    return (time.perf_counter() - begin) * 1e3, reply.num_bytes_downloaded, reply.is_success


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of them is not above."""
    return sorted(values)[round(share * (len(values) - 1))]
