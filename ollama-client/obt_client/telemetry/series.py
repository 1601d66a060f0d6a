"""The ticks of a job, kept in eight bytes a value until somebody wants them."""

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from obt_client.telemetry.source import Key, Offer
from obt_core.telemetry import (
    BATCH_TICKS_MAX,
    CHANNELS_MAX,
    TICKS_MAX,
    Channel,
    EnergySource,
    Telemetry,
    TelemetryBatch,
    Tick,
    Track,
)

_NOT_TOLD = math.nan
_DIGITS = {Track.ENERGY: 3, Track.POWER: 2, Track.POWER_LIMIT: 2}
_WHOLE = ("_bytes", "_bytes_per_s", "_mhz", "throttle")


def channels_of(offers: Iterable[Offer]) -> tuple[Channel, ...]:
    """What a series of these sources has.

    A device that counts its energy has power too, one that tells its power has energy too.
    """
    found: list[Channel] = []
    for offer in offers:
        keys = list(dict.fromkeys((*offer.keys, *((Track.POWER, device) for device in offer.counts_energy))))
        for track, device in keys:
            found.append(Channel(track=track, device=device))
            if track == Track.POWER and device is not None:
                is_counted = device in offer.counts_energy
                source = EnergySource.COUNTER if is_counted else EnergySource.INTEGRATED
                found.append(Channel(track=Track.ENERGY, device=device, source=source))
    return tuple(found[:CHANNELS_MAX])


class Series:
    """Ticks in order, under channels that do not change."""

    def __init__(self, channels: Sequence[Channel], started_at: datetime, start_s: float) -> None:
        self.channels, self.started_at, self._start_s = tuple(channels), started_at, start_s
        self._keys: list[Key] = [(channel.track, channel.device) for channel in channels]
        self._digits = [_digits(channel.track) for channel in channels]
        self._at_ms, self._values = array("d"), array("d")

    def __len__(self) -> int:
        return len(self._at_ms)

    def add(self, at_s: float, told: Mapping[Key, float]) -> None:
        """Add a tick; a series that is full stays as it is."""
        if len(self) >= TICKS_MAX:
            return
        self._at_ms.append(round((at_s - self._start_s) * 1e3, 1))
        values = (told.get(key, _NOT_TOLD) for key in self._keys)
        self._values.extend(round(value, digits) for value, digits in zip(values, self._digits, strict=True))

    def telemetry(self, first: int = 0, last: int | None = None) -> Telemetry:
        """Return the ticks from `first` up to and without `last`."""
        numbers = range(first, len(self) if last is None else min(last, len(self)))
        ticks = tuple(Tick(at_ms=self._at_ms[number], values=self._row(number)) for number in numbers)
        return Telemetry(started_at=self.started_at, channels=self.channels, ticks=ticks)

    def batch(self, first: int, most: int = BATCH_TICKS_MAX) -> TelemetryBatch:
        """Return the ticks from `first` on, at most as many as go at once."""
        return TelemetryBatch(first=first, telemetry=self.telemetry(first, first + most))

    def _row(self, number: int) -> tuple[float | None, ...]:
        width = len(self._keys)
        row = self._values[number * width : (number + 1) * width]
        return tuple(None if math.isnan(value) else value for value in row)


def _digits(track: str) -> int:
    """Decimals worth storing: of percents and degrees one."""
    return 0 if track.endswith(_WHOLE) else _DIGITS.get(Track(track), 1) if track in set(Track) else 3
