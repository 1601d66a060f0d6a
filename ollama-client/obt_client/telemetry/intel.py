"""Intel GPUs, as the kernel's drivers (i915, xe) tell of them in sysfs.

Sources: sysfs-driver-intel-i915-hwmon, sysfs-driver-intel-xe-hwmon and the files of `gt*/freq0/throttle` and
`gt/gt*/throttle_reason_*` in the kernel's documentation and drivers. Utilisation and used memory are not in sysfs.
"""

from pathlib import Path

from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice, drm_card
from obt_client.telemetry.sysfs import Parse, first_told, is_asleep, of_monitors, temperatures, times
from obt_client.telemetry.sysfs_gpus import SysfsGpus, Tracked
from obt_core.hardware import GpuVendor
from obt_core.telemetry import Throttle, Track

_MICRO = 1e-6
_REASONS = {
    "thermal": Throttle.THERMAL,
    "prochot": Throttle.THERMAL,
    "ratl": Throttle.THERMAL,
    "vr_thermalert": Throttle.THERMAL,
    "pl1": Throttle.POWER_CAP,
    "pl2": Throttle.POWER_CAP,
    "pl4": Throttle.POWER_CAP,
    "vr_tdc": Throttle.OTHER,
}
"""RATL is a running average of temperature; PL are power limits over seconds, milliseconds and at once."""


class IntelSource(SysfsGpus):
    """All of Intel's GPUs."""

    name, vendor, pci_vendor = "intel", GpuVendor.INTEL, "8086"

    def tracked(self, device: PciDevice) -> Tracked:
        """See which files are there."""
        host, gt, asleep = self._host, graphics_folders(self._host, device), is_asleep(self._host, device)
        candidates: dict[str, list[tuple[Path, Parse]]] = {
            Track.CLOCK: [(folder / name, times(1)) for folder in gt for name in _CLOCKS],
            Track.TEMPERATURE: temperatures(host, device, ("temp1_input", "temp2_input")),
            Track.POWER_LIMIT: of_monitors(host, device, ("power1_max", "power2_max", "power1_cap"), _MICRO),
        }
        found = {track: first_told(host, files, asleep=asleep) for track, files in candidates.items()}
        values = {track: value for track, value in found.items() if value}
        joules = first_told(host, of_monitors(host, device, ("energy1_input", "energy2_input"), _MICRO), asleep=asleep)
        status = first_told(host, [(folder / name, times(1)) for folder in gt for name in _STATUS], asleep=asleep)
        return Tracked(values, joules, (lambda: throttle(host, status.path)) if status else None)


_CLOCKS = ("freq0/act_freq", "gt_act_freq_mhz", "gt/gt0/rps_act_freq_mhz")
_STATUS = ("freq0/throttle/status", "gt/gt0/throttle_reason_status")


def graphics_folders(host: Host, device: PciDevice) -> list[Path]:
    """Return where clocks stand: of xe with the first tile's first part, of i915 with the card."""
    card = drm_card(host, device)
    return [device.folder / "tile0" / "gt0", *([card] if card else [])]


def throttle(host: Host, status: Path) -> float | None:
    """Return the bits of `Throttle`; the reasons stand in files beside the one that says that there is any."""
    told = host.read(status)
    if told not in {"0", "1"}:
        return None
    if told == "0":
        return 0.0
    prefix = status.name.removesuffix("status") or "reason_"
    bits = Throttle(0)
    for reason, bit in _REASONS.items():
        if host.read(status.parent / f"{prefix}{reason}") == "1":
            bits |= bit
    return float(bits or Throttle.OTHER)
