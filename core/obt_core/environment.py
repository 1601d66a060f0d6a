"""All that may explain a number: what a result carries beside its samples."""

from typing import Annotated

from pydantic import Field, StringConstraints

from obt_core.machine_environment import MachineEnvironment
from obt_core.results import Clock, Grade, Ms
from obt_core.suites import ModelOptions
from obt_core.wire import Fact, Hash, Message, ModelName, Slug, UtcDatetime, WireModel, known_or

SettingName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class OwnError(WireModel):
    """How far OBT's own stamps are from the truth on this machine, by `obt-client bench --calibrate`."""

    streams: int = Field(ge=1, le=10_000)
    ttft_p50_us: float = Field(ge=0, le=1e12)
    ttft_p99_us: float = Field(ge=0, le=1e12)
    gap_p50_us: float = Field(ge=0, le=1e12)
    gap_p99_us: float = Field(ge=0, le=1e12)
    lateness_p99_ms: Ms | None = None
    clock: Clock
    measured_at: UtcDatetime


class Condition(WireModel):
    """One thing about the machine, Ollama or the model that a reader of the result should know.

    `weight` is what it makes of the result: `clean` for what is only told. Codes: docs/measuring.md.
    """

    code: Slug
    detail: Fact = ""
    weight: Annotated[Grade, known_or(Grade, Grade.DISTURBED)] = Grade.CLEAN


class Environment(WireModel):
    """All that may explain a number. None means unknown."""

    client_version: Fact
    hardware_fingerprint: Hash | None = None
    ollama_version: Fact | None = None
    model: ModelName
    model_digest: Hash
    quantization: Fact | None = None
    options: ModelOptions
    suite_hash: Hash
    clock: Clock
    size_bytes: int | None = Field(default=None, ge=0, le=2**62)
    size_vram_bytes: int | None = Field(default=None, ge=0, le=2**62)
    context_length: int | None = Field(default=None, ge=0, le=2**31)
    other_models_loaded: tuple[ModelName, ...] = Field(default=(), max_length=100)
    cpu_percent_before: float | None = Field(default=None, ge=0, le=100)
    parallel_slots: int | None = Field(default=None, ge=1, le=10_000)
    """How many requests Ollama served at a time when probed; as many as were sent means: at least so many."""
    order_seed: int | None = Field(default=None, ge=0, le=2**53 - 1)
    """Seed of the order of workloads and of the moments of arrivals. Nonces have none: they never come twice."""
    own_error: OwnError | None = None
    machine: MachineEnvironment | None = None
    """Drivers, power, limits and system, as they were when the job began."""
    ollama_settings: dict[SettingName, Fact] = Field(default_factory=dict, max_length=100)
    """Variables of Ollama's service (`OLLAMA_...` and those of its GPU libraries), where they can be read."""
    ollama_settings_source: Fact | None = None
    """Where they were read: `process`, `systemd`, `launchd`, `registry`; None: nowhere, they are unknown."""
    model_parameters: Message | None = None
    """The model's own parameters, as `/api/show` tells them."""
    conditions: tuple[Condition, ...] = Field(default=(), max_length=50)
    idle_power_w: float | None = Field(default=None, ge=0, le=1e6)
    """What the devices that tell their power took before the job, together."""

    def offload_class(self) -> str:
        """`gpu`, `cpu`, `split` or `unknown`: where the model's layers were, as `/api/ps` told."""
        return offload_class(self.size_bytes, self.size_vram_bytes)


def offload_class(size_bytes: int | None, size_vram_bytes: int | None) -> str:
    """`gpu`, `cpu`, `split` or `unknown`: which of a model's bytes lay in GPUs' own memory."""
    if size_bytes is None or size_vram_bytes is None or size_bytes == 0:
        return "unknown"
    share = size_vram_bytes / size_bytes
    return "cpu" if share == 0 else "gpu" if share >= 0.999 else "split"
