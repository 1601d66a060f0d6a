"""What a client's machine is: its physical parts, and beside them the environment that they run in."""

import hashlib
import json
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from obt_core.machine_environment import MachineEnvironment
from obt_core.wire import Fact, Slug, WireModel, known_or

_GIB = 2**30
_BYTES_MAX = 2**62


class GpuVendor(StrEnum):
    """Who made a GPU."""

    NVIDIA = "nvidia"
    AMD = "amd"
    INTEL = "intel"
    APPLE = "apple"
    QUALCOMM = "qualcomm"
    OTHER = "other"


class DiskKind(StrEnum):
    """What a disk is. NVMe says how it is attached, SSD that it is flash on another bus."""

    HDD = "hdd"
    SSD = "ssd"
    NVME = "nvme"


class NoteCode(StrEnum):
    """Why a part of a machine is not known. On the wire a code is a Slug, so that newer ones are understood."""

    TIMED_OUT = "timed_out"
    PERMISSION_DENIED = "permission_denied"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    DRIVER_MISSING = "driver_missing"
    DEVICE_LOST = "device_lost"
    NOT_ACCESSIBLE = "not_accessible"


class DetectionNote(WireModel):
    """One thing that detection could not learn, and why."""

    source: Slug
    code: Slug
    detail: Fact = ""


class Cpu(WireModel):
    """The processor, as the operating system names it. Frequencies are the chip's limits, not today's."""

    model: Fact
    physical_cores: int | None = Field(default=None, ge=1, le=100_000)
    logical_cores: int = Field(ge=1, le=100_000)
    performance_cores: int | None = Field(default=None, ge=1, le=100_000)
    efficiency_cores: int | None = Field(default=None, ge=1, le=100_000)
    min_mhz: float | None = Field(default=None, gt=0, le=100_000)
    max_mhz: float | None = Field(default=None, gt=0, le=100_000)
    features: tuple[Slug, ...] = Field(default=(), max_length=64)
    """Those instruction sets that matter to llama.cpp, sorted: `avx2`, `avx512f`, `neon`, `i8mm`, ..."""


class Memory(WireModel):
    """The machine's memory modules, as far as the system tells without administrator's rights."""

    kind: Fact | None = None
    """`DDR5`, `LPDDR5`, ..."""
    speed_mt_per_s: int | None = Field(default=None, ge=1, le=1_000_000)
    """As configured, in megatransfers a second."""
    modules: int | None = Field(default=None, ge=1, le=1_024)
    is_unified: bool = False
    """Whether GPU and processor share all of it (Apple silicon)."""


class ModelDisk(WireModel):
    """The disk that holds Ollama's models."""

    kind: Annotated[DiskKind | None, known_or(DiskKind, None)] = None
    size_bytes: int | None = Field(default=None, ge=0, le=_BYTES_MAX)
    filesystem: Fact | None = None


class Gpu(WireModel):
    """One GPU. `memory_bytes` is its own memory, None where it shares the machine's.

    `driver_version` is the environment's, and stands here for readers of the first release.
    """

    vendor: Annotated[GpuVendor, known_or(GpuVendor, GpuVendor.OTHER)]
    name: Fact
    memory_bytes: int | None = Field(default=None, ge=0, le=_BYTES_MAX)
    driver_version: Fact | None = None
    pci_id: Fact | None = None
    """`vendor:device:revision` in hexadecimal digits: the chip, whatever a tool calls it."""
    pci_address: Fact | None = None
    is_integrated: bool | None = None
    cores: int | None = Field(default=None, ge=1, le=1_000_000)
    """As the vendor counts: Apple's GPU cores, AMD's compute units, NVIDIA's CUDA cores, Intel's execution units."""
    compute_capability: Fact | None = None
    """NVIDIA: `8.9`; AMD: `gfx1100`."""
    has_tensor_cores: bool | None = None
    number_formats: tuple[Slug, ...] = Field(default=(), max_length=16)
    """Formats that it multiplies in hardware: `fp16`, `bf16`, `int8`, `fp8`, `fp4`."""
    pcie_generation_max: int | None = Field(default=None, ge=1, le=15)
    pcie_width_max: int | None = Field(default=None, ge=1, le=64)


