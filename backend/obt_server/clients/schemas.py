"""A client as a browser sees it."""

from datetime import datetime
from uuid import UUID

from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import AgentState, MachineLoad, OllamaStatus
from obt_core.wire import WireModel
from obt_server.clients.presence import Presence


class ClientView(WireModel):
    """One client now. `running_job_id` is what it measures, as its last heartbeat said."""

    id: str
    name: str
    presence: Presence
    state: AgentState | None
    enrolled_at: datetime
    last_seen_at: datetime | None
    interval_s: float
    client_version: str
    ollama: OllamaStatus | None
    hardware: HardwareSnapshot | None
    load: MachineLoad | None
    model_count: int
    running_job_id: UUID | None
    archived_at: datetime | None


class Clients(WireModel):
    """Clients by name."""

    clients: list[ClientView]
