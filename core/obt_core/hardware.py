"""What a client's machine is."""

import hashlib
import json
from enum import StrEnum

from pydantic import Field

from obt_core.wire import Fact, WireModel

_GIB = 2**30


class GpuVendor(StrEnum):
    """Who made a GPU."""

    NVIDIA = "nvidia"
    AMD = "amd"
    INTEL = "intel"
    APPLE = "apple"


class Cpu(WireModel):
    """The processor, as the operating system names it."""

    model: Fact
    physical_cores: int | None = Field(default=None, ge=1, le=100_000)
    logical_cores: int = Field(ge=1, le=100_000)


class Gpu(WireModel):
    """One GPU. `memory_bytes` is its own memory, None where it shares the machine's."""

    vendor: GpuVendor
    name: Fact
    memory_bytes: int | None = Field(default=None, ge=0, le=2**62)
    driver_version: Fact | None = None


class HardwareSnapshot(WireModel):
    """The machine that runs Ollama. `known` is False where Ollama runs on another machine: nothing is guessed then."""

    known: bool = True
    os: Fact = ""
    os_version: Fact = ""
    arch: Fact = ""
    cpu: Cpu | None = None
    memory_bytes: int | None = Field(default=None, ge=0, le=2**62)
    gpus: tuple[Gpu, ...] = Field(default=(), max_length=64)

    def fingerprint(self) -> str:
        """SHA-256 over the physical parts alone: chips, their counts, memory rounded to GiB.

        Drivers and the operating system are left out: they are the causes a change is traced to.
        """
        physical = {
            "known": self.known,
            "arch": self.arch,
            "cpu": self.cpu.model_dump() if self.cpu else None,
            "memory_gib": None if self.memory_bytes is None else round(self.memory_bytes / _GIB),
            "gpus": sorted([gpu.vendor, gpu.name, round((gpu.memory_bytes or 0) / _GIB)] for gpu in self.gpus),
        }
        return hashlib.sha256(json.dumps(physical, sort_keys=True).encode()).hexdigest()


UNKNOWN_HARDWARE = HardwareSnapshot(known=False)
"""The hardware of an Ollama that runs on another machine than its client."""
