"""Joules that only ever rise: counters that wrap, counters that start anew, power summed over time. Pure."""

from collections.abc import Iterable, Mapping

GAP_MAX_S = 10.0
"""Power is taken as changing evenly between two readings; over a longer time nobody knows."""


class Unwrapped:
    """A counter that starts again at zero behind `range_`, made one that only rises.

    It must be read before it came around twice: a package at 300 W needs 14 minutes for the usual 262 kJ of RAPL.
    """

    def __init__(self, range_: float) -> None:
        self._range = range_
        self._last = 0.0
        self._total: float | None = None

    def __call__(self, raw: float) -> float:
        """Return what was counted since the first call."""
        rise = raw - self._last if raw >= self._last else raw - self._last + self._range
        total = 0.0 if self._total is None else self._total + max(0.0, rise)
        self._total, self._last = total, raw
        return total


class Counted:
    """Energy of one device by its own counter."""

    def __init__(self) -> None:
        self._total_j = 0.0
        self._last_j: float | None = None
        self._is_lost = False

    def resume(self) -> None:
        """Go on after a pause, of which nothing is counted."""
        self._last_j, self._is_lost = None, False

    def add(self, joules: float | None) -> float | None:
        """Return the energy since the first reading; None without a reading, and from when the counter fell on."""
        if joules is None or self._is_lost:
            return None
        if self._last_j is not None and joules < self._last_j:
            self._is_lost = True
            return None
        self._total_j += 0.0 if self._last_j is None else joules - self._last_j
        self._last_j = joules
        return self._total_j


class Integrated:
    """Energy of one device by its power: trapezoids between readings."""

    def __init__(self) -> None:
        self._total_j = 0.0
        self._last: tuple[float, float] | None = None
        self._is_lost = False

    def resume(self) -> None:
        """Go on after a pause, of which nothing is counted."""
        self._last, self._is_lost = None, False

    def add(self, at_s: float, watts: float | None) -> float | None:
        """Return the energy since the first reading; None without a reading, and from a gap that is too long on."""
        if watts is None or self._is_lost:
            return None
        if self._last is not None:
            before_s, before_w = self._last
            self._is_lost = at_s - before_s > GAP_MAX_S
            self._total_j += max(0.0, at_s - before_s) * (before_w + watts) / 2
        self._last = (at_s, watts)
        return None if self._is_lost else self._total_j


class Energy:
    """All devices that count their energy, and those that tell their power alone."""

    def __init__(self, counted: Iterable[str], integrated: Iterable[str]) -> None:
        self._counted = {device: Counted() for device in counted}
        self._integrated = {device: Integrated() for device in integrated}

    def resume(self) -> None:
        """Go on after a pause, of which nothing is counted."""
        for one in (*self._counted.values(), *self._integrated.values()):
            one.resume()

    def add(self, at_s: float, joules: Mapping[str, float], watts: Mapping[str, float]) -> dict[str, float]:
        """Return what each device has used since the first reading, without those that cannot tell."""
        told = {device: one.add(joules.get(device)) for device, one in self._counted.items()}
        told |= {device: one.add(at_s, watts.get(device)) for device, one in self._integrated.items()}
        return {device: value for device, value in told.items() if value is not None}
