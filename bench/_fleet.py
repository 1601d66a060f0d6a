"""A made-up fleet of honest proportions: which machines there are, which models they have, how fast those run.

Speeds follow the usual bound of decoding: the weights are read once for each token, so tokens/s are at most memory
bandwidth over size. A share of it is reached, each machine has a factor of its own, each run its noise.
"""

import hashlib
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from obt_core.hardware import Cpu, Gpu, GpuVendor, HardwareSnapshot, Memory
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment
from obt_core.models import InstalledModel

GIB = 2**30
_REACHED = 0.62
"""Share of the bandwidth's bound that decoding reaches."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of machine, and its share among all. Bandwidths in GB/s, of memory and of the GPUs together."""

    share: int
    os: str
    cpu: str
    cores: int
    memory_gib: int
    memory_gb_per_s: float
    gpu: str | None = None
    gpus: int = 0
    vram_gib: int = 0
    vram_gb_per_s: float = 0
    vendor: GpuVendor = GpuVendor.NVIDIA


KINDS: tuple[Kind, ...] = (
    Kind(20, "Linux", "AMD Ryzen 9 7950X", 16, 64, 83, "NVIDIA GeForce RTX 4090", 1, 24, 1_008),
    Kind(16, "Linux", "Intel Core i9-13900K", 24, 64, 90, "NVIDIA GeForce RTX 3090", 1, 24, 936),
    Kind(14, "Windows", "AMD Ryzen 7 5800X3D", 8, 32, 51, "NVIDIA GeForce RTX 3060", 1, 12, 360),
    Kind(12, "Darwin", "Apple M3 Max", 16, 64, 400, "Apple M3 Max", 1, 0, 400, GpuVendor.APPLE),
    Kind(10, "Linux", "AMD EPYC 7543", 32, 256, 205, "NVIDIA A100-SXM4-80GB", 1, 80, 2_039),
    Kind(8, "Linux", "AMD EPYC 9554", 64, 512, 460, "NVIDIA H100 80GB HBM3", 1, 80, 3_350),
    Kind(6, "Linux", "AMD Ryzen 9 7900", 12, 64, 83, "AMD Radeon RX 7900 XTX", 1, 24, 960, GpuVendor.AMD),
    Kind(6, "Linux", "Intel Xeon Platinum 8480+", 56, 512, 307),
    Kind(5, "Darwin", "Apple M2", 8, 16, 100, "Apple M2", 1, 0, 100, GpuVendor.APPLE),
    Kind(2, "Windows", "Intel Core Ultra 7 155H", 16, 32, 90, "Intel Arc Graphics", 1, 0, 90, GpuVendor.INTEL),
    Kind(1, "Linux", "Raspberry Pi 5", 4, 8, 17),
)
_FAMILIES: tuple[tuple[str, str, tuple[float, ...], int], ...] = (
    ("llama3.2", "llama", (1.2, 3.2), 131_072),
    ("llama3.1", "llama", (8.0, 70.6), 131_072),
    ("qwen2.5", "qwen2", (0.5, 1.5, 7.6, 14.8, 32.8), 32_768),
    ("qwen3", "qwen3", (0.6, 4.0, 8.2, 30.5), 40_960),
    ("gemma3", "gemma3", (1.0, 4.3, 12.2, 27.4), 131_072),
    ("mistral", "llama", (7.2,), 32_768),
    ("phi4", "phi3", (14.7,), 16_384),
    ("deepseek-r1", "qwen2", (1.5, 7.6, 14.8, 32.8), 131_072),
    ("codellama", "llama", (6.7, 13.0), 16_384),
    ("gpt-oss", "gptoss", (20.9,), 131_072),
    ("granite3.3", "granite", (2.5, 8.2), 131_072),
    ("smollm2", "llama", (0.14, 0.36, 1.7), 8_192),
)
_BITS = {"Q4_K_M": 4.85, "Q4_0": 4.55, "Q5_K_M": 5.69, "Q8_0": 8.5, "F16": 16.0}
OLLAMA_RELEASES = ("0.9.3", "0.11.2", "0.12.6", "0.13.1", "0.14.0")
_DRIVERS = ("550.144", "570.133", "575.57", "580.95")


