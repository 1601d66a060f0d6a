"""An operation as a browser asks for it and sees it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from obt_core.jobs import JobError
from obt_core.operations import Operation, OperationProgress, OperationStatus
from obt_core.wire import ClientId, WireModel
from obt_server.auth.schemas import RequestModel

ASKED_AT_ONCE_MAX = 5_000


class OperationKind(StrEnum):
    """What may be done to a model: the kinds of `obt_core.operations.Operation`."""

    PULL = "pull"
    DELETE = "delete"
    LOAD = "load"
    UNLOAD = "unload"
    COPY = "copy"


class OperationSkipReason(StrEnum):
    """Why an operation was never done."""

    NOT_ALLOWED = "not_allowed"
    """The owner of the machine does not allow it, or not from that registry."""
    OFFLINE = "offline"
    NOT_INSTALLED = "not_installed"
    CLOUD_MODEL = "cloud_model"
    """It would be loaded somewhere else than on the machine: nothing is ever sent to a cloud."""
    CLIENT_OUTDATED = "client_outdated"


class NewOperation(RequestModel):
    """One operation on one client."""

    operation: Operation
    client_id: ClientId


class NewOperations(RequestModel):
    """The same operation on many clients (`operation`, `client_ids`), or a list of single ones (`operations`)."""

    operation: Operation | None = None
    client_ids: Annotated[list[ClientId], Field(max_length=ASKED_AT_ONCE_MAX)] = Field(default=[])
    operations: Annotated[list[NewOperation], Field(max_length=ASKED_AT_ONCE_MAX)] = Field(default=[])

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        is_same = self.operation is not None and bool(self.client_ids)
        if is_same == bool(self.operations) or (self.operation is None) == bool(self.client_ids):
            raise ValueError("either `operation` and `client_ids`, or `operations`")
        return self

    def each(self) -> list[NewOperation]:
        """Return what is asked for one by one, in the order in which it is asked for."""
        if self.operation is None:
            return self.operations
        ids = dict.fromkeys(self.client_ids)
        return [NewOperation(operation=self.operation, client_id=client_id) for client_id in ids]


class OperationView(WireModel):
    """One operation now. `batch_id` joins those asked for together; `asked_by` and `cancelled_by` tell by whom.

    `error` says why it failed, or why it was skipped where its `skip_reason` alone does not say what to do.
    """

    id: UUID
    batch_id: UUID
    client_id: str
    client_name: str
    kind: OperationKind
    model: str
    operation: Operation
    status: OperationStatus
    skip_reason: OperationSkipReason | None
    error: JobError | None
    progress: OperationProgress | None
    asked_by: str
    cancelled_by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class Operations(WireModel):
    """The operations that were asked for, in their order."""

    operations: list[OperationView]


class OperationPage(WireModel):
    """A page of operations, newest first. `next` asks for the page after it."""

    operations: list[OperationView]
    next: str | None
