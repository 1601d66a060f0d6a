"""NVIDIA GPUs, as the driver's own library (NVML) tells of them. Each question may fail by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pynvml as _pynvml  # pyright: ignore[reportMissingTypeStubs]

from obt_client.hardware.facts import count, fact, number, pci_address, pcie_width, size_bytes, some_fact
from obt_client.hardware.gpus import GPUS_MAX, FoundGpu
from obt_client.hardware.host import Host
from obt_client.hardware.nvidia_facts import has_tensor_cores, number_formats
from obt_core.hardware import Gpu, GpuVendor, NoteCode
from obt_core.machine_environment import GpuEnvironment, MigDevice

nvml: Any = _pynvml
"""The library has no types."""
SOURCE = "nvidia"
_ABSENT = {nvml.NVML_ERROR_LIBRARY_NOT_FOUND, nvml.NVML_ERROR_DRIVER_NOT_LOADED}
_LOST = {nvml.NVML_ERROR_GPU_IS_LOST, nvml.NVML_ERROR_NOT_FOUND, nvml.NVML_ERROR_INVALID_ARGUMENT}


@dataclass(frozen=True)
class NvidiaSystem:
    """What the driver tells of itself."""

    driver_version: str | None
    runtime_version: str | None


def read_nvidia(host: Host) -> list[FoundGpu]:
    """Return the GPUs in the driver's order; none where there is no driver, or where it fails."""
    try:
        nvml.nvmlInit()
    except _pynvml.NVMLError as error:
        if _code(error) not in _ABSENT:
            host.note(SOURCE, NoteCode.FAILED, str(error))
        return []
    try:
        return _gpus(host)
    finally:
        _ask(nvml.nvmlShutdown)


def _gpus(host: Host) -> list[FoundGpu]:
    try:
        total = int(nvml.nvmlDeviceGetCount())
    except _pynvml.NVMLError as error:
        host.note(SOURCE, NoteCode.FAILED, str(error))
        return []
    system = NvidiaSystem(some_fact(_ask(nvml.nvmlSystemGetDriverVersion)), _cuda())
    found = (_gpu_or_note(host, index, system) for index in range(min(total, GPUS_MAX)))
    return [gpu for gpu in found if gpu]


def _gpu_or_note(host: Host, index: int, system: NvidiaSystem) -> FoundGpu | None:
    """A GPU that fell off the bus, or was taken away while we looked, costs the others nothing."""
    try:
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        return _gpu(handle, fact(_text(nvml.nvmlDeviceGetName(handle))), system)
    except _pynvml.NVMLError as error:
        is_lost = _code(error) in _LOST
        host.note(SOURCE, NoteCode.DEVICE_LOST if is_lost else NoteCode.FAILED, f"GPU {index}: {error}")
        return None


def _gpu(handle: Any, name: str, system: NvidiaSystem) -> FoundGpu:
    told: list[int] | None = _ask(nvml.nvmlDeviceGetCudaComputeCapability, handle)
    capability = (told[0], told[1]) if told else None
    memory, is_integrated = _memory(handle)
    pci = _ask(nvml.nvmlDeviceGetPciInfo, handle)
    gpu = Gpu(
        vendor=GpuVendor.NVIDIA,
        name=name,
        memory_bytes=memory,
        driver_version=system.driver_version,
        pci_id=_pci_id(pci),
        pci_address=pci_address(_text(pci.busId)) if pci else None,
        is_integrated=is_integrated,
        cores=count(_ask(nvml.nvmlDeviceGetNumGpuCores, handle), 1, 1_000_000),
        compute_capability=f"{capability[0]}.{capability[1]}" if capability else None,
        has_tensor_cores=has_tensor_cores(capability, name) if capability else None,
        number_formats=number_formats(capability) if capability else (),
        pcie_generation_max=count(_ask(nvml.nvmlDeviceGetMaxPcieLinkGeneration, handle), 1, 15),
        pcie_width_max=pcie_width(_ask(nvml.nvmlDeviceGetMaxPcieLinkWidth, handle)),
    )
    return FoundGpu(gpu, _environment(handle, name, system))


