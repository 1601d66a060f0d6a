"""Lets a request go at the time that was meant for it, and tells how late it went."""

import asyncio
import time

SPIN_NS = 1_200_000
"""The last part of a wait is spent awake: asyncio's timers on Linux have steps of a millisecond."""


class Gate:
    """One request's intended send, in ns of `time.perf_counter_ns`, the monotonic clock that sends are stamped by.

    `spins` false leaves the last millisecond to the timer, for rates at which staying awake would cost too much.
    """

    def __init__(self, intended_ns: int, *, spins: bool = True) -> None:
        self.intended_ns = intended_ns
        self.sent_ns: int | None = None
        """When it was really sent, by the same clock; None before."""
        self._spins = spins

    async def wait(self) -> None:
        """Return at the intended time, never before it. Other streams go on meanwhile."""
        early_ns = SPIN_NS if self._spins else 0
        while (left_ns := self.intended_ns - time.perf_counter_ns()) > 0:  # noqa: ASYNC110 - time is waited for, no event
            await asyncio.sleep(max(0, left_ns - early_ns) / 1e9)

    @property
    def lateness_ms(self) -> float | None:
        """Send less intended send, in ms; None where it was never sent."""
        return None if self.sent_ns is None else max(0.0, (self.sent_ns - self.intended_ns) / 1e6)
