"""Whether an operation can be done on a client at all, and what is said where it cannot. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from obt_core.jobs import JobError
from obt_core.operations import OPERATIONS_PROTOCOL, Allowed, Copy, Delete, Load, Operation, Pull
from obt_core.registries import full_name, host_of, is_allowed
from obt_server.clients.allowances import Allowance
from obt_server.clients.versions import VersionState, how_to_upgrade
from obt_server.operations.schemas import OperationSkipReason


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an operation is not given to a client, for programs and in a sentence that says what to do."""

    reason: OperationSkipReason
    error: JobError | None = None


@dataclass(slots=True)
class Foreseen:
    """The models that a client will have when its turn comes: with their tags, and whether each is a cloud's."""

    models: dict[str, bool] = field(default_factory=dict[str, bool])
    is_known: bool = True

    @classmethod
    def of(cls, installed: Mapping[str, bool], *, is_known: bool) -> "Foreseen":
        """Begin with what is installed now."""
        return cls({full_name(name): is_cloud for name, is_cloud in installed.items()}, is_known)

    def note(self, operation: Operation) -> None:
        """Take an operation for done that comes before the next one."""
        match operation:
            case Pull():
                self.models.setdefault(full_name(operation.model), False)
            case Copy():
                self.models[full_name(operation.to)] = self.models.get(full_name(operation.model), False)
            case Delete():
                self.models.pop(full_name(operation.model), None)
            case _:
                pass


def refusal(operation: Operation, client: Allowance, foreseen: Foreseen) -> Refusal | None:
    """Return why this cannot be done there, None if nothing speaks against it. An offline client is no reason."""
    return refused_by_client(operation, client) or _refused_by_models(operation, foreseen)


def refused_by_client(operation: Operation, client: Allowance) -> Refusal | None:
    """Return what of the client itself speaks against it: its release, or what its owner allows."""
    if client.release.state is VersionState.TOO_OLD or client.release.protocol < OPERATIONS_PROTOCOL:
        return _refusal(
            OperationSkipReason.CLIENT_OUTDATED,
            f"The client ({client.release.version}) speaks protocol {client.release.protocol}; operations need"
            f" {OPERATIONS_PROTOCOL}. {how_to_upgrade(client.operating_system)}",
        )
    if client.allows is not Allowed.MODELS:
        return _refusal(
            OperationSkipReason.NOT_ALLOWED,
            f"The client allows {client.allows}. Its owner lets models be changed with OBT_ALLOW=models, set on its"
            " machine; no server can.",
        )
    if isinstance(operation, Pull) and not is_allowed(operation.model, client.registries):
        host = host_of(operation.model)
        return _refusal(
            OperationSkipReason.NOT_ALLOWED,
            f"{operation.model} would be fetched from {host}, which the client does not allow. Its owner lets it with"
            f" OBT_ALLOW_REGISTRIES={host}, set on its machine; no server can.",
        )
    return None


def _refused_by_models(operation: Operation, foreseen: Foreseen) -> Refusal | None:
    if isinstance(operation, Pull):
        return None
    is_cloud = foreseen.models.get(full_name(operation.model))
    if is_cloud is None:
        return Refusal(OperationSkipReason.NOT_INSTALLED) if foreseen.is_known else None
    if is_cloud and isinstance(operation, Load):
        return Refusal(OperationSkipReason.CLOUD_MODEL)
    return None


def _refusal(reason: OperationSkipReason, message: str) -> Refusal:
    return Refusal(reason, JobError(code=reason, message=message))
