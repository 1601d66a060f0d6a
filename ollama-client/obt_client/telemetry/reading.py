"""From what sources told at two moments to values: rises become rates, energy becomes power. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from obt_client.telemetry.source import Key, Measure
from obt_core.telemetry import Track

_PERCENTS = frozenset({Track.CPU, Track.OLLAMA_CPU, Track.CLIENT_CPU})


@dataclass(frozen=True, slots=True)
class Reading:
    """The machine at one moment, `at_s` on the monotonic clock.

    What is per second, and what is a percentage of time, is over the time since `previous_s`, the reading before it;
    the first reading has none of it, and `previous_s` is its own moment.
    """

    at_s: float
    previous_s: float
    at: datetime
    told: Mapping[Key, float] = field(default_factory=dict[Key, float])

    def value(self, track: str, device: str | None = None) -> float | None:
        """Of one device, or of the machine; None where it was not told."""
        return self.told.get((track, device))

    def values(self, track: str) -> dict[str | None, float]:
        """Of all that told it, by device; None is the machine."""
        return {device: value for (name, device), value in self.told.items() if name == track}

    def overlaps(self, begin_s: float, end_s: float) -> bool:
        """Whether it speaks of any of the time between two moments."""
        return self.previous_s <= end_s and self.at_s >= begin_s


def told_of(before: Measure | None, now: Measure, energy_j: Mapping[str, float]) -> dict[Key, float]:
    """All values of a moment. `energy_j` is what each device has used since the job began."""
    told: dict[Key, float] = dict(now.gauges)
    told |= {(Track.ENERGY, device): joules for device, joules in energy_j.items()}
    if before is None or (span_s := now.at_s - before.at_s) <= 0:
        return told
    told |= _rates(before.counters, now.counters, span_s)
    for (_, device), watts in _rates(_as_power(before.joules), _as_power(now.joules), span_s).items():
        told.setdefault((Track.POWER, device), watts)
    return told | _foreign(told)


def _as_power(joules: Mapping[str, float]) -> dict[Key, float]:
    return {(Track.POWER, device): value for device, value in joules.items()}


def _rates(before: Mapping[Key, float], now: Mapping[Key, float], span_s: float) -> dict[Key, float]:
    """Rises a second; a counter that fell was started anew, and tells nothing of this time."""
    rises = {key: value - before[key] for key, value in now.items() if key in before}
    rates = {key: rise / span_s for key, rise in rises.items() if rise >= 0}
    # Processes are counted in steps of a hundredth of a second: a busy core can look busier than it can be.
    return {key: min(100.0, rate) if key[0] in _PERCENTS else rate for key, rate in rates.items()}


def _foreign(told: Mapping[Key, float]) -> dict[Key, float]:
    """What neither Ollama nor this client used; not known where Ollama's processes are not."""
    busy, ollama, client = (told.get((track, None)) for track in (Track.CPU, Track.OLLAMA_CPU, Track.CLIENT_CPU))
    if busy is None or ollama is None or client is None:
        return {}
    return {(Track.FOREIGN_CPU, None): max(0.0, busy - ollama - client)}
