"""GPUs whose kernel driver tells of them in files: what AMD's and Intel's sources have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from obt_client.hardware.gpus import GPUS_MAX
from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice, is_gpu, read_pci
from obt_client.telemetry.source import Measure, Offer, gauges_of
from obt_client.telemetry.sysfs import FileValue, is_asleep
from obt_core.hardware import GpuVendor
from obt_core.telemetry import Track


class Names(Protocol):
    """Knows GPUs by the names that telemetry has for them."""

    def of(self, vendor: GpuVendor, pci_address: str | None, number: int) -> str | None:
        """None for one that is none."""
        ...


@dataclass(frozen=True, slots=True)
class Tracked:
    """What one GPU tells: a file for each track, its energy counter in joules, and why it is held back."""

    values: Mapping[str, FileValue]
    joules: FileValue | None = None
    throttle: Callable[[], float | None] | None = None


class SysfsGpus(ABC):
    """The source of one vendor's GPUs. A GPU that sleeps is left asleep and tells nothing."""

    name: ClassVar[str]
    vendor: ClassVar[GpuVendor]
    pci_vendor: ClassVar[str]

    def __init__(self, host: Host, names: Names) -> None:
        self._host, self._names = host, names
        self._found: list[tuple[str, PciDevice, Tracked]] = []

    @abstractmethod
    def tracked(self, device: PciDevice) -> Tracked:
        """Say which files of a GPU tell what."""

    def open(self) -> Offer:
        """See which files are there, and return all tracks of all GPUs."""
        devices = [device for device in read_pci(self._host) if is_gpu(device) and device.vendor == self.pci_vendor]
        named = ((self._names.of(self.vendor, one.address, at), one) for at, one in enumerate(devices[:GPUS_MAX]))
        self._found = [(name, device, self.tracked(device)) for name, device in named if name]
        keys = [(track, name) for name, _, tracked in self._found for track in _tracks(tracked)]
        return Offer(tuple(keys), tuple(name for name, _, tracked in self._found if tracked.joules))

    def read(self) -> Measure:
        """Tell what those that are awake tell."""
        measure = Measure()
        for name, device, tracked in self._found:
            if not is_asleep(self._host, device):
                self._add(measure, name, tracked)
        return measure

    def close(self) -> None:
        """Forget them; nothing else is held."""
        self._found = []

    def _add(self, measure: Measure, name: str, tracked: Tracked) -> None:
        told = {track: value.read(self._host) for track, value in tracked.values.items()}
        told |= {Track.THROTTLE: tracked.throttle()} if tracked.throttle else {}
        measure.gauges |= gauges_of(name, told)
        if tracked.joules and (joules := tracked.joules.read(self._host)) is not None:
            measure.joules[name] = joules


def _tracks(tracked: Tracked) -> list[str]:
    return [*tracked.values, *([Track.THROTTLE] if tracked.throttle else [])]
