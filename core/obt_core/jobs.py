"""A job: one model on one client within a session. Its states, its messages."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from obt_core.environment import Environment
from obt_core.results import Sample
from obt_core.suites import Suite
from obt_core.wire import Fact, Hash, Label, Message, ModelName, Slug, UtcDatetime, WireModel, known_or

LEASE_S = 90.0
"""A claimed job is lost when its client was silent for so long."""


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    LOST = "lost"


_S = JobStatus
TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    _S.QUEUED: frozenset({_S.CLAIMED, _S.CANCELLED, _S.SKIPPED}),
    _S.CLAIMED: frozenset({_S.RUNNING, _S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.LOST}),
    _S.RUNNING: frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.LOST}),
    # The machine that measured is the authority: it may come back after its lease ran out.
    _S.LOST: frozenset({_S.RUNNING, _S.COMPLETED, _S.FAILED, _S.CANCELLED}),
    _S.FAILED: frozenset({_S.COMPLETED}),
    _S.COMPLETED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.SKIPPED: frozenset(),
}
"""Every allowed move. The SQL of the server, the tests and the docs read this table."""

ACTIVE = frozenset({_S.CLAIMED, _S.RUNNING})
"""States in which a client holds the job."""

ENDED = frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.SKIPPED, _S.LOST})
"""States in which nothing more is expected; `lost` and `failed` may still become `completed`."""


def sources_of(target: JobStatus) -> frozenset[JobStatus]:
    """Return the states from which `target` may be reached."""
    return frozenset(source for source, targets in TRANSITIONS.items() if target in targets)


class JobPhase(StrEnum):
    """What a running job does now."""

    PREFLIGHT = "preflight"
    WARMUP = "warmup"
    SAMPLING = "sampling"
    FINISHING = "finishing"


class JobProgress(WireModel):
    """How far a running job is. `tokens_per_s` is what streams at this moment, None between samples."""

    phase: Annotated[JobPhase, known_or(JobPhase, JobPhase.SAMPLING)]
    workload: Slug | None = None
    samples_done: int = Field(ge=0, le=1_000_000)
    samples_planned: int = Field(ge=0, le=1_000_000)
    tokens_per_s: float | None = Field(default=None, ge=0, le=1e9)


class JobSpec(WireModel):
    """All that a client needs to do a job: data only, never a command, a path or an address."""

    job_id: UUID
    session_id: UUID
    model: ModelName
    model_digest: Hash
    suite: Suite
    suite_hash: Hash
    order_seed: int | None = Field(default=None, ge=0, le=2**53 - 1)
    """Seed of the order of workloads, of arrivals and of prompts; None: the client draws one."""
    lease_s: float = LEASE_S


class ClaimReply(WireModel):
    """A job to do, or None."""

    job: JobSpec | None


class SampleBatch(WireModel):
    """Samples as they are taken. A number that is stored already is not stored again."""

    samples: tuple[Sample, ...] = Field(min_length=1, max_length=500)
    progress: JobProgress | None = None


class SamplesReply(WireModel):
    """How many samples of the job the server holds now; `cancelled` asks the client to stop."""

    stored: int
    cancelled: bool


class OutcomeStatus(StrEnum):
    """How a client may end a job."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobError(WireModel):
    """Why a job failed: a code for programs, a sentence for people."""

    code: Slug
    message: Message


class JobOutcome(WireModel):
    """The last word of a client on a job, sent after all its samples. Sending it again changes nothing."""

    status: Annotated[OutcomeStatus, known_or(OutcomeStatus, OutcomeStatus.FAILED)]
    sample_count: int = Field(ge=0, le=1_000_000)
    started_at: UtcDatetime
    ended_at: UtcDatetime
    environment: Environment | None = None
    error: JobError | None = None
    notes: tuple[Label, ...] = Field(default=(), max_length=50)


class OutcomeReply(WireModel):
    """The state that the job has now. `missing` counts samples that the server never got."""

    status: JobStatus
    missing: int
    detail: Fact = ""
