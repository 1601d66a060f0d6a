"""The heartbeat: presence and news of a client one way, directives the other way."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from obt_core.jobs import JobProgress
from obt_core.models import OllamaStatus
from obt_core.operations import Allowed
from obt_core.registries import RegistryHost
from obt_core.wire import (
    HEARTBEAT_INTERVAL_S,
    SERVER_PROTOCOL_MIN,
    Fact,
    Hash,
    UtcDatetime,
    WireModel,
    known_or,
)


class AgentState(StrEnum):
    """What the client itself is doing."""

    IDLE = "idle"
    BUSY = "busy"
    DRAINING = "draining"


class MachineLoad(WireModel):
    """How busy the machine is: CPU in percent of all cores, memory in bytes."""

    cpu_percent: float = Field(ge=0, le=100)
    memory_used_bytes: int = Field(ge=0, le=2**62)


class ClockOffset(WireModel):
    """How far the client's wall clock is ahead of the server's, as a beat and its answer told: within `error_ms`.

    The error is half the time that the answer took. It is told anew when a later measurement contradicts it by more
    than 0.1 s. To be shown: nothing is decided by it.
    """

    offset_ms: float = Field(ge=-1e15, le=1e15)
    error_ms: float = Field(ge=0, le=1e9)


class Heartbeat(WireModel):
    """About one kilobyte, every interval. `job_id` is the job being worked on; the beat renews its lease.

    `operation_id` is the operation being done, and renews that lease. `allows` is what the machine's owner lets the
    server ask of it; a client that does not say so allows benchmarks. `allow_registries` are the hosts beside Ollama's
    own from which it may be asked to pull.
    """

    boot_id: UUID
    protocol_version: int = Field(ge=1, le=1_000_000)
    client_version: Fact
    server_protocol_min: int = Field(default=SERVER_PROTOCOL_MIN, ge=1, le=1_000_000)
    """The oldest server that this client works with."""
    state: Annotated[AgentState, known_or(AgentState, AgentState.BUSY)]
    interval_s: float = Field(default=HEARTBEAT_INTERVAL_S, gt=0, le=3_600)
    ollama: OllamaStatus
    hardware_fingerprint: Hash | None = None
    models_hash: Hash | None = None
    load: MachineLoad | None = None
    job_id: UUID | None = None
    progress: JobProgress | None = None
    operation_id: UUID | None = None
    allows: Annotated[Allowed, known_or(Allowed, Allowed.BENCHMARKS)] = Allowed.BENCHMARKS
    allow_registries: tuple[RegistryHost, ...] = Field(default=(), max_length=20)
    clock: ClockOffset | None = None


class Work(WireModel):
    """A claim would succeed now."""

    kind: Literal["work"] = "work"


class Cancel(WireModel):
    """Stop that job; what was measured is kept."""

    kind: Literal["cancel"] = "cancel"
    job_id: UUID


class SendHardware(WireModel):
    """The server does not have the hardware with this fingerprint."""

    kind: Literal["send_hardware"] = "send_hardware"


class SendModels(WireModel):
    """The server does not have the inventory with this hash."""

    kind: Literal["send_models"] = "send_models"


class Operate(WireModel):
    """A claim of an operation would succeed now."""

    kind: Literal["operate"] = "operate"


class CancelOperation(WireModel):
    """Stop that operation."""

    kind: Literal["cancel_operation"] = "cancel_operation"
    operation_id: UUID


class RotateKey(WireModel):
    """Ask for a new key; the old one is good until the new one was used."""

    kind: Literal["rotate_key"] = "rotate_key"


Directive = Annotated[
    Work | Cancel | SendHardware | SendModels | Operate | CancelOperation | RotateKey, Field(discriminator="kind")
]
"""The closed set of what a server may ask of a client. Computed from stored state, so a lost reply loses nothing."""


class HeartbeatReply(WireModel):
    """The answer to a beat, at once or held until there is something to say."""

    server_time: UtcDatetime
    directives: tuple[Directive, ...] = ()
    server_version: Fact = ""
    server_protocol_version: int | None = None
    """By these a client sees that it, or the server, is outdated; None: a server of the first release."""
