"""What may explain a number, fact by fact: told apart between results, and followed along a series. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from obt_core.environment import offload_class
from obt_core.hardware import HardwareSnapshot
from obt_server.db import Document

Value = str | int | float | bool
FactKey = tuple[str, str]
"""The code of a fact, and which of several: a GPU, a setting of Ollama; "" where there is one."""
Facts = dict[FactKey, Value]
"""What is known of one result. What is unknown is not in it."""
UNSET = "unset"
"""Of a setting that Ollama's service was looked at for, and does not have."""

_ENVIRONMENT = (
    "ollama_version",
    "client_version",
    "quantization",
    "context_length",
    "parallel_slots",
    "clock",
    "model_parameters",
    "model_digest",
)
_MACHINE = ("kernel", "distribution", "distribution_version", "virtualization", "container")
_POWER = (
    "source",
    "governor",
    "energy_preference",
    "platform_profile",
    "plan",
    "is_boost_enabled",
    "is_low_power_mode",
)
_DRIVEN = (
    "driver",
    "driver_version",
    "runtime_version",
    "firmware_version",
    "power_limit_w",
    "pcie_width",
    "is_ecc_enabled",
    "is_mig_enabled",
)
_FOLLOWED = frozenset(
    {"ollama_version", "client_version", "ollama_setting", "model_parameters", "parallel_slots"}
    | {f"machine_{name}" for name in _MACHINE}
    | {f"power_{name}" for name in _POWER}
    | {f"gpu_{name}" for name in _DRIVEN}
)
"""What is an event in a series. What makes the series is the same in all of it, and the rest changes with each job."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not the same in all results. `values` stand in the results' order, None where it is unknown."""

    code: str
    name: str
    values: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that changed from one result to the next."""

    code: str
    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Contrast:
    """What differs, how many facts are known to be alike in all, and how many are not known of all."""

    differences: tuple[Difference, ...]
    alike: int
    unknown: int


def facts_of(environment: Document | None, hardware: HardwareSnapshot | None = None) -> Facts:
    """Return what is known of one result's circumstances; `environment` as it is stored."""
    told = [*_of_hardware(hardware.model_dump(mode="json"))] if hardware and hardware.known else []
    if environment:
        told += _of_environment(environment)
    return {key: value for key, value in told if value is not None and value != ""}


def contrast(facts: Sequence[Facts]) -> Contrast:
    """Tell apart what differs from what is alike. Facts that only some know differ where the known ones do."""
    keys = list(dict.fromkeys(key for one in facts for key in one))
    differences, alike = list[Difference](), 0
    for code, name in keys:
        values = tuple(one.get((code, name)) for one in facts)
        known = {value for value in values if value is not None}
        if len(known) > 1:
            differences.append(Difference(code, name, values))
        alike += len(known) == 1 and None not in values
    return Contrast(tuple(differences), alike, len(keys) - alike - len(differences))


def changes(before: Facts, after: Facts) -> list[Change]:
    """What a series is followed for, and what of it both know and have otherwise."""
    return [
        Change(code, name, before[code, name], value)
        for (code, name), value in after.items()
        if code in _FOLLOWED and (code, name) in before and before[code, name] != value
    ]


def with_unset(facts: Sequence[Facts], environments: Sequence[Document | None]) -> list[Facts]:
    """Say of settings that one result has and another, whose settings were read, has not: they are not set there."""
    names = {key for one in facts for key in one if key[0] == "ollama_setting"}
    read = [bool(environment and environment.get("ollama_settings_source")) for environment in environments]
    return [
        {**one, **{key: UNSET for key in sorted(names) if key not in one}} if is_read else one
        for one, is_read in zip(facts, read, strict=True)
    ]


def _of_environment(told: Document) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(told, "", _ENVIRONMENT)
    yield ("offload", ""), offload_class(told.get("size_bytes"), told.get("size_vram_bytes"))
    for name, value in told["options"].items():
        yield ("option", name), value
    settings: Document = told.get("ollama_settings") or {}
    for name, value in sorted(settings.items()):
        yield ("ollama_setting", name), value
    machine: Document = told.get("machine") or {}
    yield from _named(machine, "machine_", _MACHINE)
    yield from _named(machine.get("power"), "power_", _POWER)
    for index, gpu in enumerate(machine.get("gpus") or ()):
        yield from _named(gpu, "gpu_", _DRIVEN, f"gpu{index}")


def _of_hardware(told: Document) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(told, "hardware_", ("os", "arch", "memory_bytes"))
    yield from _named(told.get("cpu"), "cpu_", ("model", "physical_cores", "logical_cores"))
    yield from _named(told.get("memory"), "memory_", ("kind", "speed_mt_per_s", "modules"))
    yield from _named(told.get("model_disk"), "disk_", ("kind", "filesystem"))
    gpus = told.get("gpus") or ()
    yield ("hardware_gpus", ""), len(gpus)
    for index, gpu in enumerate(gpus):
        yield from _named(gpu, "gpu_", ("name", "memory_bytes"), f"gpu{index}")


def _named(part: Document | None, prefix: str, names: Sequence[str], which: str = "") -> Iterator[tuple[FactKey, Any]]:
    for name in names if part else ():
        yield (f"{prefix}{name}", which), part.get(name) if part else None
