"""Whether the machine was quiet while a sample was timed, by what its telemetry says of that time."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from obt_client.config import Settings
from obt_client.telemetry.sampler import LOOK_MIN_S, Reading, Telemeter
from obt_core.results import Flag
from obt_core.telemetry import Telemetry, Throttle, Track

_MIB = 2**20
IDLE_MIN_S = 0.4
"""A shorter look at an idle machine tells nothing of its power: counters move in steps."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on the machine counts as not quiet. Percents are of all cores, or of one GPU."""

    cpu_percent: float
    gpu_percent: float
    swapped_bytes_per_s: float

    @classmethod
    def of(cls, settings: Settings) -> "Thresholds":
        """As the client is set."""
        return cls(settings.guard_cpu_percent, settings.guard_gpu_percent, settings.guard_swap_mib_per_s * _MIB)


class Guard:
    """Judges samples by the readings of their time."""

    def __init__(self, telemeter: Telemeter, thresholds: Thresholds) -> None:
        self._telemeter, self._thresholds = telemeter, thresholds

    async def flags(self, begin_s: float, end_s: float) -> frozenset[Flag]:
        """What disturbed the time between two moments of the monotonic clock; it takes a look for that, if it must."""
        newest = await self._telemeter.look()
        if newest.previous_s == newest.at_s:  # the first reading: what is per second is told from the second one on
            await asyncio.sleep(LOOK_MIN_S)
            newest = await self._telemeter.look()
        return disturbances(self._telemeter.between(begin_s, end_s) or [newest], begin_s, end_s, self._thresholds)


def disturbances(readings: Sequence[Reading], begin_s: float, end_s: float, thresholds: Thresholds) -> frozenset[Flag]:
    """Flags of the time from `begin_s` to `end_s`. What was not told disturbs nothing."""
    seen = {
        Flag.FOREIGN_CPU_LOAD: _is_above(_mean(readings, begin_s, end_s, Track.FOREIGN_CPU), thresholds.cpu_percent),
        Flag.FOREIGN_GPU_LOAD: _is_above(
            _mean(readings, begin_s, end_s, Track.FOREIGN_UTILIZATION), thresholds.gpu_percent
        ),
        Flag.MEMORY_SWAPPED: _is_above(_mean(readings, begin_s, end_s, Track.SWAPPED), thresholds.swapped_bytes_per_s),
        Flag.THERMAL_THROTTLING: _is_throttled(readings, Throttle.THERMAL),
        Flag.POWER_BRAKE: _is_throttled(readings, Throttle.POWER_BRAKE),
    }
    return frozenset(flag for flag, is_so in seen.items() if is_so)


def _mean(readings: Iterable[Reading], begin_s: float, end_s: float, track: Track) -> float | None:
    """Mean over that time of the largest of all devices, each reading by how much of the time it speaks of."""
    weighted, whole_s = 0.0, 0.0
    for reading in readings:
        value = max(reading.values(track).values(), default=None)
        span_s = max(1e-6, min(end_s, reading.at_s) - max(begin_s, reading.previous_s))
        if value is not None:
            weighted, whole_s = weighted + value * span_s, whole_s + span_s
    return weighted / whole_s if whole_s else None


def _is_above(value: float | None, limit: float) -> bool:
    return value is not None and value > limit


def _is_throttled(readings: Iterable[Reading], reason: Throttle) -> bool:
    return any(int(bits) & reason for reading in readings for bits in reading.values(Track.THROTTLE).values())


def idle_power_w(telemetry: Telemetry) -> float | None:
    """What all devices that count their energy took together in a series of an idle machine, in watts."""
    span_s = (telemetry.ticks[-1].at_ms - telemetry.ticks[0].at_ms) / 1e3 if telemetry.ticks else 0.0
    counted = [index for index, channel in enumerate(telemetry.channels) if channel.track == Track.ENERGY]
    pairs = [(telemetry.ticks[0].values[index], telemetry.ticks[-1].values[index]) for index in counted if span_s]
    joules = [last - first for first, last in pairs if first is not None and last is not None]
    return round(sum(joules) / span_s, 3) if joules and span_s >= IDLE_MIN_S else None
