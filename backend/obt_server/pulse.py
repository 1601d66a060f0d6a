"""Whether what the server does by itself is still done: each loop's rounds, and when one last succeeded."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SILENT_S = 60.0
"""A loop is silent when it has not succeeded for so long, or for five of its own intervals where that is longer."""
_SILENT_INTERVALS = 5


@dataclass(slots=True)
class Loop:
    """One loop. `succeeded_at_s` is in the clock of its `Pulse`, `succeeded_epoch_s` in Unix time, None before."""

    name: str
    interval_s: float
    succeeded_at_s: float
    succeeded_epoch_s: float | None = None
    succeeded: int = 0
    failed: int = 0
    took_s: float = 0.0
    """All rounds together."""

    @property
    def silent_after_s(self) -> float:
        """How long it may be without a success."""
        return max(SILENT_S, self.interval_s * _SILENT_INTERVALS)


class Pulse:
    """The loops of one process."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._loops: dict[str, Loop] = {}

    def __iter__(self) -> Iterator[Loop]:
        return iter(self._loops.values())

    def begin(self, name: str, interval_s: float) -> Loop:
        """Expect a loop from now on."""
        self._loops[name] = loop = Loop(name, interval_s, self._monotonic_s())
        return loop

    def note(self, loop: Loop, took_s: float, *, succeeded: bool) -> None:
        """Count one round."""
        loop.took_s += took_s
        if not succeeded:
            loop.failed += 1
            return
        loop.succeeded += 1
        loop.succeeded_at_s, loop.succeeded_epoch_s = self._monotonic_s(), time.time()

    def silent(self) -> list[str]:
        """Return the names of the loops that have not succeeded for too long."""
        now_s = self._monotonic_s()
        return [loop.name for loop in self if now_s - loop.succeeded_at_s > loop.silent_after_s]
