"""What this machine is: one file a source, asked at once and put together here.

`detect` asks; `obt-client hardware` shows what was found. docs/hardware.md has every field with its sources.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from obt_client.daemon import in_daemon
from obt_client.hardware.amd import read_amd
from obt_client.hardware.amd_tools import read_amd_library, read_amd_tools
from obt_client.hardware.apple import read_mac_cpu, read_mac_gpus, read_mac_memory, read_mac_npus
from obt_client.hardware.assemble import Findings, assemble
from obt_client.hardware.cpu import read_library_cpu, read_proc_cpu
from obt_client.hardware.disk import read_linux_disk, read_mac_disk
from obt_client.hardware.host import Host
from obt_client.hardware.intel import read_intel, read_intel_tools
from obt_client.hardware.memory import read_linux_memory, read_memory_bytes
from obt_client.hardware.npu import read_linux_npus
from obt_client.hardware.nvidia import read_nvidia
from obt_client.hardware.pci import read_pci_gpus
from obt_client.hardware.power import read_linux_power, read_mac_power, read_windows_power
from obt_client.hardware.system import read_boundary, read_system
from obt_client.hardware.windows import read_windows_disk, read_windows_gpus, read_windows_memory, read_windows_npus
from obt_core.hardware import HardwareSnapshot, NoteCode
from obt_core.machine_environment import Power

__all__ = ["LIMIT_S", "Host", "Source", "detect", "read_hardware", "read_power", "sources_of"]

log = structlog.get_logger()
LIMIT_S = 4.5
"""How long all sources together may take; a driver in trouble may never answer."""
_FOR_THE_END_S = 0.5
"""What tools leave of the limit to the source that reads them."""
Source = Callable[[Host], Any]

_EVERYWHERE: dict[str, Source] = {
    "system": read_system,
    "boundary": read_boundary,
    "library_cpu": read_library_cpu,
    "memory_bytes": read_memory_bytes,
    "nvidia": read_nvidia,
}
_BY_SYSTEM: dict[str, dict[str, Source]] = {
    "Linux": {
        "kernel_cpu": read_proc_cpu,
        "memory": read_linux_memory,
        "disk": read_linux_disk,
        "power": read_linux_power,
        "gpus": read_pci_gpus,
        "gpu_details": read_amd,
        "intel": read_intel,
        "amd_tools": read_amd_tools,
        "amd_library": read_amd_library,
        "intel_tools": read_intel_tools,
        "npus": read_linux_npus,
    },
    "Darwin": {
        "kernel_cpu": read_mac_cpu,
        "memory": read_mac_memory,
        "disk": read_mac_disk,
        "power": read_mac_power,
        "gpus": read_mac_gpus,
        "npus": read_mac_npus,
    },
    "Windows": {
        "memory": read_windows_memory,
        "disk": read_windows_disk,
        "power": read_windows_power,
        "gpus": read_windows_gpus,
        "npus": read_windows_npus,
    },
}


def sources_of(system: str) -> dict[str, Source]:
    """Return what is asked on a system (`Linux`, `Darwin`, `Windows`), by the part of `Findings` that it fills."""
    return {**_EVERYWHERE, **_BY_SYSTEM.get(system, {})}


async def detect(
    limit_s: float = LIMIT_S, host: Host | None = None, sources: dict[str, Source] | None = None
) -> HardwareSnapshot:
    """Ask every source at once; one that fails or takes longer than `limit_s` leaves its part unknown, with a note.

    Never raises but for cancellation. `host` is another machine than this one in tests, `sources` another choice.
    """
    machine = host or Host()
    machine.give_up_at = time.monotonic() + limit_s - _FOR_THE_END_S
    chosen = sources_of(machine.system) if sources is None else sources
    answers = await asyncio.gather(*(_within(limit_s, name, read, machine) for name, read in chosen.items()))
    told = {name: answer for name, answer in zip(chosen, answers, strict=True) if answer is not None}
    return assemble(machine, Findings(**told))


read_hardware = detect


async def read_power(limit_s: float = LIMIT_S) -> Power | None:
    """How the machine is powered now; None where that is not told. Never raises but for cancellation."""
    host = Host()
    read = sources_of(host.system).get("power")
    return await _within(limit_s, "power", read, host) if read else None


async def _within(limit_s: float, source: str, read: Source, host: Host) -> Any:
    name = source.replace("_", "-")
    try:
        async with asyncio.timeout(limit_s):
            return await in_daemon(lambda: read(host), "hardware")
    except TimeoutError:
        host.note(name, NoteCode.TIMED_OUT)
        log.warning("hardware_source_slow", source=source, limit_s=limit_s)
    except Exception as error:  # noqa: BLE001 - a source is a foreign library; whatever it raises, the rest stands
        host.note(name, NoteCode.FAILED, f"{type(error).__name__}: {error}")
        log.warning("hardware_source_failed", source=source, reason=str(error))
    return None
