"""What Windows tells, as rows of WMI and values of the registry, made into models. Pure: tested on recorded rows.

Sources: "Win32_VideoController", "Win32_PhysicalMemory", "Win32_PnPEntity", "MSFT_PhysicalDisk" of Microsoft's
documentation; for kinds of memory the SMBIOS specification, 7.18.2. `AdapterRAM` has 32 bits: from 4 GiB on it lies,
so that the driver's `HardwareInformation.qwMemorySize` in the registry is taken, and `AdapterRAM` only below.
"""

import re
from collections.abc import Mapping, Sequence

from obt_client.hardware.facts import count, size_bytes, some_fact
from obt_client.hardware.gpus import FoundGpu
from obt_client.hardware.memory import memory_of_modules
from obt_core.hardware import DiskKind, Gpu, GpuVendor, Memory, ModelDisk, Npu
from obt_core.machine_environment import GpuEnvironment

Row = Mapping[str, object]
_VENDORS = {
    "10DE": GpuVendor.NVIDIA,
    "1002": GpuVendor.AMD,
    "1022": GpuVendor.AMD,
    "8086": GpuVendor.INTEL,
    "QCOM": GpuVendor.QUALCOMM,
    "4D4F": GpuVendor.QUALCOMM,
}
_MEMORY = {20: "DDR", 21: "DDR2", 24: "DDR3", 26: "DDR4", 27: "LPDDR", 28: "LPDDR2", 29: "LPDDR3", 30: "LPDDR4",
           32: "HBM", 33: "HBM2", 34: "DDR5", 35: "LPDDR5", 36: "HBM3"}  # fmt: skip
_ADAPTER_RAM_MAX = 2**32 - 2**20
"""At and just below 4 GiB the 32 bits are full, and say nothing."""
_SOFTWARE = re.compile(
    r"Basic (Display|Render)|Remote Display|Hyper-V|Virtual|Mirror|IddCx|Parsec|Meta ", re.IGNORECASE
)
_INTEL_CARD = re.compile(r"\bArc\b.*\b[AB]\d{2,3}\w?\b|\bData Center GPU\b|\bIris.*Xe MAX\b", re.IGNORECASE)
_AMD_SHARED = re.compile(
    r"^AMD Radeon(\(TM\))?( \d{3,4}[MS])?( RX Vega \d+)?( Graphics)?$|\bRadeon(\(TM\))? 8\d{2}0S\b", re.IGNORECASE
)


def vendor_of_pnp(identity: object) -> str | None:
    r"""Return `10DE` of `PCI\VEN_10DE&DEV_2684&...`, `QCOM` of `ACPI\VEN_QCOM&...`."""
    match = re.search(r"VEN_([0-9A-Z]{4})", identity.upper()) if isinstance(identity, str) else None
    return match[1] if match else None


def chip_of_pnp(identity: object) -> str | None:
    """Return `10de:2684:a1` of a device's identity."""
    text = identity if isinstance(identity, str) else ""
    match = re.search(r"VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})(?:.*&REV_([0-9A-F]{2}))?", text, re.IGNORECASE | re.ASCII)
    return f"{match[1]}:{match[2]}:{match[3] or '00'}".lower() if match else None


def gpus_of_wmi(controllers: Sequence[Row], adapters: Sequence[Row]) -> list[FoundGpu]:
    """Return the GPUs of Win32_VideoController, with the memory that the registry's `adapters` tell.

    Each adapter has DriverDesc, MatchingDeviceId and HardwareInformation.qwMemorySize. The two are matched by the
    device's numbers, else by name; of several equal ones each adapter serves once.
    """
    left = list(adapters)
    found = (_gpu(row, left) for row in controllers[:64])
    return [gpu for gpu in found if gpu]


def _gpu(row: Row, adapters: list[Row]) -> FoundGpu | None:
    name, identity = some_fact(row.get("Name")), row.get("PNPDeviceID")
    if name is None or _SOFTWARE.search(name):
        return None
    vendor = _VENDORS.get(vendor_of_pnp(identity) or "", GpuVendor.OTHER)
    is_integrated = _is_integrated(vendor, name)
    dedicated = _memory(row, _taken(adapters, name, identity))
    driver_version = some_fact(row.get("DriverVersion"))
    gpu = Gpu(
        vendor=vendor,
        name=name,
        memory_bytes=None if is_integrated and vendor != GpuVendor.AMD else dedicated,
        driver_version=driver_version,
        pci_id=chip_of_pnp(identity),
        is_integrated=is_integrated,
    )
    carved = gpu.memory_bytes if is_integrated else None
    return FoundGpu(gpu, GpuEnvironment(name=name, driver_version=driver_version, memory_carved_out_bytes=carved))


