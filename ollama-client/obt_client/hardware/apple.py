"""Macs: `sysctl` for the processor, `system_profiler` for GPU and memory. Everything is verified on recordings only."""

import re

from obt_client.hardware.cpu import FoundCpu
from obt_client.hardware.facts import count, json_of, number, rows, size_with_unit, some_fact, table
from obt_client.hardware.features import features_of_sysctl
from obt_client.hardware.gpus import FoundGpu
from obt_client.hardware.host import Host
from obt_core.hardware import Cpu, Gpu, GpuVendor, Memory, NoteCode, Npu
from obt_core.machine_environment import GpuEnvironment

SOURCE = "apple"
_VENDORS = {"apple": GpuVendor.APPLE, "amd": GpuVendor.AMD, "intel": GpuVendor.INTEL, "nvidia": GpuVendor.NVIDIA}
NEURAL_ENGINE_CORES = {"ultra": 32, "": 16}
"""By the chip's kind: 16 in M1 to M5, Pro and Max too; an Ultra is two dies (Apple's technical specifications)."""


def parse_sysctl(text: str) -> dict[str, str]:
    """Read `sysctl hw machdep.cpu`: `name: value` a line."""
    pairs = (line.partition(": ") for line in text.splitlines()[:5_000])
    return {name.strip(): value.strip() for name, separator, value in pairs if separator}


def cpu_of_sysctl(told: dict[str, str]) -> Cpu | None:
    """Return the processor; perflevel0 are the performance cores of Apple silicon, perflevel1 the efficient ones."""
    model, logical = some_fact(told.get("machdep.cpu.brand_string")), count(told.get("hw.logicalcpu"))
    if model is None or logical is None:
        return None
    return Cpu(
        model=model,
        physical_cores=count(told.get("hw.physicalcpu")),
        logical_cores=logical,
        performance_cores=count(told.get("hw.perflevel0.physicalcpu")),
        efficiency_cores=count(told.get("hw.perflevel1.physicalcpu")),
        max_mhz=_mhz(told.get("hw.cpufrequency_max")),
        features=features_of_sysctl(told),
    )


def _mhz(told_hz: object) -> float | None:
    hertz = number(told_hz, 1_000_000, 100_000_000_000)
    return hertz / 1_000_000 if hertz else None


def read_mac_cpu(host: Host) -> FoundCpu | None:
    """Return the processor of a Mac."""
    cpu = cpu_of_sysctl(parse_sysctl(host.tool(SOURCE, "sysctl", "hw", "machdep.cpu") or ""))
    return FoundCpu(cpu) if cpu else None


def read_mac_gpus(host: Host) -> list[FoundGpu]:
    """Return the GPUs of a Mac."""
    text = host.tool(SOURCE, "system_profiler", "SPDisplaysDataType", "-json") or ""
    found = parse_displays(text)
    if text and not found:
        host.note(SOURCE, NoteCode.UNREADABLE, "system_profiler")
    return found


def parse_displays(text: str) -> list[FoundGpu]:
    """Read `system_profiler SPDisplaysDataType -json`. A GPU of Apple's shares all memory and has none of its own."""
    found = (_gpu(row) for row in rows(table(json_of(text)).get("spdisplaysdatatype")))
    return [gpu for gpu in found if gpu]


def _gpu(row: dict[str, object]) -> FoundGpu | None:
    name = some_fact(row.get("sppci_model")) or some_fact(row.get("_name"))
    if name is None:
        return None
    vendor = _vendor(some_fact(row.get("spdisplays_vendor")) or name)
    own = size_with_unit(row.get("spdisplays_vram"))
    is_integrated = (
        vendor == GpuVendor.APPLE or "spdisplays_vram_shared" in row or row.get("sppci_bus") == "spdisplays_builtin"
    )
    gpu = Gpu(
        vendor=vendor,
        name=name,
        memory_bytes=None if is_integrated else own,
        is_integrated=is_integrated,
        cores=count(row.get("sppci_cores"), 1, 10_000),
    )
    metal = re.fullmatch(
        r"spdisplays_metal(\d{1,2})", some_fact(row.get("spdisplays_mtlgpufamilysupport")) or "", re.ASCII
    )
    environment = GpuEnvironment(name=name, runtime_version=f"Metal {metal[1]}" if metal else None)
    return FoundGpu(gpu, environment)


def _vendor(told: str) -> GpuVendor:
    return next((vendor for part, vendor in _VENDORS.items() if part in told.lower()), GpuVendor.OTHER)


def read_mac_memory(host: Host) -> Memory:
    """Return kind and speed of a Mac's memory."""
    return parse_memory(host.tool(SOURCE, "system_profiler", "SPMemoryDataType", "-json") or "", host.arch == "arm64")


def parse_memory(text: str, is_apple_silicon: bool) -> Memory:
    """Read `system_profiler SPMemoryDataType -json`: Apple silicon names the kind; Intel Macs list modules."""
    told = rows(table(json_of(text)).get("spmemorydatatype"))
    modules = [module for bank in told for module in (rows(bank.get("_items")) or [bank])]
    full = [module for module in modules if some_fact(module.get("dimm_type")) not in {None, "empty"}]
    kinds = {kind for module in full if (kind := some_fact(module.get("dimm_type")))}
    speeds = [speed for module in full if (speed := number(module.get("dimm_speed"), 1, 1_000_000))]
    return Memory(
        kind=some_fact(", ".join(sorted(kinds))),
        speed_mt_per_s=int(min(speeds)) if speeds else None,
        modules=None if is_apple_silicon else count(len(full), 1, 1_024),
        is_unified=is_apple_silicon,
    )


def read_mac_npus(host: Host) -> list[Npu]:
    """Return the Neural Engine. No interface tells its cores: they follow from the chip's name."""
    return neural_engine(parse_sysctl(host.tool(SOURCE, "sysctl", "hw", "machdep.cpu") or ""))


def neural_engine(told: dict[str, str]) -> list[Npu]:
    """Return the Neural Engine of a chip that `sysctl` names, none on an Intel Mac or in a virtual machine."""
    chip = re.fullmatch(r"Apple (M\d{1,2})(?: (Pro|Max|Ultra))?", told.get("machdep.cpu.brand_string", ""), re.ASCII)
    if not chip:
        return []
    cores = NEURAL_ENGINE_CORES["ultra" if chip[2] == "Ultra" else ""]
    is_known = int(chip[1][1:]) <= 5
    return [Npu(vendor="apple", name="Apple Neural Engine", cores=cores if is_known else None, driver=None)]
