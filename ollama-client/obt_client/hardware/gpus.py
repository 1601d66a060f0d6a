"""What several sources tell of the GPUs, brought together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from obt_core.hardware import Gpu, GpuVendor
from obt_core.machine_environment import GpuEnvironment

GPUS_MAX = 64
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class FoundGpu:
    """One GPU, and how it is driven."""

    gpu: Gpu
    environment: GpuEnvironment

    def joined(self, other: "FoundGpu") -> "FoundGpu":
        """Return this GPU with what `other` tells better or besides."""
        return FoundGpu(_joined(self.gpu, other.gpu), _joined(self.environment, other.environment))


def _joined(first: _Model, better: _Model) -> _Model:
    """Take each field from `better` where it tells something, else from `first`."""
    told = {name: value for name in type(better).model_fields if (value := getattr(better, name)) not in (None, (), "")}
    return first.model_copy(update=told)


def join(base: Iterable[FoundGpu], told: Iterable[FoundGpu]) -> list[FoundGpu]:
    """Add to each GPU what a tool tells of it; what only the tool knows is added at the end.

    The address on the bus says which is which. Where one side has none, GPUs of equal vendor are taken in order, if
    both sides count as many: anything else would be a guess, and the tool's word is dropped.
    """
    gpus, extra = list(base), list(told)
    addressed: dict[str | None, int] = {found.gpu.pci_address: at for at, found in enumerate(gpus)}
    addressed.pop(None, None)
    rest: list[FoundGpu] = []
    for found in extra:
        if (at := addressed.get(found.gpu.pci_address)) is not None:
            gpus[at] = gpus[at].joined(found)
        else:
            rest.append(found)
    return _join_in_order(gpus, rest)[:GPUS_MAX]


def _join_in_order(gpus: list[FoundGpu], rest: list[FoundGpu]) -> list[FoundGpu]:
    for vendor in GpuVendor:
        mine = [at for at, found in enumerate(gpus) if found.gpu.vendor == vendor]
        theirs = [found for found in rest if found.gpu.vendor == vendor]
        if not mine or any(found.gpu.pci_address for found in theirs):
            gpus += theirs
        elif len(mine) == len(theirs):
            for at, found in zip(mine, theirs, strict=True):
                gpus[at] = gpus[at].joined(found)
    return gpus
