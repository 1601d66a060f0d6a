"""Temperature of processors and how often they were held back for it, on Linux; readable by everybody.

Sources: Documentation/hwmon of coretemp and k10temp; `thermal_throttle` of the kernel's x86 code (therm_throt.c), which
Intel's processors have alone.
"""

import re
from pathlib import Path

from obt_client.hardware.facts import count
from obt_client.hardware.host import Host
from obt_client.telemetry.source import Measure, Offer
from obt_client.telemetry.sysfs import FileValue, times
from obt_core.telemetry import Throttle, Track

_MONITORS, _CPUS = "sys/class/hwmon", "sys/devices/system/cpu"
_PACKAGE = re.compile(r"Package id (\d{1,3})")
_OF_ALL = {"k10temp": ("Tdie", "Tctl"), "zenpower": ("Tdie", "Tctl"), "cpu_thermal": ("",), "soc_thermal": ("",)}
"""Sensors that do not say of which package they are, with their labels, the better one first."""
_FIRST_SENSORS = 8
_MILLI = 1e-3
_COUNT_MAX = 2**62


class CpuSource:
    """`cpu`, `cpu1`, ... are the packages, as RAPL has them."""

    name = "cpu"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._sensors: dict[str, list[FileValue]] = {}
        self._counters: dict[str, tuple[Path, int]] = {}

    def open(self) -> Offer:
        """See which packages have sensors, and how often each was held back until now."""
        self._sensors = _sensors(self._host)
        self._counters = _counters(self._host)
        hot = [(Track.TEMPERATURE, device) for device in sorted(self._sensors)]
        return Offer((*hot, *((Track.THROTTLE, device) for device in sorted(self._counters))))

    def read(self) -> Measure:
        """Tell the hottest sensor of each package, and whether it was held back since the last reading."""
        measure = Measure()
        for device, sensors in self._sensors.items():
            if told := [degrees for sensor in sensors if (degrees := sensor.read(self._host)) is not None]:
                measure.gauges[Track.TEMPERATURE, device] = max(told)
        for device, (path, before) in self._counters.items():
            if (now := count(self._host.read(path), 0, _COUNT_MAX)) is not None:
                measure.gauges[Track.THROTTLE, device] = float(Throttle.THERMAL if now > before else 0)
                self._counters[device] = (path, now)
        return measure

    def close(self) -> None:
        """Nothing is held."""


def _device(package: int) -> str:
    return "cpu" if package == 0 else f"cpu{package}"


def _sensors(host: Host) -> dict[str, list[FileValue]]:
    found: dict[str, list[FileValue]] = {}
    for folder in host.entries(_MONITORS):
        kind = host.read(folder / "name") or ""
        labels = {host.read(folder / f"temp{n}_label") or "": n for n in range(_FIRST_SENSORS, 0, -1)}
        if kind == "coretemp":
            named = [(int(match[1]), n) for label, n in labels.items() if (match := _PACKAGE.fullmatch(label))]
        else:
            named = [(0, labels[label]) for label in _OF_ALL.get(kind, ()) if label in labels][:1]
        for package, n in named:
            sensor = FileValue(folder / f"temp{n}_input", times(_MILLI, least=-273_150))
            found.setdefault(_device(package), []).append(sensor)
    return found


def _counters(host: Host) -> dict[str, tuple[Path, int]]:
    """One core of each package tells for all of it."""
    found: dict[str, tuple[Path, int]] = {}
    for folder in host.entries(_CPUS):
        package = count(host.read(folder / "topology" / "physical_package_id"), 0, 255)
        path = folder / "thermal_throttle" / "package_throttle_count"
        if package is None or _device(package) in found:
            continue
        if (told := count(host.read(path), 0, _COUNT_MAX)) is not None:
            found[_device(package)] = (path, told)
    return found
