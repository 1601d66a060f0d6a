"""GPUs whose kernel driver tells of them in files: what AMD's and Intel's sources have in common."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from obt_client.hardware.gpus import GPUS_MAX
from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice, is_gpu, read_pci
from obt_client.telemetry.source import Measure, Offer, gauges_of
from obt_client.telemetry.sysfs import FileValue, is_asleep
from obt_core.hardware import GpuVendor


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


def devices_of(host: Host, pci_vendor: str) -> list[PciDevice]:
    """Return a vendor's GPUs on the bus."""
    return [device for device in read_pci(host) if is_gpu(device) and device.vendor == pci_vendor][:GPUS_MAX]


class SysfsGpus:
    """Several GPUs of one vendor. A GPU that sleeps is left asleep and tells nothing."""

    def __init__(self, host: Host, found: Iterable[tuple[str, PciDevice, Tracked]], throttle_track: str) -> None:
        self._host, self._found, self._throttle = host, list(found), throttle_track

    def offer(self) -> Offer:
        """All tracks of all GPUs."""
        keys = [(track, name) for name, _, tracked in self._found for track in self._tracks(tracked)]
        return Offer(tuple(keys), tuple(name for name, _, tracked in self._found if tracked.joules))

    def read(self) -> Measure:
        """Tell what those that are awake tell."""
        measure = Measure()
        for name, device, tracked in self._found:
            if not is_asleep(self._host, device):
                self._add(measure, name, tracked)
        return measure

    def _tracks(self, tracked: Tracked) -> list[str]:
        return [*tracked.values, *([self._throttle] if tracked.throttle else [])]

    def _add(self, measure: Measure, name: str, tracked: Tracked) -> None:
        told = {track: value.read(self._host) for track, value in tracked.values.items()}
        told |= {self._throttle: tracked.throttle()} if tracked.throttle else {}
        measure.gauges |= gauges_of(name, told)
        if tracked.joules and (joules := tracked.joules.read(self._host)) is not None:
            measure.joules[name] = joules
