"""NVIDIA GPUs, as the driver's own library (NVML) tells of them."""

import pynvml  # pyright: ignore[reportMissingTypeStubs]
import structlog

from obt_client.hardware.cpu import fact
from obt_core.hardware import Gpu, GpuVendor

# pyright: reportUnknownMemberType=false
# The library has no types.

log = structlog.get_logger()


def read_nvidia() -> tuple[Gpu, ...]:
    """Return the GPUs in the driver's order; none where there is no driver, or where it fails."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        log.debug("nvidia_absent", reason=str(error))
        return ()
    try:
        driver = fact(_text(pynvml.nvmlSystemGetDriverVersion()))
        return tuple(_gpu(index, driver) for index in range(int(pynvml.nvmlDeviceGetCount())))
    except pynvml.NVMLError as error:
        log.warning("nvidia_unreadable", reason=str(error))
        return ()
    finally:
        pynvml.nvmlShutdown()


def _gpu(index: int, driver: str) -> Gpu:
    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    return Gpu(
        vendor=GpuVendor.NVIDIA,
        name=fact(_text(pynvml.nvmlDeviceGetName(handle))),
        memory_bytes=_memory_bytes(handle),
        driver_version=driver,
    )


def _memory_bytes(handle: object) -> int | None:
    """GPUs that share the machine's memory have none of their own to tell of."""
    try:
        return int(pynvml.nvmlDeviceGetMemoryInfo(handle).total)
    except pynvml.NVMLError:
        return None


def _text(told: str | bytes) -> str:
    return told.decode(errors="replace") if isinstance(told, bytes) else told
