"""What this machine is: one file a source, put together here."""

import asyncio
import platform
import threading
from collections.abc import Callable
from typing import TypeVar

import structlog

from obt_client.hardware.cpu import fact, read_cpu, read_memory_bytes, read_os
from obt_client.hardware.nvidia import read_nvidia
from obt_core.hardware import HardwareSnapshot

log = structlog.get_logger()
LIMIT_S = 15.0
"""How long one source may take; a driver in trouble may never answer."""
_T = TypeVar("_T")


async def read_hardware(limit_s: float = LIMIT_S) -> HardwareSnapshot:
    """Ask every source at once; one that fails or takes longer than `limit_s` leaves its part unknown."""
    cpu, memory, system, gpus = await asyncio.gather(
        _within(limit_s, "cpu", read_cpu),
        _within(limit_s, "memory", read_memory_bytes),
        _within(limit_s, "os", read_os),
        _within(limit_s, "nvidia", read_nvidia),
    )
    name, version = system or (platform.system(), "")
    arch = fact(platform.machine())
    return HardwareSnapshot(os=name, os_version=version, arch=arch, cpu=cpu, memory_bytes=memory, gpus=gpus or ())


async def _within(limit_s: float, source: str, read: Callable[[], _T]) -> _T | None:
    try:
        async with asyncio.timeout(limit_s):
            return await _in_daemon(read)
    except TimeoutError:
        log.warning("hardware_source_slow", source=source, limit_s=limit_s)
    except Exception as error:  # noqa: BLE001 - a source is a foreign library; whatever it raises, the rest stands
        log.warning("hardware_source_failed", source=source, reason=str(error))
    return None


def _in_daemon(read: Callable[[], _T]) -> asyncio.Future[_T]:
    """Run in a thread of its own that nothing waits for at the end: a call into a driver cannot be cancelled."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def set_result(result: _T) -> None:
        if not future.done():
            future.set_result(result)

    def set_error(error: Exception) -> None:
        if not future.done():
            future.set_exception(error)

    def work() -> None:
        try:
            result = read()
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits
            call, value = set_error, error
        else:
            call, value = set_result, result
        if not loop.is_closed():
            loop.call_soon_threadsafe(call, value)  # pyright: ignore[reportArgumentType]

    threading.Thread(target=work, daemon=True, name="hardware").start()
    return future
