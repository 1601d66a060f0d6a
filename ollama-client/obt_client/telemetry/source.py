"""What a source of telemetry is, and what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Key = tuple[str, str | None]
"""A track and its device, as in `obt_core.telemetry.Channel`."""


@dataclass(slots=True)
class Measure:
    """What was told at one moment, `at_s` on the monotonic clock. What was not told is absent.

    `gauges` are values as they stand. `counters` only ever rise, and their rise a second is the value: seconds of a
    core times 100 over the number of cores for percents, bytes for bytes a second. `joules` are the devices' own
    energy counters, without wraps; where one starts does not matter.
    """

    at_s: float = 0.0
    gauges: dict[Key, float] = field(default_factory=dict[Key, float])
    counters: dict[Key, float] = field(default_factory=dict[Key, float])
    joules: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, other: "Measure") -> None:
        """Take what another source told at the same moment."""
        self.gauges |= other.gauges
        self.counters |= other.counters
        self.joules |= other.joules


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source will tell, in the order of its channels: values, and devices that count their own energy."""

    keys: tuple[Key, ...] = ()
    counts_energy: tuple[str, ...] = ()


class Source(Protocol):
    """Something that tells of the machine. It is used in one thread at a time, and may block there.

    `open` may raise anything: the source is then left out. So may `read`: its values are then missing once.
    """

    name: str

    def open(self) -> Offer:
        """Look what is there."""
        ...

    def read(self) -> Measure:
        """Tell what is known now; `at_s` of the answer is set by whoever asked."""
        ...

    def close(self) -> None:
        """Let go of drivers and files."""
        ...


def gauges_of(device: str | None, told: Mapping[str, float | None]) -> dict[Key, float]:
    """Values by track, without those that were not told."""
    return {(track, device): value for track, value in told.items() if value is not None}
