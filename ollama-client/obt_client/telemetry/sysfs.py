"""Values that stand in small files of sysfs: found once, then read again and again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from obt_client.hardware.facts import number
from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice

Parse = Callable[[str], float | None]


@dataclass(frozen=True, slots=True)
class FileValue:
    """A value in a file, in the unit that it is told in."""

    path: Path
    parse: Parse

    def read(self, host: Host) -> float | None:
        """None where the file is gone, refuses, or says something else."""
        text = host.read(self.path)
        return None if text is None else self.parse(text)


def times(scale: float, least: float = 0) -> Parse:
    """A number that is at least `least`, times so much."""

    def parse(text: str) -> float | None:
        told = number(text, least=least, most=1e18)
        return None if told is None else told * scale

    return parse


def first_told(host: Host, candidates: Iterable[tuple[Path, Parse]], *, asleep: bool) -> FileValue | None:
    """Return the first of the files that can be read; of a device that sleeps, the first that is there."""
    for path, parse in candidates:
        if path.exists() if asleep else host.read(path) is not None:
            return FileValue(path, parse)
    return None


def monitors(host: Host, device: PciDevice) -> list[Path]:
    """Return the folders of the device's sensors."""
    return host.entries(device.folder / "hwmon")


def of_monitors(
    host: Host, device: PciDevice, names: Iterable[str], scale: float, least: float = 0
) -> list[tuple[Path, Parse]]:
    """Return candidates among the device's sensors, the better ones first."""
    return [(folder / name, times(scale, least)) for name in names for folder in monitors(host, device)]


def temperatures(host: Host, device: PciDevice, names: Iterable[str]) -> list[tuple[Path, Parse]]:
    """The same of temperatures, which stand in thousandths of a degree."""
    return of_monitors(host, device, names, scale=1e-3, least=-273_150)


def is_asleep(host: Host, device: PciDevice) -> bool:
    """Whether the kernel has powered the device down: to read its sensors would wake it up."""
    return host.read(device.folder / "power" / "runtime_status") == "suspended"
