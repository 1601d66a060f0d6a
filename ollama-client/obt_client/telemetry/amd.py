"""AMD GPUs, as the kernel's driver tells of them in sysfs; readable by everybody, no tool is asked.

Source: "GPU Power/Thermal Controls and Monitoring" of the kernel's documentation of amdgpu.
"""

import re
from pathlib import Path

from obt_client.hardware.amd import APUS
from obt_client.hardware.pci import PciDevice
from obt_client.telemetry.rapl import is_readable
from obt_client.telemetry.sysfs import Parse, first_told, is_asleep, of_monitors, temperatures, times
from obt_client.telemetry.sysfs_gpus import SysfsGpus, Tracked
from obt_core.hardware import GpuVendor
from obt_core.telemetry import Track

_LEVEL = re.compile(r"^\s*\w+:\s*(\d{1,6})\s*Mhz\s*\*", re.IGNORECASE | re.MULTILINE)
_MICRO = 1e-6


def parse_level(text: str) -> float | None:
    """Read `pp_dpm_sclk`, a clock a line: `1: 1500Mhz *` is the one in use."""
    found = _LEVEL.search(text)
    return float(found[1]) if found else None


class AmdSource(SysfsGpus):
    """All of AMD's GPUs."""

    name, vendor, pci_vendor = "amd", GpuVendor.AMD, "1002"

    def tracked(self, device: PciDevice) -> Tracked:
        """See which files are there."""
        host, asleep = self._host, is_asleep(self._host, device)
        found = {track: first_told(host, files, asleep=asleep) for track, files in self._files(device).items()}
        values = {track: value for track, value in found.items() if value}
        joules = first_told(host, of_monitors(host, device, ("energy1_input",), _MICRO), asleep=asleep)
        if device.device in APUS and is_readable(host):
            values.pop(Track.POWER, None)
            joules = None
        return Tracked(values, joules)

    def _files(self, device: PciDevice) -> dict[str, list[tuple[Path, Parse]]]:
        """Candidates for each track, the better ones first. Of an APU, power is that of the whole chip.

        Where the processor counts it itself (RAPL), it is not told twice.
        """
        host, folder = self._host, device.folder
        return {
            Track.UTILIZATION: [(folder / "gpu_busy_percent", times(1))],
            Track.VRAM_USED: [(folder / "mem_info_vram_used", times(1))],
            Track.POWER: of_monitors(host, device, ("power1_average", "power1_input"), _MICRO),
            Track.POWER_LIMIT: of_monitors(host, device, ("power1_cap",), _MICRO),
            Track.TEMPERATURE: temperatures(host, device, ("temp1_input",)),
            Track.CLOCK: [*of_monitors(host, device, ("freq1_input",), _MICRO), (folder / "pp_dpm_sclk", parse_level)],
            Track.MEMORY_CLOCK: [
                *of_monitors(host, device, ("freq2_input",), _MICRO),
                (folder / "pp_dpm_mclk", parse_level),
            ],
        }
