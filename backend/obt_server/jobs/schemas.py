"""A job as a browser sees it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from obt_core.environment import Condition
from obt_core.jobs import JobError, JobProgress, JobStatus
from obt_core.results import Estimate, Flag, Metric
from obt_core.wire import WireModel


class SkipReason(StrEnum):
    """Why a job was never run."""

    NOT_INSTALLED = "not_installed"
    EMBEDDINGS_ONLY = "embeddings_only"
    CLOUD_MODEL = "cloud_model"
    DOES_NOT_FIT = "does_not_fit"
    OFFLINE = "offline"
    CLIENT_OUTDATED = "client_outdated"
    SERVER_OUTDATED = "server_outdated"
    """The client needs a newer server."""
    NOT_ALLOWED = "not_allowed"
    """The client's owner lets no server ask anything of it."""
    DRAINED = "drained"


class WaitReason(StrEnum):
    """Why a queued job is not done yet. `busy`: its client does something else; `turn`: somebody else's comes first."""

    SCHEDULED = "scheduled"
    OFFLINE = "offline"
    DRAINED = "drained"
    BUSY = "busy"
    LIMIT = "limit"
    """As many jobs run as may at once."""
    TAG_LIMIT = "tag_limit"
    """As many run as may at once on the clients of one of its tags."""
    TURN = "turn"


class JobView(WireModel):
    """One job now. Its result, once there is one, has the same ID.

    `error` says why it failed, or why it was skipped where its `skip_reason` alone does not say what to do.
    """

    id: UUID
    session_id: UUID
    client_id: str
    client_name: str
    model: str
    model_digest: str | None
    suite_hash: str
    order_seed: int | None
    status: JobStatus
    waits_for: WaitReason | None = None
    """Of a queued job, where it was asked for: live messages do not tell it."""
    skip_reason: SkipReason | None
    error: JobError | None
    progress: JobProgress | None
    headline: dict[Metric, Estimate] | None
    samples_stored: int
    created_at: datetime
    claimed_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class PlannedJob(WireModel):
    """A job to be queued; with a `skip_reason`, to be stored as skipped.

    `turn` is its place among the jobs of its session on its client, `order_seed` the seed of its session's orders.
    """

    client_id: str
    turn: int = 0
    order_seed: int | None = None
    model: str
    model_digest: str | None
    skip_reason: SkipReason | None = None
    error: JobError | None = None


class JobsPage(WireModel):
    """Jobs of a session in the order in which they were asked for. `next` asks for the page after it."""

    jobs: list[JobView]
    next: int | None


class Waits(WireModel):
    """Why the queued jobs of a session wait, by the ID of their client; null: it is about to take the next."""

    clients: dict[str, WaitReason | None]


class LogKind(StrEnum):
    """What happened to a job. `sampling`: it began to measure; `resumed`: it was lost, and went on."""

    CLAIMED = "claimed"
    PREFLIGHT = "preflight"
    WARMUP = "warmup"
    SAMPLING = "sampling"
    DISTURBED = "disturbed"
    LOST = "lost"
    RESUMED = "resumed"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class LogDetail(WireModel):
    """What is to be said of it: of disturbed samples their numbers and flags, of an end what the client found."""

    workload: str | None = None
    numbers: tuple[int, ...] = ()
    flags: tuple[Flag, ...] = ()
    skip_reason: SkipReason | None = None
    error: JobError | None = None
    conditions: tuple[Condition, ...] = ()
    notes: tuple[str, ...] = ()
    samples: int | None = None


class LogEntry(WireModel):
    """One thing that happened to a job. Later ones have greater numbers."""

    id: int
    job_id: UUID
    at: datetime
    kind: LogKind
    detail: LogDetail


class JobLog(WireModel):
    """What happened to jobs, newest first. `next` asks for the page before it, in time."""

    entries: list[LogEntry]
    next: int | None
