"""A snapshot as a person reads it: one line a part, pure."""

from collections.abc import Iterator

from obt_core.hardware import Cpu, Gpu, HardwareSnapshot, ModelDisk
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, Power

_GIB = 2**30


def describe(snapshot: HardwareSnapshot) -> list[str]:
    """Return the machine as lines, `Part: what it is`; of what is not known nothing is said, but in the notes."""
    if not snapshot.known:
        return ["Hardware: unknown, Ollama runs on another machine"]
    return [f"{name}: {text}" for name, text in _parts(snapshot) if text]


def _parts(snapshot: HardwareSnapshot) -> Iterator[tuple[str, str]]:
    environment = snapshot.environment or MachineEnvironment()
    yield "System", _listed(f"{snapshot.os} {snapshot.os_version}".strip(), environment.kernel, snapshot.arch)
    yield "Runs in", _boundary(environment)
    yield "Processor", _cpu(snapshot.cpu) if snapshot.cpu else "unknown"
    yield "Instruction sets", " ".join(snapshot.cpu.features) if snapshot.cpu else ""
    yield "Memory", _memory(snapshot)
    settings = (*environment.gpus, *[None] * len(snapshot.gpus))
    for number, gpu in enumerate(snapshot.gpus, 1):
        yield (f"GPU {number}" if len(snapshot.gpus) > 1 else "GPU"), _gpu(gpu, settings[number - 1])
    if not snapshot.gpus:
        yield "GPU", "none found"
    for npu in snapshot.npus:
        yield "NPU", _listed(npu.name, npu.cores and f"{npu.cores} cores", npu.driver and f"driver {npu.driver}")
    yield "Disk of the models", _disk(snapshot.model_disk or ModelDisk(), environment)
    yield "Power", _power(environment.power or Power())
    for note in snapshot.notes:
        yield "Note", _listed(f"{note.source}: {note.code.replace('_', ' ')}", note.detail)


def _listed(*parts: str | float | None) -> str:
    return ", ".join(str(part) for part in parts if part)


def size(size_bytes: int | None) -> str:
    """Return `23.9 GB`, in powers of two as memory is sold; nothing where it is not known."""
    return "" if size_bytes is None else f"{size_bytes / _GIB:.1f} GB"


def _boundary(environment: MachineEnvironment) -> str:
    hypervisor = environment.virtualization if environment.virtualization != "none" else None
    container = environment.container if environment.container != "none" else None
    return _listed(hypervisor and f"virtual machine ({hypervisor})", container and f"container ({container})")


def _cpu(cpu: Cpu) -> str:
    kinds = cpu.performance_cores and cpu.efficiency_cores
    return _listed(
        cpu.model or "unknown",
        cpu.physical_cores and f"{cpu.physical_cores} cores",
        kinds and f"{cpu.performance_cores} fast and {cpu.efficiency_cores} efficient",
        f"{cpu.logical_cores} threads",
        cpu.max_mhz and f"up to {cpu.max_mhz:.0f} MHz",
    )


def _memory(snapshot: HardwareSnapshot) -> str:
    memory = snapshot.memory
    if snapshot.memory_bytes is None:
        return "unknown"
    speed = memory and memory.speed_mt_per_s and f"{memory.speed_mt_per_s} MT/s"
    modules = memory and memory.modules and f"{memory.modules} modules"
    shared = "shared with the GPU" if memory and memory.is_unified else None
    return _listed(size(snapshot.memory_bytes), memory and memory.kind, speed, modules, shared)


def _gpu(gpu: Gpu, settings: GpuEnvironment | None) -> str:
    own = size(gpu.memory_bytes) or ("shares the machine's memory" if gpu.is_integrated else None)
    return _listed(
        gpu.name,
        own,
        gpu.cores and f"{gpu.cores} cores",
        gpu.compute_capability,
        " ".join(gpu.number_formats),
        *(_settings(settings) if settings else ()),
    )


def _settings(settings: GpuEnvironment) -> Iterator[str | float | None]:
    driver = " ".join(filter(None, (settings.driver, settings.driver_version)))
    yield driver and f"driver {driver}"
    yield settings.runtime_version
    yield settings.power_limit_w and f"limit {settings.power_limit_w:.0f} W"
    if settings.pcie_generation and settings.pcie_width:
        yield f"PCIe {settings.pcie_generation} x{settings.pcie_width}"
    if settings.is_mig_enabled:
        yield "split by MIG into " + (" ".join(device.profile for device in settings.mig_devices) or "nothing")
    if settings.is_accessible is False:
        yield "not accessible from here"


def _disk(disk: ModelDisk, environment: MachineEnvironment) -> str:
    free = size(environment.model_disk_free_bytes)
    return _listed(disk.kind and disk.kind.upper(), size(disk.size_bytes), disk.filesystem, free and f"{free} free")


def _power(power: Power) -> str:
    battery = None if power.battery_percent is None else f"battery at {power.battery_percent:.0f} %"
    return _listed(
        power.source and f"on {power.source}",
        battery,
        power.governor and f"governor {power.governor}",
        power.energy_preference,
        power.platform_profile and f"profile {power.platform_profile}",
        power.plan and f"plan {power.plan.replace('_', ' ')}",
        "boost off" if power.is_boost_enabled is False else None,
        "Low Power Mode" if power.is_low_power_mode else None,
    )
