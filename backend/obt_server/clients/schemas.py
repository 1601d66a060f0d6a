"""A client as a browser sees it."""

from datetime import datetime
from uuid import UUID

from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import AgentState, MachineLoad
from obt_core.models import OllamaStatus
from obt_core.wire import WireModel
from obt_server.clients.presence import Presence
from obt_server.clients.versions import VersionState


class ClientView(WireModel):
    """One client now. `running_job_id` is what it measures, as its last heartbeat said.

    `version_state` is how its release stands to this server's, `version_advice` what to do about it (SERVER in it
    stands for this server's address), `server_protocol_min` the oldest server that it works with.
    """

    id: str
    name: str
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
    hardware: HardwareSnapshot | None
    load: MachineLoad | None
    model_count: int
    running_job_id: UUID | None
    archived_at: datetime | None


class Clients(WireModel):
    """Clients by name."""

    clients: list[ClientView]
