"""One snapshot from what the sources found. Pure: what is missing stays unknown."""

from dataclasses import dataclass, field

from obt_client.hardware.cpu import FoundCpu
from obt_client.hardware.disk import FoundDisk
from obt_client.hardware.gpus import GPUS_MAX, FoundGpu, join
from obt_client.hardware.host import Host
from obt_client.hardware.system import FoundBoundary, FoundSystem
from obt_core.hardware import Cpu, GpuVendor, HardwareSnapshot, Memory, NoteCode, Npu
from obt_core.machine_environment import MachineEnvironment, Power


@dataclass
class Findings:
    """What each source found; None or empty where it found nothing or did not answer."""

    system: FoundSystem | None = None
    boundary: FoundBoundary | None = None
    kernel_cpu: FoundCpu | None = None
    library_cpu: FoundCpu | None = None
    memory_bytes: int | None = None
    memory: Memory | None = None
    disk: FoundDisk | None = None
    power: Power | None = None
    gpus: list[FoundGpu] | None = None
    """Of the system: the bus on Linux, system_profiler, WMI."""
    gpu_details: list[FoundGpu] | None = None
    intel: list[FoundGpu] | None = None
    nvidia: list[FoundGpu] | None = None
    amd_tools: list[FoundGpu] | None = None
    amd_library: list[FoundGpu] | None = None
    intel_tools: list[FoundGpu] | None = None
    npus: list[Npu] = field(default_factory=list[Npu])


def assemble(host: Host, found: Findings) -> HardwareSnapshot:
    """Return the machine. The vendors' libraries are believed before tools, tools before sysfs."""
    system = found.system or FoundSystem(host.system, "")
    gpus = _gpus(host, found)
    return HardwareSnapshot(
        os=system.os,
        os_version=system.os_version,
        arch=host.arch,
        cpu=_cpu(found),
        memory_bytes=found.memory_bytes,
        memory=None if found.memory_bytes is None else found.memory or Memory(),
        gpus=tuple(gpu.gpu for gpu in gpus),
        npus=tuple(found.npus or ()),
        model_disk=found.disk.disk if found.disk else None,
        environment=_environment(found, system, gpus),
        notes=tuple(sorted(host.notes, key=lambda note: (note.source, note.code, note.detail))),
    )


def _environment(found: Findings, system: FoundSystem, gpus: list[FoundGpu]) -> MachineEnvironment:
    boundary = found.boundary or FoundBoundary()
    cpus = [cpu for cpu in (found.kernel_cpu, found.library_cpu) if cpu]
    return MachineEnvironment(
        kernel=system.kernel,
        distribution=system.distribution,
        distribution_version=system.distribution_version,
        virtualization=boundary.virtualization,
        container=boundary.container,
        power=found.power,
        cpu_mhz=next((cpu.mhz for cpu in cpus if cpu.mhz), None),
        model_disk_free_bytes=found.disk.free_bytes if found.disk else None,
        gpus=tuple(gpu.environment for gpu in gpus),
    )


def _cpu(found: Findings) -> Cpu | None:
    """The library names it, as it did in the first release (fingerprints hang on it); the kernel tells the rest."""
    kernel = found.kernel_cpu.cpu if found.kernel_cpu else None
    library = found.library_cpu.cpu if found.library_cpu else None
    if kernel is None or library is None:
        return library or kernel
    merged = kernel.model_copy(
        update={
            "model": library.model or kernel.model,
            "physical_cores": library.physical_cores or kernel.physical_cores,
            "logical_cores": library.logical_cores,
            "features": tuple(sorted({*kernel.features, *library.features})),
        }
    )
    limits = {"min_mhz": kernel.min_mhz or library.min_mhz, "max_mhz": kernel.max_mhz or library.max_mhz}
    return merged.model_copy(update=limits)


def _gpus(host: Host, found: Findings) -> list[FoundGpu]:
    gpus = join(found.gpus or [], found.gpu_details or [])
    for told in (found.intel, found.intel_tools, found.amd_tools, found.amd_library):
        gpus = join(gpus, told or [])
    if found.nvidia:
        gpus = _with_nvidia(host, gpus, found.nvidia)
    return _in_order(gpus)[:GPUS_MAX]


def _with_nvidia(host: Host, gpus: list[FoundGpu], told: list[FoundGpu]) -> list[FoundGpu]:
    """The driver's list is whole: what the bus has besides was given to somebody else, or fell off."""
    addresses = {found.gpu.pci_address for found in told}
    kept: list[FoundGpu] = []
    for found in gpus:
        if found.gpu.vendor != GpuVendor.NVIDIA or found.gpu.pci_address in addresses:
            kept.append(found)
        elif found.gpu.pci_address:
            host.note("nvidia", NoteCode.NOT_ACCESSIBLE, f"{found.gpu.pci_address}: not listed by the driver")
    return join(kept, told)


def _in_order(gpus: list[FoundGpu]) -> list[FoundGpu]:
    """Discrete ones first: the first GPU is the one that a person means. A tool that gave no name leaves the chip's."""
    named = [found if found.gpu.name else _named(found) for found in gpus]
    return sorted(named, key=lambda found: found.gpu.is_integrated is True)


def _named(found: FoundGpu) -> FoundGpu:
    name = f"{found.gpu.vendor} GPU"
    return FoundGpu(found.gpu.model_copy(update={"name": name}), found.environment.model_copy(update={"name": name}))
