"""Energy of processors and memory by RAPL, which Intel's and AMD's processors count themselves.

Source: Documentation/power/powercap/powercap.rst of the Linux kernel. Since November 2020 (CVE-2020-8694) only root may
read the counters; without the right to, nothing is told and a note says so.
"""

import re
from pathlib import Path

from obt_client.hardware.facts import number
from obt_client.hardware.host import Host
from obt_client.telemetry.energy import Unwrapped
from obt_client.telemetry.source import Measure, Offer

SOURCE = "rapl"
_ZONES = "sys/class/powercap"
_MICRO = 1e-6


def read_joules(host: Host, zone: Path) -> float | None:
    """Return the counter of a zone in joules; None where it cannot be read, a refusal is noted."""
    microjoules = number(host.read(zone / "energy_uj", SOURCE))
    return None if microjoules is None else microjoules * _MICRO


def zones(host: Host) -> dict[str, list[Path]]:
    """Return the zones that are counted, by device: `cpu`, `cpu1`, ... the packages, `dram` all memory.

    Those of a memory-mapped second interface (intel-rapl-mmio) and of a whole laptop (psys) count the same again,
    those of cores and of the graphics part are in the package.
    """
    found: dict[str, list[Path]] = {}
    for zone in host.entries(_ZONES):
        name = host.read(zone / "name") or ""
        if not re.fullmatch(r"intel-rapl:\d+(:\d+)?", zone.name):
            continue
        if (package := re.fullmatch(r"package-(\d{1,3})(-die-\d+)?", name)) is not None:
            index = int(package[1])
            found.setdefault("cpu" if index == 0 else f"cpu{index}", []).append(zone)
        elif name == "dram":
            found.setdefault("dram", []).append(zone)
    return found


def is_readable(host: Host) -> bool:
    """Whether the processor's energy can be read by this user."""
    return any(read_joules(host, zone) is not None for found in zones(host).values() for zone in found)


class RaplSource:
    """Counters that wrap around after some hundred kilojoules."""

    name = SOURCE

    def __init__(self, host: Host) -> None:
        self._host = host
        self._zones: dict[str, list[tuple[Path, Unwrapped]]] = {}

    def open(self) -> Offer:
        """See which zones this user may read, and where their counters wrap."""
        for device, found in zones(self._host).items():
            readable = [(zone, Unwrapped(range_)) for zone in found if (range_ := self._range_j(zone))]
            if len(readable) == len(found):  # half of a machine's memory would be told as all of it
                self._zones[device] = readable
        return Offer(counts_energy=tuple(sorted(self._zones)))

    def read(self) -> Measure:
        """Tell each device's energy; missing where one of its zones did not tell."""
        measure = Measure()
        for device, found in self._zones.items():
            told = [(unwrap, joules) for zone, unwrap in found if (joules := read_joules(self._host, zone)) is not None]
            if len(told) == len(found):
                measure.joules[device] = sum(unwrap(joules) for unwrap, joules in told)
        return measure

    def close(self) -> None:
        """Nothing is held."""

    def _range_j(self, zone: Path) -> float | None:
        """None too where the counter itself cannot be read."""
        microjoules = number(self._host.read(zone / "max_energy_range_uj"), least=1)
        if microjoules is None or read_joules(self._host, zone) is None:
            return None
        return microjoules * _MICRO
