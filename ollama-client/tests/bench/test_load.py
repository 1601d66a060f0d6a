"""Load patterns by themselves: who is under way, who is next, what a halt does. Times: `tests/test_patterns.py`."""

import asyncio
from itertools import count

import pytest

from obt_client.bench.load import IN_FLIGHT_MAX, Turn, closed_loop, open_loop


class _Pattern:
    """Takes so many turns; `one` waits until it is let go."""

    def __init__(self, turns: int) -> None:
        self.turns, self.begun, self.ended = turns, list[Turn](), list[Turn]()
        self.halt = False
        self._numbers = count()
        self.go = asyncio.Event()

    def take(self) -> int | None:
        return None if self.halt or len(self.begun) >= self.turns else next(self._numbers)

    def halted(self) -> bool:
        return self.halt

    async def one(self, turn: Turn) -> None:
        self.begun.append(turn)
        await self.go.wait()
        self.ended.append(turn)

    async def until_begun(self, turns: int) -> None:
        async with asyncio.timeout(20):
            while len(self.begun) < turns:
                await asyncio.sleep(0.001)


async def test_a_closed_loop_keeps_its_streams_busy_and_no_more() -> None:
    pattern = _Pattern(7)
    running = asyncio.create_task(closed_loop(3, pattern.take, pattern.one))
    await pattern.until_begun(3)
    assert [turn.stream for turn in pattern.begun] == [0, 1, 2]
    pattern.go.set()
    await running
    assert sorted(turn.number for turn in pattern.ended) == list(range(7))


async def test_an_open_loop_waits_for_nobody() -> None:
    pattern = _Pattern(5)
    running = asyncio.create_task(open_loop([0.0] * 5, pattern.take, pattern.one, pattern.halted))
    await pattern.until_begun(5)
    assert pattern.ended == []
    assert sorted(turn.stream for turn in pattern.begun) == list(range(5))
    pattern.go.set()
    await running


async def test_intended_moments_keep_the_distances_of_the_offsets() -> None:
    pattern, offsets_s = _Pattern(4), [2.0, 2.01, 2.01, 2.05]
    pattern.go.set()
    await open_loop(offsets_s, pattern.take, pattern.one, pattern.halted)
    moments = [turn.gate.intended_ns for turn in pattern.begun if turn.gate]
    assert [moment - moments[0] for moment in moments] == [0, 10_000_000, 10_000_000, 50_000_000]


async def test_no_more_than_ollama_queues_are_under_way() -> None:
    pattern = _Pattern(IN_FLIGHT_MAX + 3)
    offsets_s = [0.0] * (IN_FLIGHT_MAX + 3)
    running = asyncio.create_task(open_loop(offsets_s, pattern.take, pattern.one, pattern.halted))
    await pattern.until_begun(IN_FLIGHT_MAX)
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(pattern.begun) == IN_FLIGHT_MAX
    pattern.go.set()
    await running
    assert len(pattern.ended) == IN_FLIGHT_MAX + 3


async def test_a_halt_ends_a_long_wait_and_lets_what_runs_end() -> None:
    pattern = _Pattern(2)
    running = asyncio.create_task(open_loop([0.0, 3_600.0], pattern.take, pattern.one, pattern.halted))
    await pattern.until_begun(1)
    pattern.halt = True
    pattern.go.set()
    async with asyncio.timeout(20):
        await running
    assert len(pattern.ended) == 1


@pytest.mark.parametrize("is_open", [True, False])
async def test_what_a_request_raises_ends_the_pattern(is_open: bool) -> None:
    async def fail(turn: Turn) -> None:
        raise KeyError(turn.number)

    pattern = _Pattern(3)
    run = open_loop([0.0] * 3, pattern.take, fail, pattern.halted) if is_open else closed_loop(1, pattern.take, fail)
    with pytest.raises(ExceptionGroup) as caught:
        await run
    assert isinstance(caught.value.exceptions[0], KeyError)
