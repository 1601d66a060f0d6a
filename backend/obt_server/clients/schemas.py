"""A client as a browser sees it, and what a browser may ask of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from obt_core.hardware import GpuVendor, HardwareSnapshot
from obt_core.heartbeat import AgentState, MachineLoad
from obt_core.models import OllamaStatus
from obt_core.operations import Allowed
from obt_core.wire import ClientId, Label, WireModel
from obt_server.auth.schemas import RequestModel
from obt_server.auth.tags import Tags
from obt_server.clients.presence import Presence
from obt_server.clients.versions import VersionState

CLIENTS_MAX = 5_000
"""Clients that one request may change."""


class CpuSummary(WireModel):
    """A processor in a list."""

    model: str
    logical_cores: int


class GpuSummary(WireModel):
    """A GPU in a list. `memory_bytes`: its own, None where it shares the machine's."""

    vendor: GpuVendor
    name: str
    memory_bytes: int | None = None


class MachineSummary(WireModel):
    """What a list shows of a client's hardware; the whole of it is in its detail."""

    known: bool = True
    os: str = ""
    cpu: CpuSummary | None = None
    memory_bytes: int | None = None
    gpus: tuple[GpuSummary, ...] = ()


class ClientView(WireModel):
    """One client now. `running_job_id` is what it measures, as its last heartbeat said.

    `version_state` is how its release stands to this server's, `version_advice` what to do about it (SERVER in it
    stands for this server's address), `server_protocol_min` the oldest server that it works with. A client that is
    drained, since `drained_at`, gets no new work. `allows` is what its owner lets the server ask of it.
    `clone_seen_at`: when its key was last used by a second running client too; None since it has a key that was not.
    `clock_offset_ms`: how far its clock is ahead of the server's, by its own measurement, to `clock_error_ms`; None
    where it told none. `is_clock_wrong`: by more than OBT_CLOCK_APART_S.
    """

    id: str
    name: str
    tags: list[str]
    presence: Presence
    state: AgentState | None
    enrolled_at: datetime
    last_seen_at: datetime | None
    interval_s: float
    client_version: str
    protocol_version: int
    server_protocol_min: int
    version_state: VersionState
    version_advice: str | None
    ollama: OllamaStatus | None
    machine: MachineSummary | None
    load: MachineLoad | None
    model_count: int
    running_job_id: UUID | None
    allows: Allowed
    drained_at: datetime | None
    archived_at: datetime | None
    clone_seen_at: datetime | None
    clock_offset_ms: float | None = None
    clock_error_ms: float | None = None
    is_clock_wrong: bool = False


class ClientDetail(ClientView):
    """One client with the whole of its hardware.

    `is_archived_by_person`: then it stays archived though it beats. `key_rotation_asked_at`: since when somebody waits
    for it to take a new key. `key_revoked_at`: since when its key is good for nothing, until it enrols anew.
    """

    hardware: HardwareSnapshot | None
    is_archived_by_person: bool
    key_rotation_asked_at: datetime | None
    key_revoked_at: datetime | None


class Clients(WireModel):
    """Clients by name."""

    clients: list[ClientView]


class ClientChange(RequestModel):
    """What is to be another; what is left out stays."""

    name: Label | None = None
    tags: Tags | None = None


class ClientsChange(RequestModel):
    """What is to be done with many clients at once. `drained`: True drains them, False lets them work again."""

    client_ids: list[ClientId] = Field(min_length=1, max_length=CLIENTS_MAX)
    add_tags: Tags = Field(default_factory=list)
    remove_tags: Tags = Field(default_factory=list)
    drained: bool | None = None


class ClientsChanged(WireModel):
    """How many clients are another way now than they were."""

    changed: int


class HeardState(StrEnum):
    """A presence in a client's history. `unknown`: no server was there to hear it."""

    ONLINE = "online"
    STALE = "stale"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class PresenceChange(WireModel):
    """From `at` on, until the next one."""

    at: datetime
    presence: HeardState


class PresenceHistory(WireModel):
    """Changes of a client's presence, newest first. What is older than `kept_since` was forgotten."""

    changes: list[PresenceChange]
    kept_since: datetime
    next: str | None
