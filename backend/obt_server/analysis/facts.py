"""What may explain a number, fact by fact: told apart between results, and followed along a series. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from obt_core.environment import Environment
from obt_core.hardware import Gpu, HardwareSnapshot
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, Power

Value = str | int | float | bool
FactKey = tuple[str, str]
"""The code of a fact, and which of several: a GPU, a setting of Ollama; "" where there is one."""
Facts = dict[FactKey, Value]
"""What is known of one result. What is unknown is not in it."""
UNSET = "unset"
"""Of a setting that Ollama's service was looked at for, and does not have."""

_ENVIRONMENT = ("ollama_version", "client_version", "quantization", "context_length", "parallel_slots")
_PLAIN = ("clock", "model_parameters", "model_digest")
_MACHINE = ("kernel", "distribution", "distribution_version", "virtualization", "container")
_POWER = ("source", "governor", "energy_preference", "platform_profile", "plan", "is_boost_enabled")
_DRIVER = ("driver", "driver_version", "runtime_version", "firmware_version", "power_limit_w", "pcie_width")
_GPU_MODES = ("is_ecc_enabled", "is_mig_enabled")
_FOLLOWED = frozenset(
    {"ollama_version", "client_version", "ollama_setting", "model_parameters", "parallel_slots"}
    | {f"machine_{name}" for name in _MACHINE}
    | {f"power_{name}" for name in (*_POWER, "is_low_power_mode")}
    | {f"gpu_{name}" for name in (*_DRIVER, *_GPU_MODES)}
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


def facts_of(environment: Environment | None, hardware: HardwareSnapshot | None = None) -> Facts:
    """Return what is known of one result's circumstances."""
    told = [*_of_hardware(hardware)] if hardware and hardware.known else []
    if environment is not None:
        told += _of_environment(environment)
    return {key: value for key, value in told if value is not None}


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


def with_unset(facts: Sequence[Facts], environments: Sequence[Environment | None]) -> list[Facts]:
    """Say of settings that one result has and another, whose settings were read, has not: they are not set there."""
    names = {key for one in facts for key in one if key[0] == "ollama_setting"}
    read = [bool(environment and environment.ollama_settings_source) for environment in environments]
    return [
        {**one, **{key: UNSET for key in sorted(names) if key not in one}} if is_read else one
        for one, is_read in zip(facts, read, strict=True)
    ]


def _of_environment(environment: Environment) -> Iterator[tuple[FactKey, Any]]:
    for name in (*_ENVIRONMENT, *_PLAIN):
        yield (name, ""), _plain(getattr(environment, name))
    yield ("offload", ""), environment.offload_class()
    for name, value in environment.options.model_dump().items():
        yield ("option", name), value
    for name, value in sorted(environment.ollama_settings.items()):
        yield ("ollama_setting", name), value
    if environment.machine:
        yield from _of_machine(environment.machine)


def _plain(value: Any) -> Any:
    """A word of a closed list as the text that it is."""
    return str(value) if isinstance(value, str) else value


def _of_machine(machine: MachineEnvironment) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(machine, "machine", _MACHINE)
    if machine.power:
        yield from _of_power(machine.power)
    for index, gpu in enumerate(machine.gpus):
        yield from _of_driver(gpu, f"gpu{index}")


def _of_power(power: Power) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(power, "power", (*_POWER, "is_low_power_mode"))


def _of_driver(gpu: GpuEnvironment, which: str) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(gpu, "gpu", (*_DRIVER, *_GPU_MODES), which)


def _of_hardware(hardware: HardwareSnapshot) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(hardware, "hardware", ("os", "arch", "memory_bytes"))
    if hardware.cpu:
        yield from _named(hardware.cpu, "cpu", ("model", "physical_cores", "logical_cores"))
    if hardware.memory:
        yield from _named(hardware.memory, "memory", ("kind", "speed_mt_per_s", "modules"))
    if hardware.model_disk:
        yield from _named(hardware.model_disk, "disk", ("kind", "filesystem"))
    for index, gpu in enumerate(hardware.gpus):
        yield from _of_gpu(gpu, f"gpu{index}")
    yield ("hardware_gpus", ""), len(hardware.gpus)


def _of_gpu(gpu: Gpu, which: str) -> Iterator[tuple[FactKey, Any]]:
    yield from _named(gpu, "gpu", ("name", "memory_bytes"), which)


def _named(part: object, prefix: str, names: Sequence[str], which: str = "") -> Iterator[tuple[FactKey, Any]]:
    for name in names:
        value = _plain(getattr(part, name))
        yield (f"{prefix}_{name}", which), None if value == "" else value
