"""Where the `limits` library counts: plain dictionaries, of a bounded number of senders."""

import time
from collections.abc import Callable

from limits.storage import Storage

KEYS_MAX = 100_000
"""Senders counted at once. Some 200 bytes each; whoever has more addresses than this is counted from 0 now and then."""


class Counters(Storage):
    """Counts in fixed windows. The library's own storage in memory starts a thread every 10 ms while it is used."""

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._counted: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong: nothing of its own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; a window begins with its first request and is `expiry` seconds long."""
        now = self._now()
        count, until = self._counted.get(key, (0, 0.0))
        if until <= now:
            count, until = 0, now + expiry
            self._make_room(now)
        self._counted[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        """Return what was counted in this window."""
        count, until = self._counted.get(key, (0, 0.0))
        return count if until > self._now() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends; the library wants the time of the day."""
        now = self._now()
        return time.time() + max(0.0, self._counted.get(key, (0, now))[1] - now)

    def check(self) -> bool:
        """It is always there."""
        return True

    def reset(self) -> int:
        """Forget all."""
        forgotten, self._counted = len(self._counted), {}
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one."""
        self._counted.pop(key, None)

    def _make_room(self, now: float) -> None:
        if len(self._counted) < KEYS_MAX:
            return
        self._counted = {key: window for key, window in self._counted.items() if window[1] > now}
        if len(self._counted) >= KEYS_MAX:
            self._counted = {}
