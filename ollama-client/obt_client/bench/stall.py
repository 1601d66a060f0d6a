"""Notices when this process itself was late, so that no number of a model is taken from our own stall."""

import asyncio
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
    """One timer for an event loop, running only while samples are taken."""

    def __init__(self) -> None:
        self._watched: set[Watched] = set()
        self._due_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def watching(self) -> Generator[Watched, None, None]:
        """Watch a span; a stall that is still going on when it ends counts too."""
        watched = Watched()
        self._watched.add(watched)
        if self._timer is None:
            self._next(asyncio.get_running_loop())
        try:
            yield watched
        finally:
            self._note(asyncio.get_running_loop().time())
            self._watched.discard(watched)
            if not self._watched and self._timer:
                self._timer.cancel()
                self._timer = None

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
