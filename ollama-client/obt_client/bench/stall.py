"""Keeps this process out of the way while a sample is timed, and notices when it was late all the same."""

import asyncio
import gc
from collections.abc import Generator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

_BEAT_S = 0.01
"""How often the loop is asked whether it is on time, while anybody is being timed. Shorter stalls go unseen."""


class Watched:
    """The span of one sample."""

    longest_ms = 0.0
    """The longest time that the event loop was late by, in ms."""


class StallWatch:
    """One timer for an event loop, running only while samples are taken.

    So long the garbage collector waits too: a full collection was seen to stop the loop for 13 ms.
    """

    def __init__(self) -> None:
        self._watched: set[Watched] = set()
        self._due_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._collects = False

    @contextmanager
    def watching(self) -> Generator[Watched, None, None]:
        """Watch a span; a stall that is still going on when it ends counts too."""
        watched = Watched()
        if not self._watched:
            self._begin()
        self._watched.add(watched)
        try:
            yield watched
        finally:
            self._note(asyncio.get_running_loop().time())
            self._watched.discard(watched)
            if not self._watched:
                self._end()

    def _begin(self) -> None:
        self._collects = gc.isenabled()
        gc.disable()
        self._next(asyncio.get_running_loop())

    def _end(self) -> None:
        if self._collects:
            gc.enable()
        if self._timer:
            self._timer.cancel()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due_s = loop.time() + _BEAT_S
        self._timer = loop.call_at(self._due_s, self._beat, loop)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._note(loop.time())
        self._next(loop)

    def _note(self, now_s: float) -> None:
        late_ms = (now_s - self._due_s) * 1e3
        for watched in self._watched:
            watched.longest_ms = max(watched.longest_ms, late_ms)


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, StallWatch] = WeakKeyDictionary()


def stall_watch() -> StallWatch:
    """Return the watch of the running loop."""
    return _watches.setdefault(asyncio.get_running_loop(), StallWatch())