def _environment(handle: Any, name: str, system: NvidiaSystem) -> GpuEnvironment:
    limits = _ask(nvml.nvmlDeviceGetPowerManagementLimitConstraints, handle) or (None, None)
    mig = _ask(nvml.nvmlDeviceGetMigMode, handle)
    ecc = _ask(nvml.nvmlDeviceGetEccMode, handle)
    return GpuEnvironment(
        name=name,
        driver="nvidia",
        driver_version=system.driver_version,
        runtime_version=system.runtime_version,
        firmware_version=some_fact(_ask(nvml.nvmlDeviceGetVbiosVersion, handle)),
        power_limit_w=_watts(_ask(nvml.nvmlDeviceGetPowerManagementLimit, handle)),
        power_limit_default_w=_watts(_ask(nvml.nvmlDeviceGetPowerManagementDefaultLimit, handle)),
        power_limit_max_w=_watts(limits[1]),
        pcie_generation=count(_ask(nvml.nvmlDeviceGetCurrPcieLinkGeneration, handle), 1, 15),
        pcie_width=pcie_width(_ask(nvml.nvmlDeviceGetCurrPcieLinkWidth, handle)),
        is_ecc_enabled=bool(ecc[0]) if ecc else None,
        is_mig_enabled=bool(mig[0]) if mig else None,
        mig_devices=_mig_devices(handle) if mig and mig[0] else (),
        is_accessible=True,
    )


def _mig_devices(handle: Any) -> tuple[MigDevice, ...]:
    """The instances of a split GPU. Their slots may be empty, and stand then between full ones."""
    slots = count(_ask(nvml.nvmlDeviceGetMaxMigDeviceCount, handle), 0, 64) or 0
    found = [_ask(nvml.nvmlDeviceGetMigDeviceHandleByIndex, handle, slot) for slot in range(slots)]
    return tuple(_mig_device(instance) for instance in found if instance is not None)


def _mig_device(handle: Any) -> MigDevice:
    memory = _ask(nvml.nvmlDeviceGetMemoryInfo, handle)
    name = some_fact(_ask(nvml.nvmlDeviceGetName, handle)) or "MIG"
    return MigDevice(
        profile=name.partition(" MIG ")[2] or name, memory_bytes=size_bytes(memory.total) if memory else None
    )


def _memory(handle: Any) -> tuple[int | None, bool | None]:
    """GPUs that share the machine's memory (Jetson, GB10) have none of their own to tell of, and say so."""
    try:
        return size_bytes(int(nvml.nvmlDeviceGetMemoryInfo(handle).total)), False
    except _pynvml.NVMLError as error:
        is_shared = _code(error) == nvml.NVML_ERROR_NOT_SUPPORTED
        return None, True if is_shared else None


def _pci_id(pci: Any) -> str | None:
    """NVML packs device and vendor into one number, and does not tell the revision."""
    packed = count(getattr(pci, "pciDeviceId", None), 1, 2**32 - 1)
    return f"{packed & 0xFFFF:04x}:{packed >> 16:04x}" if packed else None


def _cuda() -> str | None:
    """The newest CUDA that the driver can run: 12080 is 12.8."""
    version = count(_ask(nvml.nvmlSystemGetCudaDriverVersion_v2), 1_000, 999_999)
    return f"CUDA {version // 1000}.{version % 1000 // 10}" if version else None


def _watts(milliwatts: object) -> float | None:
    told = number(milliwatts, 1, 100_000_000)
    return told / 1000 if told else None


def _ask(question: Callable[..., Any], *arguments: Any) -> Any:
    """Return the driver's answer, None where it has none; an older driver lacks functions."""
    try:
        return question(*arguments)
    except _pynvml.NVMLError:
        return None


def _code(error: Exception) -> int:
    return int(getattr(error, "value", -1))


def _text(told: str | bytes) -> str:
    return told.decode(errors="replace") if isinstance(told, bytes) else told