def _is_integrated(vendor: GpuVendor, name: str) -> bool | None:
    """No property says it: Intel's cards and AMD's shared graphics are told by their names, Qualcomm's all share."""
    if vendor == GpuVendor.INTEL:
        return not _INTEL_CARD.search(name)
    if vendor == GpuVendor.AMD:
        return bool(_AMD_SHARED.search(name))
    return {GpuVendor.NVIDIA: False, GpuVendor.QUALCOMM: True}.get(vendor)


def _taken(adapters: list[Row], name: str, identity: object) -> Row | None:
    chip = chip_of_pnp(identity)
    by_chip = (at for at, row in enumerate(adapters) if chip and _starts_alike(chip, row.get("MatchingDeviceId")))
    by_name = (at for at, row in enumerate(adapters) if some_fact(row.get("DriverDesc")) == name)
    at = next(by_chip, next(by_name, None))
    return None if at is None else adapters.pop(at)


def _starts_alike(chip: str, identity: object) -> bool:
    other = chip_of_pnp(identity)
    return other is not None and other[:9] == chip[:9]


def _memory(row: Row, adapter: Row | None) -> int | None:
    if adapter and (told := size_bytes(qword(adapter.get("HardwareInformation.qwMemorySize")))):
        return told
    narrow = count(row.get("AdapterRAM"), -(2**31), 2**32 - 1)
    unsigned = narrow % 2**32 if narrow is not None else 0  # WMI hands it out signed through some bindings
    return unsigned if 0 < unsigned < _ADAPTER_RAM_MAX else None


def qword(told: object) -> int | None:
    """Return a registry's number: REG_QWORD is one, some drivers write its bytes as REG_BINARY."""
    if isinstance(told, bytes) and len(told) in {4, 8}:
        return int.from_bytes(told, "little")
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def memory_of_wmi(modules: Sequence[Row]) -> Memory:
    """Return what Win32_PhysicalMemory tells: the configured speed, in MT/s whatever the property's help says."""
    full = [module for module in modules[:1_024] if size_bytes(module.get("Capacity"))]
    return memory_of_modules(
        [
            (
                _MEMORY.get(count(module.get("SMBIOSMemoryType"), 0, 255) or 0),
                module.get("ConfiguredClockSpeed") or module.get("Speed"),
            )
            for module in full
        ]
    )


def npus_of_wmi(entities: Sequence[Row]) -> list[Npu]:
    """Return the NPUs among Win32_PnPEntity: Windows 11 puts them into the class `ComputeAccelerator`.

    Windows 10 and older drivers use `System`: there only names that say so count.
    """
    found: list[Npu] = []
    for row in entities[:10_000]:
        name, kind = some_fact(row.get("Name")), row.get("PNPClass")
        is_named = kind == "System" and name and re.search(r"\bNPU\b|\bAI Boost\b|Hexagon.*NPU", name)
        if name and (kind == "ComputeAccelerator" or is_named):
            found.append(_npu(name, row))
    return found[:64]


def _npu(name: str, row: Row) -> Npu:
    vendor = {"8086": "intel", "1022": "amd", "1002": "amd", "QCOM": "qualcomm"}.get(
        vendor_of_pnp(row.get("PNPDeviceID")) or ""
    )
    vendor = vendor or ("qualcomm" if "Hexagon" in name or "Qualcomm" in name else "other")
    return Npu(
        vendor=vendor, name=name, driver=some_fact(row.get("Service")), pci_id=chip_of_pnp(row.get("PNPDeviceID"))
    )


def disk_of_wmi(letter: str, partitions: Sequence[Row], disks: Sequence[Row]) -> ModelDisk:
    """Return the disk under a drive: MSFT_Partition has its number, MSFT_PhysicalDisk its kind (BusType 17: NVMe)."""
    numbers = [count(row.get("DiskNumber"), 0, 10_000) for row in partitions if _letter(row) == letter.upper()]
    disk = next(
        (row for row in disks if count(row.get("DeviceId"), 0, 10_000) in numbers and numbers[0] is not None), None
    )
    if disk is None:
        return ModelDisk()
    media = {3: DiskKind.HDD, 4: DiskKind.SSD}.get(count(disk.get("MediaType"), 0, 100) or 0)
    kind = DiskKind.NVME if count(disk.get("BusType"), 0, 100) == 17 else media
    return ModelDisk(kind=kind, size_bytes=size_bytes(disk.get("Size")) or count(disk.get("Size"), 1, 2**62))


def _letter(row: Row) -> str | None:
    """WMI hands a character out as a letter or as its number."""
    told = row.get("DriveLetter")
    if isinstance(told, int) and 65 <= told <= 122:
        return chr(told).upper()
    return told.upper() if isinstance(told, str) and told else None
