"""Keeps this process out of the way while a sample is timed, and notices when it was away all the same."""

import asyncio
import gc
from collections.abc import Generator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from obt_client.bench.clocks import elapsed_s

_BEAT_S = 0.01
"""How often the loop shows that it is alive, while anybody is being timed."""


class Watched:
    """The span of one sample."""

    longest_ms = 0.0
    """The longest time that the event loop was late by, in ms: a stall of d ms shows as d - 10 to d."""


class StallWatch:
    """One timer for an event loop, running only while samples are taken.

    Signs of life are its beats, and every begin and end of a sample, so that a stall is counted to those alone who
    were being timed during it. The time that a suspended machine slept is a stall. So long the garbage collector
    waits too: a full collection was seen to stop the loop for 13 ms.
    """

    def __init__(self) -> None:
        self._watched: set[Watched] = set()
        self._alive_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._collects = False

    @contextmanager
    def watching(self) -> Generator[Watched, None, None]:
        """Watch a span; a stall that is still going on when it ends counts too, one that was before it does not."""
        watched = Watched()
        self._show_life()
        if not self._watched:
            self._begin()
        self._watched.add(watched)
        try:
            yield watched
        finally:
            self._show_life()
            self._watched.discard(watched)
            if not self._watched:
                self._end()

    def _begin(self) -> None:
        self._collects = gc.isenabled()
        gc.disable()
        self._beat(asyncio.get_running_loop())

    def _end(self) -> None:
        if self._collects:
            gc.enable()
        if self._timer:
            self._timer.cancel()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._show_life()
        self._timer = loop.call_later(_BEAT_S, self._beat, loop)

    def _show_life(self) -> None:
        now_s = elapsed_s()
        late_ms = (now_s - self._alive_s - _BEAT_S) * 1e3
        self._alive_s = now_s
        for watched in self._watched if late_ms > 0 else ():
            watched.longest_ms = max(watched.longest_ms, late_ms)


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, StallWatch] = WeakKeyDictionary()


def stall_watch() -> StallWatch:
    """Return the watch of the running loop."""
    return _watches.setdefault(asyncio.get_running_loop(), StallWatch())
