"""What a figure of these benchmarks was taken on."""

import os
import platform
from pathlib import Path

_CLOCK_SOURCE = Path("/sys/devices/system/clocksource/clocksource0/current_clocksource")


def describe() -> dict[str, object]:
    """The machine in a few facts; what cannot be read is None."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "clock_source": _CLOCK_SOURCE.read_text().strip() if _CLOCK_SOURCE.exists() else None,
        "load_1_min_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def in_a_line(machine: dict[str, object]) -> str:
    """The same for people."""
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in machine.items() if value is not None)


def _cpu() -> str | None:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or None)
