"""AMD GPUs, as the kernel's driver (amdgpu) and its compute topology (KFD) tell of them in sysfs.

Sources: "amdgpu DRM driver" and Documentation/ABI/testing/sysfs-class-kfd of the Linux kernel.
"""

from dataclasses import dataclass

from obt_client.hardware.facts import count, number, size_bytes, some_fact
from obt_client.hardware.gpus import GPUS_MAX, FoundGpu
from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice, is_gpu, node_number, read_pci
from obt_core.hardware import Gpu, GpuVendor, NoteCode
from obt_core.machine_environment import GpuEnvironment

SOURCE = "amd"
APUS = {
    "15d8", "15dd", "15e7", "1636", "1638", "163f", "164c", "164d", "164e", "1681", "1435", "1506",
    "15bf", "15c8", "1900", "1901", "150e", "1586", "1114", "13c0", "74a0",
}  # fmt: skip
"""Chips that share the processor's memory: Raven to Granite Ridge, and MI300A, by the list of PCI IDs."""
_NODES = "sys/class/kfd/kfd/topology/nodes"


@dataclass(frozen=True)
class KfdNode:
    """A GPU in the compute topology: its instruction set and its compute units."""

    gfx: str | None
    compute_units: int | None


def read_amd(host: Host) -> list[FoundGpu]:
    """Return what sysfs tells of AMD's GPUs beyond the bus."""
    devices = [device for device in read_pci(host) if is_gpu(device) and device.vendor == "1002"][:GPUS_MAX]
    nodes = read_kfd(host) if devices else {}
    if nodes and not host.path("dev/kfd").exists():
        host.note(SOURCE, NoteCode.NOT_ACCESSIBLE, "/dev/kfd")
    return [_gpu(host, device, nodes) for device in devices]


def _gpu(host: Host, device: PciDevice, nodes: dict[int, KfdNode]) -> FoundGpu:
    minors = (node_number(entry.name) for entry in host.entries(device.folder / "drm"))
    node = next((nodes[minor] for minor in minors if minor in nodes), KfdNode(None, None))
    vram = size_bytes(host.read(device.folder / "mem_info_vram_total"))
    is_apu = _is_apu(host, device)
    name = some_fact(host.read(device.folder / "product_name") or "") or ""
    driver_version = some_fact(host.read("sys/module/amdgpu/version") or "")
    gpu = Gpu(
        vendor=GpuVendor.AMD,
        name=name,
        memory_bytes=vram,
        driver_version=driver_version,
        pci_address=device.address,
        is_integrated=is_apu,
        cores=node.compute_units,
        compute_capability=node.gfx,
    )
    return FoundGpu(gpu, _environment(host, device, gpu))


def _environment(host: Host, device: PciDevice, gpu: Gpu) -> GpuEnvironment:
    rocm = some_fact(host.read("opt/rocm/.info/version") or "")
    return GpuEnvironment(
        name=gpu.name,
        driver_version=gpu.driver_version,
        runtime_version=f"ROCm {rocm}" if rocm else None,
        firmware_version=some_fact(host.read(device.folder / "vbios_version") or ""),
        power_limit_w=_watts(host, device, "power1_cap"),
        power_limit_default_w=_watts(host, device, "power1_cap_default"),
        power_limit_max_w=_watts(host, device, "power1_cap_max"),
        memory_carved_out_bytes=gpu.memory_bytes if gpu.is_integrated else None,
    )


def _is_apu(host: Host, device: PciDevice) -> bool | None:
    """The chip says so; a chip that nobody knows yet is discrete when its memory has a maker."""
    if device.device in APUS:
        return True
    maker = some_fact(host.read(device.folder / "mem_info_vram_vendor") or "")
    return False if maker else None


def _watts(host: Host, device: PciDevice, name: str) -> float | None:
    for monitor in host.entries(device.folder / "hwmon"):
        microwatts = number(host.read(monitor / name), 1, 100_000_000_000)
        if microwatts:
            return microwatts / 1_000_000
    return None


def read_kfd(host: Host) -> dict[int, KfdNode]:
    """Return the GPUs of the compute topology by the minor number of their render node."""
    found: dict[int, KfdNode] = {}
    for folder in host.entries(_NODES):
        told = parse_kfd_properties(host.read(folder / "properties", SOURCE) or "")
        minor, version = told.get("drm_render_minor", 0), told.get("gfx_target_version", 0)
        if minor > 0 and version > 0:
            found[minor] = KfdNode(gfx_name(version), _compute_units(told))
    return found


def parse_kfd_properties(text: str) -> dict[str, int]:
    """Read a node's properties: a name and a whole number a line."""
    found: dict[str, int] = {}
    for line in text.splitlines()[:200]:
        name, _, value = line.partition(" ")
        told = count(value.strip(), 0, 2**64)
        if told is not None:
            found[name] = told
    return found


def gfx_name(version: int) -> str | None:
    """Return `gfx90a` for 90010: two decimal digits each of minor and step, written as hexadecimal ones."""
    major, minor, step = version // 10_000, version // 100 % 100, version % 100
    return f"gfx{major}{minor:x}{step:x}" if 1 <= major < 100 and minor < 16 and step < 16 else None


def _compute_units(told: dict[str, int]) -> int | None:
    return count(told.get("simd_count", 0) // max(1, told.get("simd_per_cu", 1)), 1, 100_000)
