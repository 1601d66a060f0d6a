"""Resumes every stream at the moment it asked for: one heap, one timer, whatever the number of streams."""

import asyncio
import heapq
import time
from collections.abc import Iterator
from itertools import count

NEVER = 2**62
"""A moment that does not come: a stream that yields it hangs until it is cancelled."""
_BURST_NS = 2_000_000
"""Streams that are behind their schedule write for so long before the loop may read again."""
Steps = Iterator[int]
"""A stream: does a step whenever it is resumed, yields the monotonic time in ns of its next one."""


class Pump:
    """Absolute deadlines, so lateness never adds up.

    The event loop's timers are as coarse as a millisecond; `spin_ns` is the part before each deadline that is waited
    for by watching the clock. Spinning holds up the loop, so it is for a process of its own.
    """

    def __init__(self, spin_ns: int = 0) -> None:
        self._spin_ns = spin_ns
        self._heap: list[tuple[int, int, Steps, asyncio.Future[None]]] = []
        self._tie = count()
        self._timer: asyncio.Handle | None = None

    async def drive(self, steps: Steps) -> None:
        """Run a stream to its end; its exceptions come out here. Cancelling ends it."""
        done = asyncio.get_running_loop().create_future()
        self._resume(steps, done)
        self._arm()
        await done

    def _resume(self, steps: Steps, done: asyncio.Future[None]) -> None:
        try:
            due = next(steps)
        except StopIteration:
            done.set_result(None)
        except Exception as error:  # noqa: BLE001  the stream's own end, handed to whoever drives it
            done.set_exception(error)
        else:
            heapq.heappush(self._heap, (due, next(self._tie), steps, done))

    def _arm(self) -> None:
        """Set the timer for the earliest deadline."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._heap and self._heap[0][0] != NEVER:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at((self._heap[0][0] - self._spin_ns) / 1e9, self._run)

    def _run(self) -> None:
        self._timer = None
        heap, clock = self._heap, time.monotonic_ns
        give_way = clock() + _BURST_NS
        while heap:
            due, _, steps, done = heap[0]
            if done.done():  # cancelled: the client went away
                heapq.heappop(heap)
                continue
            now = clock()
            if due - now > self._spin_ns or now > give_way:
                break
            if now >= due:
                heapq.heappop(heap)
                self._resume(steps, done)
        self._arm()
