"""Everything that goes over the live socket: one union, so that the browser's types are generated from it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from obt_core.wire import WireModel
from obt_server.clients.schemas import ClientView
from obt_server.jobs.schemas import JobView
from obt_server.operations.schemas import OperationView
from obt_server.results.schemas import ResultView
from obt_server.sessions.schemas import SessionView


class SnapshotPart(WireModel):
    """The first clients of many, ahead of the snapshot that has the last of them and all else.

    A browser reads a long message in one go and answers no key meanwhile: so it has many short ones.
    """

    type: Literal["snapshot_part"] = "snapshot_part"
    clients: list[ClientView]


class Snapshot(WireModel):
    """How things stand: all clients that are not archived, the sessions that are not done, operations not ended.

    The first message, where no parts of it came ahead.
    Of operations at most 1,000: those that run, then those that wait.
    """

    type: Literal["snapshot"] = "snapshot"
    server_time: datetime
    server_version: str
    clients: list[ClientView]
    sessions: list[SessionView]
    operations: list[OperationView]


class ClientChanged(WireModel):
    """A client is new, or its row changed."""

    type: Literal["client_changed"] = "client_changed"
    client: ClientView


class ClientRemoved(WireModel):
    """A client was archived."""

    type: Literal["client_removed"] = "client_removed"
    client_id: str


class ModelsChanged(WireModel):
    """The models of a client changed: fetch them anew."""

    type: Literal["models_changed"] = "models_changed"
    client_id: str


class JobChanged(WireModel):
    """A job moved, or got further."""

    type: Literal["job_changed"] = "job_changed"
    job: JobView


class SessionChanged(WireModel):
    """A session is new, or the counts of its jobs changed."""

    type: Literal["session_changed"] = "session_changed"
    session: SessionView


class OperationChanged(WireModel):
    """An operation was asked for, moved, or got further."""

    type: Literal["operation_changed"] = "operation_changed"
    operation: OperationView


class ResultAdded(WireModel):
    """A result was stored or renewed."""

    type: Literal["result_added"] = "result_added"
    result: ResultView


class Resync(WireModel):
    """The browser was too slow and missed changes: fetch everything anew."""

    type: Literal["resync"] = "resync"


LiveEvent = Annotated[
    Snapshot
    | SnapshotPart
    | ClientChanged
    | ClientRemoved
    | ModelsChanged
    | JobChanged
    | SessionChanged
    | ResultAdded
    | OperationChanged
    | Resync,
    Field(discriminator="type"),
]
