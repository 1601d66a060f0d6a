"""Where a model will probably lie on a machine: in its GPUs' memory, beside it, or nowhere. Pure.

What is counted are the weights alone, so what is said is the least that a model needs: the cache of its context comes
on top, and how large it is depends on layers and heads that an inventory does not tell. Where the same model was
measured on the same machine with this suite before, Ollama's own word for its size is taken instead.
"""

from dataclasses import dataclass
from enum import StrEnum

from obt_core.hardware import GpuVendor
from obt_core.models import InstalledModel
from obt_core.wire import WireModel
from obt_server.clients.schemas import ClientView


class Placement(StrEnum):
    """Where the model's layers lie. `shared`: GPU and processor share one memory; `unknown`: the machine's is."""

    GPU = "gpu"
    SHARED = "shared"
    SPLIT = "split"
    CPU = "cpu"
    DOES_NOT_FIT = "does_not_fit"
    UNKNOWN = "unknown"


class Fit(WireModel):
    """The arithmetic behind a placement, in bytes.

    `needed_bytes` are the weights (`is_measured` false: the context's cache comes on top), or all of the model in
    memory as Ollama told it in the earlier result (`is_measured` true), of which `seen_vram_bytes` lay in GPU memory.
    """

    placement: Placement
    is_measured: bool
    needed_bytes: int
    seen_vram_bytes: int | None
    vram_bytes: int | None
    memory_bytes: int | None
    model_context_tokens: int | None
    """The longest context that the model was made for; longer workloads are left out, with a note."""


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """What a machine has to hold a model, in bytes; None where it is not known.

    `vram_bytes` is the GPUs' own, of all of them. `is_shared`: a GPU uses the machine's memory as its own (Apple);
    `has_unclear_gpu`: a GPU's memory is not told, so whether Ollama uses it is not known.
    """

    memory_bytes: int | None
    vram_bytes: int
    is_shared: bool
    has_unclear_gpu: bool

    @property
    def all_bytes(self) -> int | None:
        """All memory that could hold weights: the machine's and its GPUs' own."""
        return None if self.memory_bytes is None else self.memory_bytes + self.vram_bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What `/api/ps` told of the model when it was measured: its size in memory, and how much of it in GPU memory."""

    size_bytes: int
    size_vram_bytes: int


def memory_of(client: ClientView) -> MachineMemory:
    """Return what is known of a client's memory. The one place that reads it."""
    machine = client.machine
    if machine is None:
        return MachineMemory(None, 0, is_shared=False, has_unclear_gpu=True)
    without = [gpu for gpu in machine.gpus if not gpu.memory_bytes]
    is_shared = any(gpu.vendor == GpuVendor.APPLE for gpu in without)
    vram_bytes = sum(gpu.memory_bytes or 0 for gpu in machine.gpus)
    return MachineMemory(machine.memory_bytes, vram_bytes, is_shared, bool(without) and not is_shared)


def is_too_large(model: InstalledModel, memory: MachineMemory) -> bool:
    """Whether the weights alone are more than all memory together; never where the memory is not known."""
    return memory.all_bytes is not None and model.size_bytes > memory.all_bytes


def fit(model: InstalledModel, memory: MachineMemory, seen: Seen | None) -> Fit:
    """Return where the model will probably lie, and by which figures."""
    return Fit(
        placement=_placement(model, memory, seen),
        is_measured=seen is not None,
        needed_bytes=seen.size_bytes if seen else model.size_bytes,
        seen_vram_bytes=seen.size_vram_bytes if seen else None,
        vram_bytes=None if memory.has_unclear_gpu and not memory.vram_bytes else memory.vram_bytes,
        memory_bytes=memory.memory_bytes,
        model_context_tokens=model.context_length,
    )


def _placement(model: InstalledModel, memory: MachineMemory, seen: Seen | None) -> Placement:
    if is_too_large(model, memory):
        return Placement.DOES_NOT_FIT
    if seen is not None and seen.size_bytes:
        share = seen.size_vram_bytes / seen.size_bytes
        return Placement.CPU if share == 0 else Placement.GPU if share >= 0.999 else Placement.SPLIT
    if memory.is_shared and not memory.vram_bytes:
        return Placement.SHARED
    if memory.vram_bytes:
        return Placement.GPU if model.size_bytes <= memory.vram_bytes else Placement.SPLIT
    return Placement.UNKNOWN if memory.memory_bytes is None or memory.has_unclear_gpu else Placement.CPU
