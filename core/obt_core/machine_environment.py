"""What may change on a machine while the machine stays the same: drivers, system, power, limits.

Nothing here is part of a fingerprint. A result's environment can carry it: it is where a change is traced to.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from obt_core.wire import Fact, WireModel, known_or

_BYTES_MAX = 2**62


class PowerSource(StrEnum):
    """Where a machine's power comes from."""

    MAINS = "mains"
    BATTERY = "battery"


class Power(WireModel):
    """How a machine is powered, and how it trades speed for power. Each part is in its system's own words."""

    source: Annotated[PowerSource | None, known_or(PowerSource, None)] = None
    battery_percent: float | None = Field(default=None, ge=0, le=100)
    governor: Fact | None = None
    """Linux: `scaling_governor`; several, where the cores differ, with commas between."""
    energy_preference: Fact | None = None
    """Linux: `energy_performance_preference`."""
    platform_profile: Fact | None = None
    """Linux: `platform_profile` of ACPI."""
    plan: Fact | None = None
    """Windows: `balanced`, `high_performance`, `power_saver`, `ultimate_performance`, or the scheme's GUID."""
    is_boost_enabled: bool | None = None
    is_low_power_mode: bool | None = None
    """macOS: Low Power Mode."""


class MigDevice(WireModel):
    """One instance that a GPU is split into."""

    profile: Fact
    memory_bytes: int | None = Field(default=None, ge=0, le=_BYTES_MAX)


class GpuEnvironment(WireModel):
    """How one GPU is driven and limited at present."""

    name: Fact
    driver: Fact | None = None
    """The driver's name: nvidia, amdgpu, i915, xe."""
    driver_version: Fact | None = None
    runtime_version: Fact | None = None
    """What the driver can run, such as `CUDA 12.8`; it says nothing of what Ollama brings along."""
    firmware_version: Fact | None = None
    power_limit_w: float | None = Field(default=None, ge=0, le=100_000)
    power_limit_default_w: float | None = Field(default=None, ge=0, le=100_000)
    power_limit_max_w: float | None = Field(default=None, ge=0, le=100_000)
    pcie_generation: int | None = Field(default=None, ge=1, le=15)
    """Of the link now: an idle GPU often lowers it."""
    pcie_width: int | None = Field(default=None, ge=1, le=64)
    is_ecc_enabled: bool | None = None
    is_mig_enabled: bool | None = None
    mig_devices: tuple[MigDevice, ...] = Field(default=(), max_length=64)
    memory_carved_out_bytes: int | None = Field(default=None, ge=0, le=_BYTES_MAX)
    """What the firmware takes from the machine's memory for a GPU that shares it."""
    is_accessible: bool | None = None
    """Whether this process finds the device's node: in a container it may lack while the GPU is seen."""


class MachineEnvironment(WireModel):
    """All of a machine that is not its chips. `gpus` is in the order of the snapshot's."""

    kernel: Fact | None = None
    distribution: Fact | None = None
    """Linux: the ID of os-release, such as `debian`."""
    distribution_version: Fact | None = None
    virtualization: Fact | None = None
    """The hypervisor: `kvm`, `vmware`, `wsl`, ...; `none` where it is known that there is none."""
    container: Fact | None = None
    """`docker`, `podman`, `lxc`, `kubernetes`, ...; `none` where none was seen."""
    power: Power | None = None
    cpu_mhz: float | None = Field(default=None, ge=0, le=100_000)
    """The frequency at the time of looking."""
    model_disk_free_bytes: int | None = Field(default=None, ge=0, le=_BYTES_MAX)
    gpus: tuple[GpuEnvironment, ...] = Field(default=(), max_length=64)