class Npu(WireModel):
    """One neural processor. Ollama uses none today; it is recorded because it is there."""

    vendor: Slug
    name: Fact
    cores: int | None = Field(default=None, ge=1, le=10_000)
    driver: Fact | None = None
    pci_id: Fact | None = None


class HardwareSnapshot(WireModel):
    """The machine that runs Ollama. `known` is False where Ollama runs on another machine: nothing is guessed then."""

    known: bool = True
    os: Fact = ""
    os_version: Fact = ""
    arch: Fact = ""
    cpu: Cpu | None = None
    memory_bytes: int | None = Field(default=None, ge=0, le=_BYTES_MAX)
    """What the system has to give; the firmware keeps a little of what is installed."""
    gpus: tuple[Gpu, ...] = Field(default=(), max_length=64)
    memory: Memory | None = None
    """None in snapshots of the first release, whose memory is rounded in their own way: see `fingerprint`."""
    npus: tuple[Npu, ...] = Field(default=(), max_length=64)
    model_disk: ModelDisk | None = None
    environment: MachineEnvironment | None = None
    notes: tuple[DetectionNote, ...] = Field(default=(), max_length=128)

    def fingerprint(self) -> str:
        """SHA-256 over the physical parts alone: chips, their counts, memory as it is installed.

        Left out are the causes a change is traced to (drivers, system, power) and what not every look at the same
        machine tells alike (frequencies, instruction sets, modules, disk). A snapshot of the first release keeps the
        fingerprint that it had: what it does not tell is not hashed.
        """
        physical: dict[str, object] = {
            "known": self.known,
            "arch": self.arch,
            "cpu": _cpu_part(self.cpu),
            "memory_gib": self._memory_part(),
            "gpus": sorted(_gpu_part(gpu) for gpu in self.gpus),
        }
        if self.npus:
            physical["npus"] = sorted(f"{npu.vendor} {npu.pci_id or npu.name}" for npu in self.npus)
        return hashlib.sha256(json.dumps(physical, sort_keys=True).encode()).hexdigest()

    def _memory_part(self) -> float | None:
        if self.memory_bytes is None:
            return None
        if self.memory is None:
            return round(self.memory_bytes / _GIB)
        shared = self.environment.gpus if self.environment else ()
        return installed_bytes(self.memory_bytes + sum(gpu.memory_carved_out_bytes or 0 for gpu in shared)) / _GIB


def installed_bytes(usable_bytes: int) -> int:
    """Return the memory that is probably installed where `usable_bytes` are left of it, both in bytes.

    Firmware and kernel keep 1 to 6 percent: the size is raised to the next multiple of an eighth of its power of two
    (31.2 GiB is 32, 93.9 is 96), so that another firmware or kernel does not make another machine.
    """
    step = max(1, 1 << max(0, (usable_bytes - 1).bit_length() - 4))
    return -(-usable_bytes // step) * step


def _cpu_part(cpu: Cpu | None) -> dict[str, str | int | None] | None:
    return cpu and {
        "model": cpu.model,
        "physical_cores": cpu.physical_cores,
        "logical_cores": cpu.logical_cores,
    }


def _gpu_part(gpu: Gpu) -> list[str | int]:
    """NVIDIA's driver is the one source of its names. Elsewhere each tool has its own, so the chip's numbers count."""
    own = 0 if gpu.is_integrated else round((gpu.memory_bytes or 0) / _GIB)
    is_named_alike = gpu.vendor == GpuVendor.NVIDIA or gpu.pci_id is None
    name = gpu.name if is_named_alike else gpu.pci_id or ""
    cores = f" {gpu.cores} cores" if gpu.vendor == GpuVendor.APPLE and gpu.cores else ""
    return [gpu.vendor, name + cores, own]


UNKNOWN_HARDWARE = HardwareSnapshot(known=False)
"""The hardware of an Ollama that runs on another machine than its client."""
