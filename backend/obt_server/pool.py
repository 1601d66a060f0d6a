"""The pool of a database's connections, which knows how long those who need one wait."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.pool import AsyncAdaptedQueuePool


@dataclass(slots=True)
class Waits:
    """How often a connection was asked for, how long all who asked waited together, and how many wait now."""

    asked: int = 0
    waited_s: float = 0.0
    waiting: int = 0


class WatchedPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's own pool. A wait ends with a connection that can be used, however it came, or with an error."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waits = Waits()

    @property
    def connections_max(self) -> int:
        """How many connections there may be at once."""
        return self.size() + self._max_overflow

    def connect(self) -> PoolProxiedConnection:
        """Give a connection."""
        began_s = perf_counter()
        self.waits.waiting += 1
        try:
            return super().connect()
        finally:
            self.waits.waiting -= 1
            self.waits.asked += 1
            self.waits.waited_s += perf_counter() - began_s

    def recreate(self) -> "WatchedPool":
        """Begin anew with no connection, and go on counting."""
        fresh = super().recreate()
        assert isinstance(fresh, WatchedPool)  # noqa: S101 - a pool makes one of its own class
        fresh.waits = self.waits
        return fresh
