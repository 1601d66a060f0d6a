"""An operation: one act on one model of one client's Ollama, that a person asked for. A closed set of kinds.

It travels like a job: queued, claimed by the client's own request, reported, ended. A client never does one while it
measures, and does only what its owner allows (`Allowed`, a setting of the client that no server can change).
"""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from obt_core.jobs import JobError
from obt_core.wire import ModelName, UtcDatetime, WireModel, known_or


class Allowed(StrEnum):
    """What the owner of a machine lets the server ask of it."""

    NOTHING = "nothing"
    BENCHMARKS = "benchmarks"
    MODELS = "models"
    """Benchmarks, and operations on models too."""


class OperationStatus(StrEnum):
    """Where an operation stands."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    LOST = "lost"


_S = OperationStatus
TRANSITIONS: dict[OperationStatus, frozenset[OperationStatus]] = {
    _S.QUEUED: frozenset({_S.RUNNING, _S.CANCELLED, _S.SKIPPED}),
    _S.RUNNING: frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.LOST}),
    # The machine that did it is the authority: it may come back after its lease ran out, or was too fast to cancel.
    _S.LOST: frozenset({_S.RUNNING, _S.COMPLETED, _S.FAILED, _S.CANCELLED}),
    _S.CANCELLED: frozenset({_S.COMPLETED}),
    _S.FAILED: frozenset(),
    _S.COMPLETED: frozenset(),
    _S.SKIPPED: frozenset(),
}
"""Every allowed move. The SQL of the server, the tests and the docs read this table."""

ENDED = frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.SKIPPED, _S.LOST})
"""States in which nothing more is expected."""


OPERATIONS_PROTOCOL = 2
"""The first protocol whose clients know operations."""


def sources_of(target: OperationStatus) -> frozenset[OperationStatus]:
    """Return the states from which `target` may be reached."""
    return frozenset(source for source, targets in TRANSITIONS.items() if target in targets)


class Pull(WireModel):
    """Have Ollama fetch a model from its registry, or bring it up to date."""

    kind: Literal["pull"] = "pull"
    model: ModelName


class Delete(WireModel):
    """Remove a model from the machine."""

    kind: Literal["delete"] = "delete"
    model: ModelName


class Load(WireModel):
    """Bring a model into memory, to stay for so many seconds after its last use."""

    kind: Literal["load"] = "load"
    model: ModelName
    keep_alive_s: int = Field(default=300, ge=1, le=86_400)


class Unload(WireModel):
    """Take a model out of memory."""

    kind: Literal["unload"] = "unload"
    model: ModelName


class Copy(WireModel):
    """Give a model a second name; its layers are not stored twice."""

    kind: Literal["copy"] = "copy"
    model: ModelName
    to: ModelName


Operation = Annotated[Pull | Delete | Load | Unload | Copy, Field(discriminator="kind")]
"""The closed set of what may be done to a model."""


class OperationSpec(WireModel):
    """What a client needs to do an operation: data only, never a command, a path or an address."""

    operation_id: UUID
    operation: Operation
    lease_s: float


class OperationClaimReply(WireModel):
    """An operation to do, or None."""

    operation: OperationSpec | None


class OperationProgress(WireModel):
    """How far a running operation is. Bytes are those of a pull, over all of its layers; None: Ollama does not say.

    `bytes_per_s` is the rate of the last seconds.
    """

    stage: str = Field(default="", max_length=300)
    done_bytes: int | None = Field(default=None, ge=0, le=2**62)
    total_bytes: int | None = Field(default=None, ge=0, le=2**62)
    bytes_per_s: float | None = Field(default=None, ge=0, le=1e15)


class OperationProgressReply(WireModel):
    """`cancelled` asks the client to stop."""

    cancelled: bool


class OperationOutcomeStatus(StrEnum):
    """How a client may end an operation."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OperationOutcome(WireModel):
    """The last word of a client on an operation. Sending it again changes nothing."""

    status: Annotated[OperationOutcomeStatus, known_or(OperationOutcomeStatus, OperationOutcomeStatus.FAILED)]
    started_at: UtcDatetime
    ended_at: UtcDatetime
    error: JobError | None = None


class OperationOutcomeReply(WireModel):
    """The state that the operation has now."""

    status: OperationStatus
