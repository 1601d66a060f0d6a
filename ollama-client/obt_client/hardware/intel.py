"""Intel GPUs: what the kernel's drivers (i915, xe) tell in sysfs, and `xpu-smi`, where it is installed.

Sources: drivers/gpu/drm/xe/xe_tile_sysfs.c of the kernel, which has one file a tile for its memory;
`lmem_total_bytes` of Intel's own i915; the user guide of Intel XPU Manager.
"""

import re

from obt_client.hardware.facts import (
    count,
    json_of,
    pci_address,
    pcie_width,
    rows,
    size_bytes,
    some_fact,
    table,
)
from obt_client.hardware.gpus import GPUS_MAX, FoundGpu
from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice, drm_card, is_gpu, read_pci
from obt_core.hardware import Gpu, GpuVendor, NoteCode
from obt_core.machine_environment import GpuEnvironment

SOURCE = "intel"
TOOL_SOURCE = "intel-tools"
_ASKED_MAX = 8


def read_intel(host: Host) -> list[FoundGpu]:
    """Return what sysfs tells of Intel's GPUs beyond the bus."""
    devices = [device for device in read_pci(host) if is_gpu(device) and device.vendor == "8086"][:GPUS_MAX]
    return [_gpu(host, device) for device in devices]


def _gpu(host: Host, device: PciDevice) -> FoundGpu:
    """A graphics part of a processor is device 2 on bus 0, by Intel's data sheets; cards are behind a bridge."""
    is_integrated = device.address.endswith(":00:02.0")
    version = some_fact(host.read(f"sys/module/{device.driver}/version") or "") if device.driver else None
    gpu = Gpu(
        vendor=GpuVendor.INTEL,
        name="",
        memory_bytes=None if is_integrated else _memory(host, device),
        driver_version=version,
        pci_address=device.address,
        is_integrated=is_integrated,
    )
    return FoundGpu(gpu, GpuEnvironment(name="", driver_version=version))


def _memory(host: Host, device: PciDevice) -> int | None:
    tiles = [entry for entry in host.entries(device.folder) if re.fullmatch(r"tile\d", entry.name)]
    sizes = [size_bytes(host.read(tile / "physical_vram_size_bytes")) for tile in tiles]
    if total := sum(filter(None, sizes)):
        return total
    card = drm_card(host, device)
    return size_bytes(host.read(card / "lmem_total_bytes")) if card else None


def read_intel_tools(host: Host) -> list[FoundGpu]:
    """Return what `xpu-smi` prints: the list of devices, then each by itself."""
    if not (text := host.tool(TOOL_SOURCE, "xpu-smi", "discovery", "-j")):
        return []
    numbers = parse_device_numbers(text)
    if not numbers:
        host.note(TOOL_SOURCE, NoteCode.UNREADABLE, "xpu-smi")
    replies = [host.tool(TOOL_SOURCE, "xpu-smi", "discovery", "-d", str(n), "-j") for n in numbers[:_ASKED_MAX]]
    return [found for reply in replies if reply and (found := parse_xpu_smi(reply))]


def parse_device_numbers(text: str) -> list[int]:
    """Read `xpu-smi discovery -j`: the number of each physical device."""
    devices = rows(table(json_of(text)).get("device_list"))
    physical = [row for row in devices if row.get("device_function_type", "physical") == "physical"]
    return [at for row in physical if (at := count(row.get("device_id"), 0, 1_000)) is not None]


def parse_xpu_smi(text: str) -> FoundGpu | None:
    """Read `xpu-smi discovery -d N -j`. Numbers are strings in it."""
    row = table(json_of(text))
    address, name = pci_address(row.get("pci_bdf_address")), some_fact(row.get("device_name"))
    if address is None or name is None:
        return None
    gpu = Gpu(
        vendor=GpuVendor.INTEL,
        name=name,
        memory_bytes=size_bytes(row.get("memory_physical_size_byte")),
        driver_version=some_fact(row.get("driver_version")),
        pci_id=None,  # sysfs tells it with the revision
        pci_address=address,
        cores=count(row.get("number_of_eus"), 1, 100_000),
        pcie_generation_max=count(row.get("pcie_generation"), 1, 15),
        pcie_width_max=pcie_width(row.get("pcie_max_link_width")),
    )
    environment = GpuEnvironment(
        name=name,
        driver_version=gpu.driver_version,
        firmware_version=some_fact(row.get("gfx_firmware_version")),
    )
    return FoundGpu(gpu, environment)
