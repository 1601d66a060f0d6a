"""How far this machine's clock is ahead of the server's: by its own around a beat, and the server's in the answer.

Of a request that left at a and was answered by b, the server's moment s lies between the two, whatever the way took:
the difference is (a + b) / 2 - s, and off by at most (b - a) / 2, as NTP has it (RFC 5905, section 8). An answer that
was held says as little as it took long; so some beats, few, do not ask to be held.
"""

import time
from dataclasses import dataclass, field

from obt_core.heartbeat import ClockOffset

RENEW_S = 600.0
"""So long after the last measurement an idle client, whose beats are held, measures again."""
AGAIN_S = 60.0
"""Not more often than this a beat is sent for the measurement's sake, whatever the clocks do."""
STEP_S = 0.05
"""The wall clock and the monotonic one part by more than this: the wall clock was set. Slewing takes 100 s for it."""
MOVED_S = 0.1
"""What was told stands until a measurement contradicts it by more: a clock that drifts makes no news beat by beat."""
_SHARPER = 4.0
"""A measurement that is better by this factor is told too: at the first one the connection is made."""
_WIDE_S = 0.5
"""A beat that asked to be held was answered at once when its error is not more than this."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Both clocks at once: `wall_s` since 1970, `monotonic_s` since whenever."""

    wall_s: float
    monotonic_s: float

    @classmethod
    def now(cls) -> "Moment":
        """Read them."""
        return cls(time.time(), time.monotonic())

    @property
    def apart_s(self) -> float:
        """Changes when the wall clock is set, or the machine slept."""
        return self.wall_s - self.monotonic_s


@dataclass(frozen=True, slots=True)
class _Measured:
    offset_s: float
    error_s: float

    def contradicts(self, other: "_Measured") -> bool:
        return abs(self.offset_s - other.offset_s) > self.error_s + other.error_s + MOVED_S


@dataclass(slots=True)
class ServerClock:
    """What is known of the server's clock. `told` is what the next beat tells; None: nothing was measured yet."""

    told: ClockOffset | None = None
    _measured: _Measured | None = field(default=None, init=False)
    _at: Moment | None = field(default=None, init=False)
    _tried_s: float = field(default=float("-inf"), init=False)
    _is_doubted: bool = field(default=False, init=False)

    def takes_turn(self, now: Moment) -> bool:
        """Whether the beat that is sent now is to be answered at once, so that it measures. Asked before each."""
        if not self._is_due(now) or now.monotonic_s - self._tried_s < AGAIN_S:
            return False
        self._tried_s = now.monotonic_s
        return True

    def see(self, sent: Moment, got: Moment, server_s: float, *, may_be_held: bool) -> None:
        """Take in an answer: the moments around it, and the server's own in it, in seconds since 1970."""
        if abs(got.apart_s - sent.apart_s) > STEP_S:
            self._is_doubted = True  # set between the two: nothing is known of when
            return
        new = _Measured((sent.wall_s + got.wall_s) / 2 - server_s, (got.monotonic_s - sent.monotonic_s) / 2)
        known = self._measured
        if may_be_held and new.error_s > _WIDE_S:
            self._is_doubted = self._is_doubted or (known is not None and new.contradicts(known))
            return
        self._at, self._is_doubted = got, False
        if known is None or new.contradicts(known) or new.error_s * _SHARPER < known.error_s:
            self._measured = new
            self.told = ClockOffset(offset_ms=round(new.offset_s * 1e3, 1), error_ms=round(new.error_s * 1e3, 1))

    def _is_due(self, now: Moment) -> bool:
        if self._at is None or self._is_doubted:
            return True
        return now.monotonic_s - self._at.monotonic_s >= RENEW_S or abs(now.apart_s - self._at.apart_s) > STEP_S
