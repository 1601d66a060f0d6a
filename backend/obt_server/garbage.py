"""Python's search for garbage, by the clock.

By its own Python searches once some thousand objects more were made than freed. With ten thousand held heartbeats as
many are freed as made: hundreds of thousands are new when it searches at last, and everybody waits for 0.2 s.
"""

import gc
import sys

GROWTH = 2.0
"""Everything is searched when there are so many times the objects that were left the last time: a fleet that grows to
ten thousand clients sees it once. Then it takes 0.7 s, and finds a hundred: most garbage is new, or free once nobody
refers to it."""


class Garbage:
    """Garbage that refers to itself; all else is free at once."""

    def __init__(self) -> None:
        self._most = 0.0

    def begin(self) -> None:
        """Search by the clock from now on, and never again what is there now: it stays for ever."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._most = _kept() * GROWTH

    def search(self) -> None:
        """Search what is new since the last time, or everything where there is much more of it. Call it often."""
        if _kept() <= self._most:
            gc.collect(0)
        else:
            gc.collect()
            self._most = _kept() * GROWTH


def _kept() -> int:
    """How many objects there are, those beside that the search does not know."""
    return sys.getallocatedblocks()
