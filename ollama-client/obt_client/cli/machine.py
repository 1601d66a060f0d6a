"""A machine as a person reads it: its parts, each with lines of facts. Pure; what is not known is not named."""

from collections.abc import Iterator
from dataclasses import dataclass

from obt_client.cli import show
from obt_core.hardware import Cpu, DiskKind, Gpu, GpuVendor, HardwareSnapshot, ModelDisk
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, Power

Facts = tuple[str, ...]
_SYSTEMS = {"Darwin": "macOS"}
_CORES = {
    GpuVendor.NVIDIA: "CUDA cores",
    GpuVendor.AMD: "compute units",
    GpuVendor.INTEL: "execution units",
}
_DISKS = {DiskKind.NVME: "NVMe", DiskKind.SSD: "SSD", DiskKind.HDD: "hard disk"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, and its facts, those of one kind in one line."""

    name: str
    lines: tuple[Facts, ...]


def parts_of(snapshot: HardwareSnapshot) -> list[Part]:
    """Return the parts in the order in which a person asks for them; the fingerprint is the last."""
    environment = snapshot.environment or MachineEnvironment()
    parts = [
        Part("System", _system(snapshot, environment)),
        Part("Runs in", _boundary(environment)),
        Part("Processor", _cpu(snapshot.cpu, environment) if snapshot.cpu else (("unknown",),)),
        Part("Memory", _memory(snapshot)),
        *_gpus(snapshot, environment),
        *(Part("NPU", _npu(npu.name, npu.cores, npu.driver)) for npu in snapshot.npus),
        Part("Model disk", _disk(snapshot.model_disk or ModelDisk(), environment)),
        Part("Power", _power(environment.power or Power())),
        Part("Fingerprint", ((snapshot.fingerprint(),),)),
    ]
    full = (Part(part.name, tuple(line for line in part.lines if line)) for part in parts)
    return [part for part in full if part.lines]


def _line(*told: object) -> Facts:
    """What is text of it, and not empty: `told and ...` leaves None, False or 0 where nothing is known."""
    return tuple(fact for fact in told if isinstance(fact, str) and fact)


def _count(number: int | None, one: str, more: str | None = None) -> str | None:
    return None if number is None else f"{number:,} {one if number == 1 else more or one + 's'}"


def _size(size_bytes: int | None) -> str | None:
    return None if size_bytes is None else show.size(size_bytes)


def _system(snapshot: HardwareSnapshot, environment: MachineEnvironment) -> tuple[Facts, ...]:
    named = "" if snapshot.os == "Linux" else _SYSTEMS.get(snapshot.os, snapshot.os)
    kernel = environment.kernel and f"kernel {environment.kernel}"
    return (_line(f"{named} {snapshot.os_version}".strip(), kernel, snapshot.arch),)


def _boundary(environment: MachineEnvironment) -> tuple[Facts, ...]:
    if environment.virtualization == environment.container == "none":
        return (("the machine itself: no hypervisor, no container",),)
    hypervisor = environment.virtualization if environment.virtualization != "none" else None
    container = environment.container if environment.container != "none" else None
    return (_line(hypervisor and f"a virtual machine ({hypervisor})", container and f"a container ({container})"),)


def _cpu(cpu: Cpu, environment: MachineEnvironment) -> tuple[Facts, ...]:
    limits = [f"{mhz:,.0f} MHz" for mhz in (cpu.min_mhz, cpu.max_mhz) if mhz]
    cores, fast, efficient = _count(cpu.physical_cores, "core"), cpu.performance_cores, cpu.efficiency_cores
    kinds = f" ({fast} fast, {efficient} efficient)" if fast and efficient else ""
    return (
        _line(cpu.model),
        _line(cores and cores + kinds, _count(cpu.logical_cores, "thread")),
        _line(" to ".join(limits), environment.cpu_mhz and f"now {environment.cpu_mhz:,.0f} MHz"),
        _line(" ".join(cpu.features)),
    )


def _memory(snapshot: HardwareSnapshot) -> tuple[Facts, ...]:
    memory = snapshot.memory
    if snapshot.memory_bytes is None or memory is None:
        return (_line(_size(snapshot.memory_bytes) or "unknown"),)
    speed = memory.speed_mt_per_s and f"{memory.speed_mt_per_s:,} MT/s"
    shared = memory.is_unified and "shared with the GPU"
    return (_line(_size(snapshot.memory_bytes), memory.kind, speed, _count(memory.modules, "module"), shared),)


def _gpus(snapshot: HardwareSnapshot, environment: MachineEnvironment) -> Iterator[Part]:
    settings = (*environment.gpus, *[None] * len(snapshot.gpus))
    for number, gpu in enumerate(snapshot.gpus, 1):
        lines = (*_gpu(gpu), *_settings(gpu, settings[number - 1] or GpuEnvironment(name=gpu.name)))
        yield Part(f"GPU {number}" if len(snapshot.gpus) > 1 else "GPU", lines)
    if not snapshot.gpus:
        yield Part("GPU", (("none found",),))


def _gpu(gpu: Gpu) -> tuple[Facts, ...]:
    shares = gpu.is_integrated and "shares the machine's memory"
    capability = gpu.compute_capability
    if capability and gpu.vendor is GpuVendor.NVIDIA:
        capability = f"compute capability {capability}"
    formats = gpu.number_formats and f"multiplies {' '.join(gpu.number_formats)}"
    return (
        _line(gpu.name, _size(gpu.memory_bytes), shares),
        _line(_count(gpu.cores, "core", _CORES.get(gpu.vendor)), capability),
        _line(gpu.has_tensor_cores and "tensor cores", formats or None),
    )


def _settings(gpu: Gpu, settings: GpuEnvironment) -> tuple[Facts, ...]:
    driver = " ".join(filter(None, (settings.driver, settings.driver_version)))
    carved = settings.memory_carved_out_bytes and f"of the machine's memory it holds {_size(gpu.memory_bytes)}"
    return (
        _line(driver and f"driver {driver}", settings.runtime_version, _firmware(settings)),
        _line(*_limits(settings)),
        _line(*_link(gpu, settings)),
        _line(settings.is_ecc_enabled and "ECC on", *_mig(settings), carved or None),
        _line(settings.is_accessible is False and "not accessible from here"),
    )


def _firmware(settings: GpuEnvironment) -> str | None:
    return settings.firmware_version and f"firmware {settings.firmware_version}"


def _limits(settings: GpuEnvironment) -> Iterator[str]:
    if settings.power_limit_w:
        yield f"power limit {settings.power_limit_w:,.0f} W"
        if settings.power_limit_default_w and settings.power_limit_default_w != settings.power_limit_w:
            yield f"by default {settings.power_limit_default_w:,.0f} W"
        if settings.power_limit_max_w and settings.power_limit_max_w != settings.power_limit_w:
            yield f"at most {settings.power_limit_max_w:,.0f} W"


def _link(gpu: Gpu, settings: GpuEnvironment) -> Iterator[str]:
    most, now = (gpu.pcie_generation_max, gpu.pcie_width_max), (settings.pcie_generation, settings.pcie_width)
    if all(most):
        yield f"PCIe {most[0]} x{most[1]}"
    if all(now) and now != most:
        yield f"link now PCIe {now[0]} x{now[1]}"
    if gpu.pci_address:
        yield f"at {gpu.pci_address}"


def _mig(settings: GpuEnvironment) -> Iterator[str]:
    if settings.is_mig_enabled:
        yield "split by MIG" if settings.mig_devices else "MIG on, without an instance"
    for device in settings.mig_devices:
        size = _size(device.memory_bytes)
        yield f"{device.profile} ({size})" if size else device.profile


def _npu(name: str, cores: int | None, driver: str | None) -> tuple[Facts, ...]:
    return (_line(name, _count(cores, "core"), driver and f"driver {driver}"),)


def _disk(disk: ModelDisk, environment: MachineEnvironment) -> tuple[Facts, ...]:
    free = _size(environment.model_disk_free_bytes)
    return (_line(disk.kind and _DISKS[disk.kind], _size(disk.size_bytes), disk.filesystem, free and f"{free} free"),)


def _power(power: Power) -> tuple[Facts, ...]:
    charge = None if power.battery_percent is None else f"battery at {power.battery_percent:.0f} %"
    source = power.source and ("on mains" if power.source == "mains" else "on battery")
    return (
        _line(source, charge, power.is_low_power_mode and "Low Power Mode"),
        _line(
            power.governor and f"governor {power.governor}",
            power.energy_preference and f"energy preference {power.energy_preference}",
            power.platform_profile and f"profile {power.platform_profile}",
            power.plan and f"plan {power.plan.replace('_', ' ')}",
            power.is_boost_enabled is False and "boost off",
        ),
    )
