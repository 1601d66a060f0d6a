"""GPUs as the kernel lists them on the PCI bus: there with or without a driver, a library, a tool or root."""

import re
from dataclasses import dataclass
from pathlib import Path

from obt_client.hardware.facts import count, fact, hexadecimal, pci_address, pcie_generation, pcie_width
from obt_client.hardware.gpus import GPUS_MAX, FoundGpu
from obt_client.hardware.host import Host
from obt_core.hardware import Gpu, GpuVendor, NoteCode
from obt_core.machine_environment import GpuEnvironment

SOURCE = "pci"
DEVICES = "sys/bus/pci/devices"
VENDORS = {"10de": GpuVendor.NVIDIA, "1002": GpuVendor.AMD, "8086": GpuVendor.INTEL}
"""Those that llama.cpp runs on. Display chips of servers and virtual machines (ASPEED, QXL, ...) are no GPUs here."""
_NAMES = {GpuVendor.NVIDIA: "NVIDIA", GpuVendor.AMD: "AMD", GpuVendor.INTEL: "Intel"}
_ID_FILES = ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids", "var/lib/pciutils/pci.ids")
_DEVICES_MAX = 4096


@dataclass(frozen=True)
class PciDevice:
    """One device: its folder in sysfs, its address, and its numbers as hexadecimal digits."""

    folder: Path
    address: str
    vendor: str
    device: str
    revision: str
    class_code: str
    driver: str | None

    @property
    def chip(self) -> str:
        """The chip's numbers: `vendor:device:revision`."""
        return f"{self.vendor}:{self.device}:{self.revision}"


def read_pci(host: Host) -> list[PciDevice]:
    """Return all devices whose numbers can be read, by address."""
    found = (_device(host, folder) for folder in host.entries(DEVICES)[:_DEVICES_MAX])
    return sorted((device for device in found if device), key=lambda device: device.address)


def _device(host: Host, folder: Path) -> PciDevice | None:
    address = pci_address(folder.name)
    vendor, device = (hexadecimal(host.read(folder / name)) for name in ("vendor", "device"))
    class_code = hexadecimal(host.read(folder / "class"), 6)
    if not (address and vendor and device and class_code):
        return None
    revision = hexadecimal(host.read(folder / "revision"), 2) or "00"
    return PciDevice(folder, address, vendor, device, revision, class_code, host.link_name(folder / "driver"))


def is_gpu(device: PciDevice) -> bool:
    """Tell a GPU by vendor and class: display controllers, and AMD's Instinct, which are processing accelerators."""
    is_display = device.class_code.startswith("03")
    is_instinct = device.vendor == "1002" and device.class_code.startswith("1200")
    return device.vendor in VENDORS and (is_display or is_instinct)


def read_pci_gpus(host: Host) -> list[FoundGpu]:
    """Return the GPUs on the bus, with names from the list of PCI IDs if the machine has one."""
    devices = [device for device in read_pci(host) if is_gpu(device)][:GPUS_MAX]
    names = read_names(host, devices)
    return [_gpu(host, device, names.get((device.vendor, device.device))) for device in devices]


def read_names(host: Host, devices: list[PciDevice]) -> dict[tuple[str, str], str]:
    """Return the names of `devices` from the first list of PCI IDs that is there."""
    if not devices:
        return {}
    text = next((text for file in _ID_FILES if (text := host.read(file))), "")
    return parse_pci_ids(text, {(device.vendor, device.device) for device in devices})


def parse_pci_ids(text: str, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Read pci.ids: `vendor  name`, then its devices behind a tab. Its head describes the format."""
    found: dict[tuple[str, str], str] = {}
    vendor = ""
    for line in text.splitlines():
        if re.match(r"[0-9a-f]{4}  ", line):
            vendor = line[:4]
        elif (match := re.match(r"\t([0-9a-f]{4})  (\S.*)", line)) and (vendor, match[1]) in wanted:
            found[vendor, match[1]] = fact(match[2])
    return found


def _gpu(host: Host, device: PciDevice, name: str | None) -> FoundGpu:
    vendor = VENDORS[device.vendor]
    full = f"{_NAMES[vendor]} {name or f'GPU {device.vendor}:{device.device}'}"
    gpu = Gpu(
        vendor=vendor,
        name=full,
        pci_id=device.chip,
        pci_address=device.address,
        pcie_generation_max=pcie_generation(host.read(device.folder / "max_link_speed")),
        pcie_width_max=pcie_width(host.read(device.folder / "max_link_width")),
    )
    environment = GpuEnvironment(
        name=full,
        driver=device.driver,
        pcie_generation=pcie_generation(host.read(device.folder / "current_link_speed")),
        pcie_width=pcie_width(host.read(device.folder / "current_link_width")),
        is_accessible=_is_accessible(host, device),
    )
    return FoundGpu(gpu, environment)


def _is_accessible(host: Host, device: PciDevice) -> bool | None:
    """Whether the node of the render device is there: a container may see the GPU in sysfs and not have its node."""
    if device.driver is None:
        host.note(SOURCE, NoteCode.DRIVER_MISSING, device.address)
        return False
    nodes = [entry.name for entry in host.entries(device.folder / "drm") if entry.name.startswith("renderD")]
    if not nodes:
        return None
    is_there = any(host.path(f"dev/dri/{node}").exists() for node in nodes)
    if not is_there:
        host.note(SOURCE, NoteCode.NOT_ACCESSIBLE, f"{device.address}: /dev/dri/{nodes[0]}")
    return is_there


def drm_card(host: Host, device: PciDevice) -> Path | None:
    """Return the folder of the device's card (`card0`), which some drivers put more into."""
    cards = [entry for entry in host.entries(device.folder / "drm") if re.fullmatch(r"card\d+", entry.name)]
    return cards[0] if cards else None


def node_number(name: str) -> int | None:
    """Return 128 of `renderD128`."""
    return count(name.removeprefix("renderD"), 0, 1_000)