@dataclass(frozen=True)
class Machine:
    """One client's machine. `factor` is how far it differs from its kind, `digest_age` how old its models are."""

    id: str
    name: str
    kind: Kind
    factor: float
    tags: tuple[str, ...]
    models: tuple[InstalledModel, ...]

    @cached_property
    def hardware(self) -> HardwareSnapshot:
        """The machine as its client would tell of it."""
        kind = self.kind
        gpu = kind.gpu and Gpu(
            vendor=kind.vendor,
            name=kind.gpu,
            memory_bytes=kind.vram_gib * GIB or None,
            driver_version=_DRIVERS[-1] if kind.vendor is GpuVendor.NVIDIA else None,
            is_integrated=kind.vram_gib == 0,
        )
        drivers = tuple(
            GpuEnvironment(name=kind.gpu or "", driver_version=_DRIVERS[-1], power_limit_w=350.0)
            for _ in range(kind.gpus)
        )
        return HardwareSnapshot(
            os=kind.os,
            os_version={"Linux": "6.8", "Windows": "11", "Darwin": "15.2"}[kind.os],
            arch="arm64" if kind.os == "Darwin" else "x86_64",
            cpu=Cpu(
                model=kind.cpu,
                physical_cores=kind.cores,
                logical_cores=kind.cores * 2,
                features=("avx", "avx2", "avx512f", "f16c", "fma") if kind.os == "Linux" else (),
            ),
            memory_bytes=kind.memory_gib * GIB - 400 * 2**20,
            memory=Memory(kind="DDR5", speed_mt_per_s=5_600, modules=2),
            gpus=(gpu,) * kind.gpus if gpu else (),
            environment=MachineEnvironment(kernel="6.8.0", distribution="ubuntu", gpus=drivers),
        )

    def decode_tokens_per_s(self, model: InstalledModel) -> float:
        """What the machine reaches with this model, before a run's noise."""
        vram = self.kind.vram_gib * GIB or (self.kind.memory_gib * GIB * 0.7 if self.kind.gpus else 0)
        share = min(1.0, vram * 0.92 / model.size_bytes)
        per_byte = share / ((self.kind.vram_gb_per_s or 1) * 1e9) if share else 0
        per_byte += (1 - share) / (self.kind.memory_gb_per_s * 1e9)
        return _REACHED * self.factor / (model.size_bytes * per_byte + 1e-3)

    def gpu_share(self, model: InstalledModel) -> float:
        """Share of the model that lies in GPU memory."""
        vram = self.kind.vram_gib * GIB or (self.kind.memory_gib * GIB * 0.7 if self.kind.gpus else 0)
        return min(1.0, vram * 0.92 / model.size_bytes)


def make_fleet(clients: int, models_each: int, seed: int) -> list[Machine]:
    """Return so many machines with so many models each on average (log-normal), always the same for a seed."""
    dice = random.Random(seed)
    catalogue = _catalogue()
    wanted = _counts(clients, models_each, len(catalogue), dice)
    return [_machine(number, count, catalogue, dice) for number, count in enumerate(wanted)]


def _counts(clients: int, models_each: int, most: int, dice: random.Random) -> list[int]:
    """How many models each has; together exactly `clients * models_each`."""
    raw = [dice.lognormvariate(0, 0.7) for _ in range(clients)]
    scale = clients * models_each / sum(raw)
    counts = [max(1, min(most, round(value * scale))) for value in raw]
    at = 0
    while (missing := clients * models_each - sum(counts)) != 0:
        step = 1 if missing > 0 else -1
        if 1 <= counts[at % clients] + step <= most:
            counts[at % clients] += step
        at += 1
    return counts


def _machine(number: int, count: int, catalogue: Sequence[InstalledModel], dice: random.Random) -> Machine:
    kind = dice.choices(KINDS, [kind.share for kind in KINDS])[0]
    # Small and early ones are on many machines; what is far too large for a machine is on none.
    fitting = [model for model in catalogue if model.size_bytes < (kind.memory_gib + kind.vram_gib * kind.gpus) * GIB]
    keys = {id(model): dice.random() ** (1 + index / 12) for index, model in enumerate(fitting)}
    chosen = sorted(fitting, key=lambda model: -keys[id(model)])[:count]
    installed = tuple(_aged(model, dice) for model in sorted(chosen, key=lambda model: model.name))
    rack = ("lab", "office", "cloud", "home")[number % 4]
    return Machine(
        id=f"{rack}-{number:04d}",
        name=f"{rack}-{kind.cpu.split()[-1].lower()}-{number:04d}",
        kind=kind,
        factor=dice.lognormvariate(0, 0.04),
        tags=tuple(sorted({rack, "gpu" if kind.gpus else "cpu-only", f"team-{number % 7}"})),
        models=installed,
    )


def _aged(model: InstalledModel, dice: random.Random) -> InstalledModel:
    """One in twenty was pulled before its tag was moved."""
    if dice.random() > 0.05:
        return model
    return model.model_copy(update={"digest": hashlib.sha256(f"old {model.name}".encode()).hexdigest()})


def _catalogue() -> list[InstalledModel]:
    return [
        _model(name, family, billions, context, quantization)
        for quantization in _BITS
        for name, family, sizes, context in _FAMILIES
        for billions in sizes
    ]


def _model(name: str, family: str, billions: float, context: int, quantization: str) -> InstalledModel:
    size = f"{billions:g}b" if billions >= 1 else f"{billions * 1_000:.0f}m"
    tag = f"{name}:{size}" if quantization == "Q4_K_M" else f"{name}:{size}-{quantization.lower()}"
    return InstalledModel(
        name=tag,
        digest=hashlib.sha256(tag.encode()).hexdigest(),
        size_bytes=round(billions * 1e9 * _BITS[quantization] / 8),
        family=family,
        parameter_size=size.upper(),
        parameter_count=round(billions * 1e9),
        quantization=quantization,
        context_length=context,
        capabilities=("completion", "tools") if billions > 1 else ("completion",),
    )


def ollama_release(moment: datetime, begin: datetime, end: datetime) -> str:
    """The release of that time: they follow each other evenly."""
    share = (moment - begin) / (end - begin)
    return OLLAMA_RELEASES[min(len(OLLAMA_RELEASES) - 1, math.floor(share * len(OLLAMA_RELEASES)))]


def driver_version(moment: datetime, begin: datetime, end: datetime) -> str:
    """The driver of that time."""
    return _DRIVERS[min(len(_DRIVERS) - 1, math.floor((moment - begin) / (end - begin) * len(_DRIVERS)))]
