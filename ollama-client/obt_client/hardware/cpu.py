"""The processor, the memory and the operating system."""

import platform

import cpuinfo  # pyright: ignore[reportMissingTypeStubs]
import psutil

from obt_core.hardware import Cpu

_FACT_CHARS_MAX = 300


def read_cpu() -> Cpu:
    """Return the processor as the system names it. May take a second: py-cpuinfo asks it many things."""
    told: dict[str, object] = cpuinfo.get_cpu_info()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    model = told.get("brand_raw") or platform.processor() or platform.machine()
    return Cpu(
        model=fact(str(model)),
        physical_cores=psutil.cpu_count(logical=False) or None,
        logical_cores=psutil.cpu_count(logical=True) or 1,
    )


def read_memory_bytes() -> int:
    """Return the size of the machine's memory, in bytes."""
    return psutil.virtual_memory().total


def read_os() -> tuple[str, str]:
    """Return the name of the operating system and its version."""
    system = platform.system()
    try:
        return system, fact(platform.freedesktop_os_release()["PRETTY_NAME"] if system == "Linux" else _version(system))
    except (OSError, KeyError):
        return system, fact(platform.release())


def _version(system: str) -> str:
    return platform.mac_ver()[0] if system == "Darwin" else platform.version()


def fact(text: str) -> str:
    """Return one printable line of what a machine told, no longer than the wire allows."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_FACT_CHARS_MAX]
