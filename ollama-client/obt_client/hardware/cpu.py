"""The processor: py-cpuinfo and psutil, on Linux with /proc/cpuinfo and sysfs beside them."""

import re
from dataclasses import dataclass
from pathlib import Path

import cpuinfo  # pyright: ignore[reportMissingTypeStubs]
import psutil

from obt_client.hardware.facts import count, number, some_fact
from obt_client.hardware.features import features
from obt_client.hardware.host import Host
from obt_core.hardware import Cpu

_ARM_PARTS = {
    "0xd03": "Cortex-A53",
    "0xd05": "Cortex-A55",
    "0xd07": "Cortex-A57",
    "0xd08": "Cortex-A72",
    "0xd09": "Cortex-A73",
    "0xd0b": "Cortex-A76",
    "0xd0c": "Neoverse-N1",
    "0xd40": "Neoverse-V1",
    "0xd41": "Cortex-A78",
    "0xd42": "Cortex-A78AE",
    "0xd44": "Cortex-X1",
    "0xd49": "Neoverse-N2",
    "0xd4f": "Neoverse-V2",
    "0xd85": "Cortex-X925",
    "0xd87": "Cortex-A725",
}
"""Cores of Arm (implementer 0x41), by the main ID register's part number: Arm's technical reference manuals."""


@dataclass(frozen=True)
class ProcCpuinfo:
    """What /proc/cpuinfo tells. A part that it does not tell is None or empty."""

    model: str | None = None
    logical_cores: int | None = None
    features: tuple[str, ...] = ()
    mhz: float | None = None


@dataclass(frozen=True)
class FoundCpu:
    """The processor, and how fast it runs now."""

    cpu: Cpu
    mhz: float | None = None


def parse_proc_cpuinfo(text: str) -> ProcCpuinfo:
    """Read /proc/cpuinfo of x86, Arm, POWER or RISC-V."""
    pairs = [(key.strip().lower(), value.strip()) for key, _, value in (li.partition(":") for li in text.splitlines())]
    first: dict[str, str] = {}
    for key, value in pairs:
        first.setdefault(key, value)
    threads = sum(1 for key, value in pairs if key == "processor" and value.isdecimal())
    return ProcCpuinfo(
        model=some_fact(first.get("model name")) or _arm_model(pairs) or some_fact(first.get("cpu")),
        logical_cores=count(threads),
        features=features((first.get("flags") or first.get("features") or "").split()),
        mhz=number(first.get("cpu mhz"), 1, 100_000),
    )


def _arm_model(pairs: list[tuple[str, str]]) -> str | None:
    """Name the cores of a processor that has no name, the way `lscpu` does; several kinds with `+` between."""
    if ("cpu implementer", "0x41") not in pairs:
        return None
    names = {_ARM_PARTS.get(value, f"Arm {value}") for key, value in pairs if key == "cpu part"}
    return some_fact(" + ".join(sorted(names)))


def read_proc_cpu(host: Host) -> FoundCpu | None:
    """Return what the kernel tells, in no time: None where it is no Linux."""
    told = parse_proc_cpuinfo(host.read("proc/cpuinfo") or "")
    if told.logical_cores is None:
        return None
    lowest, highest = _limits_mhz(host)
    performance, efficiency = _kinds_of_cores(host)
    cpu = Cpu(
        model=told.model or some_fact(host.read("proc/device-tree/model")) or host.arch,
        physical_cores=_physical_cores(host),
        logical_cores=told.logical_cores,
        performance_cores=performance,
        efficiency_cores=efficiency,
        min_mhz=lowest,
        max_mhz=highest,
        features=told.features,
    )
    return FoundCpu(cpu, told.mhz or _mhz(host.read(f"{_CPUS}/cpu0/cpufreq/scaling_cur_freq")))


_CPUS = "sys/devices/system/cpu"


def _cpu_folders(host: Host) -> list[Path]:
    return [entry for entry in host.entries(_CPUS) if re.fullmatch(r"cpu\d+", entry.name)]


def _physical_cores(host: Host) -> int | None:
    cores = {host.read(folder / "topology/thread_siblings_list") for folder in _cpu_folders(host)}
    return count(len(cores - {None}))


def _limits_mhz(host: Host) -> tuple[float | None, float | None]:
    folders = _cpu_folders(host)
    lowest = [_mhz(host.read(folder / "cpufreq/cpuinfo_min_freq")) for folder in folders]
    highest = [_mhz(host.read(folder / "cpufreq/cpuinfo_max_freq")) for folder in folders]
    return min(filter(None, lowest), default=None), max(filter(None, highest), default=None)


def _mhz(told_khz: str | None) -> float | None:
    khz = number(told_khz, 1, 100_000_000)
    return khz / 1000 if khz else None


def _kinds_of_cores(host: Host) -> tuple[int | None, int | None]:
    """Count logical CPUs of hybrid Intel processors: the kernel has one PMU for each kind of core."""
    performance = _listed(host.read("sys/devices/cpu_core/cpus"))
    efficiency = _listed(host.read("sys/devices/cpu_atom/cpus"))
    if not performance or not efficiency:
        return None, None
    pairs = {host.read(f"{_CPUS}/cpu{number}/topology/thread_siblings_list") for number in performance}
    return len(pairs - {None}) or None, len(efficiency)


def _listed(told: str | None) -> list[int]:
    """Return the numbers of the kernel's list format: `0-11,16`."""
    found: list[int] = []
    for part in (told or "").split(","):
        low, _, high = part.partition("-")
        first, last = count(low, 0), count(high or low, 0)
        if first is not None and last is not None and 0 <= last - first < 4096:
            found += range(first, last + 1)
    return found


def read_library_cpu(_: Host) -> FoundCpu:
    """Return what py-cpuinfo and psutil tell. May take a second: py-cpuinfo runs many tools, without a limit."""
    told: dict[str, object] = cpuinfo.get_cpu_info()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    flags = told.get("flags")
    cpu = Cpu(
        model=some_fact(told.get("brand_raw")) or "",
        physical_cores=count(psutil.cpu_count(logical=False)),
        logical_cores=psutil.cpu_count(logical=True) or 1,
        features=features(str(flag) for flag in flags) if isinstance(flags, list) else (),  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    )
    return FoundCpu(_with_limits(cpu), _current_mhz())


def _with_limits(cpu: Cpu) -> Cpu:
    try:
        told = psutil.cpu_freq()
    except (OSError, NotImplementedError, RuntimeError):
        return cpu
    limits = {"min_mhz": number(told.min, 1, 100_000), "max_mhz": number(told.max, 1, 100_000)} if told else {}
    return cpu.model_copy(update=limits)


def _current_mhz() -> float | None:
    try:
        told = psutil.cpu_freq()
    except (OSError, NotImplementedError, RuntimeError):
        return None
    return number(told.current, 1, 100_000) if told else None
