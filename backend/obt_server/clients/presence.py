"""Presence is one function of when a client was last seen, and now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Presence(StrEnum):
    """Whether a client is there. `new`: enrolled, and not heard of yet."""

    NEW = "new"
    ONLINE = "online"
    STALE = "stale"
    OFFLINE = "offline"


STALE_INTERVALS = 3
OFFLINE_INTERVALS = 6
"""A client with a long interval of its own is given so many of them, if that is more than the server's times."""


@dataclass(frozen=True, slots=True)
class PresenceRule:
    """The times, and since when this server has been able to hear anybody.

    `clock_apart_s`: a client's clock that is further than this from the server's is told to be wrong.
    """

    stale_after_s: float
    offline_after_s: float
    grace_until: datetime
    clock_apart_s: float = 2.0

    def judge(self, last_seen: datetime | None, interval_s: float, now: datetime, *, was_offline: bool) -> Presence:
        """Return the presence of a client at `now`.

        Until `grace_until` nobody who was not offline before becomes so: it was this server that was away.
        """
        if last_seen is None:
            return Presence.NEW
        silence_s = (now - last_seen).total_seconds()
        if silence_s < self.stale_s(interval_s):
            return Presence.ONLINE
        if silence_s < max(self.offline_after_s, OFFLINE_INTERVALS * interval_s):
            return Presence.STALE
        return Presence.STALE if now < self.grace_until and not was_offline else Presence.OFFLINE

    def stale_s(self, interval_s: float) -> float:
        """Return the silence, in seconds, after which a client with that interval is stale."""
        return max(self.stale_after_s, STALE_INTERVALS * interval_s)
