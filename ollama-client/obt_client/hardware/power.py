"""How the machine is powered, and which of its settings trade speed for power."""

import re

import psutil

from obt_client.hardware.facts import number, some_fact
from obt_client.hardware.host import Host
from obt_core.machine_environment import Power, PowerSource

SOURCE = "power"
_CPUS = "sys/devices/system/cpu"


def read_linux_power(host: Host) -> Power:
    """Return power supply, governor and profile, all from sysfs (Documentation/ABI/testing of the kernel)."""
    source, percent = _supplies(host)
    return Power(
        source=source,
        battery_percent=percent,
        governor=_of_all_cpus(host, "scaling_governor"),
        energy_preference=_of_all_cpus(host, "energy_performance_preference"),
        platform_profile=some_fact(host.read("sys/firmware/acpi/platform_profile") or ""),
        is_boost_enabled=_boost(host),
    )


def _supplies(host: Host) -> tuple[PowerSource | None, float | None]:
    """A mouse's battery has the scope `Device`; a machine without any supply listed is no laptop: nothing is known."""
    is_online: list[bool] = []
    batteries: list[tuple[str, float | None]] = []
    for supply in host.entries("sys/class/power_supply"):
        kind = host.read(supply / "type")
        if host.read(supply / "scope") == "Device":
            continue
        if kind == "Battery":
            batteries.append((host.read(supply / "status") or "", number(host.read(supply / "capacity"), 0, 100)))
        elif kind:
            is_online.append(host.read(supply / "online") == "1")
    percent = next((percent for _, percent in batteries if percent is not None), None)
    if any(is_online):
        return PowerSource.MAINS, percent
    if any(status == "Discharging" for status, _ in batteries):
        return PowerSource.BATTERY, percent
    return (PowerSource.MAINS if batteries and not is_online else None), percent


def _of_all_cpus(host: Host, name: str) -> str | None:
    told = {some_fact(host.read(policy / name) or "") for policy in host.entries(f"{_CPUS}/cpufreq")}
    return some_fact(", ".join(sorted(filter(None, told))))


def _boost(host: Host) -> bool | None:
    """Intel's driver says what is off, others what is on."""
    off, on = host.read(f"{_CPUS}/intel_pstate/no_turbo"), host.read(f"{_CPUS}/cpufreq/boost")
    if off in {"0", "1"}:
        return off == "0"
    return on == "1" if on in {"0", "1"} else None


def parse_pmset(battery: str, settings: str) -> Power:
    """Read `pmset -g batt` and `pmset -g`: the source in quotes, the charge with a percent sign, `lowpowermode 1`."""
    named = re.search(r"drawing from '(AC|Battery|UPS) Power'", battery)
    percent = re.search(r"\b(\d{1,3})%;", battery, re.ASCII)
    low = re.search(r"^\s*lowpowermode\s+([01])\s*$", settings, re.MULTILINE)
    return Power(
        source=None if named is None else PowerSource.MAINS if named[1] == "AC" else PowerSource.BATTERY,
        battery_percent=number(percent[1], 0, 100) if percent else None,
        is_low_power_mode=low[1] == "1" if low else None,
    )


def read_mac_power(host: Host) -> Power:
    """Return power source and Low Power Mode of a Mac."""
    return parse_pmset(host.tool(SOURCE, "pmset", "-g", "batt") or "", host.tool(SOURCE, "pmset", "-g") or "")


_PLANS = {
    "381b4222-f694-41f0-9685-ff5bb260df2e": "balanced",
    "8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c": "high_performance",
    "a1841308-3541-4fab-bc81-f71556f20b4a": "power_saver",
    "e9a42b02-d5df-448d-aa00-03f14749eb61": "ultimate_performance",
}
"""Windows' own schemes: "Power Policy Settings" of Microsoft's documentation. Their names are translated, these not."""


def parse_power_scheme(text: str) -> str | None:
    """Read `powercfg /getactivescheme` in any language: the GUID in it is the plan."""
    found = re.search(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", text.lower(), re.ASCII)
    return _PLANS.get(found[1], found[1]) if found else None


def read_windows_power(host: Host) -> Power:
    """Return power source and plan of a Windows."""
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    plugged = getattr(battery, "power_plugged", None)
    return Power(
        source=None if plugged is None else PowerSource.MAINS if plugged else PowerSource.BATTERY,
        battery_percent=number(getattr(battery, "percent", None), 0, 100),
        plan=parse_power_scheme(host.tool(SOURCE, "powercfg", "/getactivescheme") or ""),
    )
