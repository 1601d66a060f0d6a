"""What tests of operations say: people who ask, clients that answer."""

from datetime import timedelta
from typing import Any

from backend.tests.builders import MOMENT
from backend.tests.harness import API, AClient, Harness
from obt_core.jobs import JobError
from obt_core.operations import (
    Allowed,
    OperationClaimReply,
    OperationOutcome,
    OperationOutcomeReply,
    OperationOutcomeStatus,
    OperationProgress,
    OperationProgressReply,
    OperationSpec,
)
from obt_core.wire import PROTOCOL_VERSION

PULL: dict[str, Any] = {"kind": "pull", "model": "new:1b"}


class AModelsClient(AClient):
    """A client of this release whose owner lets models be changed. `said` is what its beats say."""

    said: dict[str, Any]


async def models_client(
    server: Harness, *, models: tuple[str, ...] = ("a:latest",), allows: Allowed = Allowed.MODELS, **said: Any
) -> AModelsClient:
    client = await server.a_client(models=models)
    client.__class__ = AModelsClient
    assert isinstance(client, AModelsClient)
    client.said = {"protocol_version": PROTOCOL_VERSION, "allows": allows, **said}
    await client.beat(**client.said)
    return client


async def ask(server: Harness, operation: dict[str, Any], *clients: AClient) -> dict[str, Any]:
    """Ask for one operation on those clients; return the first."""
    body = {"operation": operation, "client_ids": [client.id for client in clients]}
    return (await ask_for(server, body))[0]


async def ask_for(server: Harness, body: dict[str, Any]) -> list[dict[str, Any]]:
    reply = await server.owner.post(f"{API}/operations", json=body)
    return reply.raise_for_status().json()["operations"]


async def of(server: Harness, asked: dict[str, Any]) -> dict[str, Any]:
    """How an operation stands now."""
    found = (await server.get("/operations", batch_id=asked["batch_id"]))["operations"]
    return next(view for view in found if view["id"] == asked["id"])


async def claim(client: AClient) -> OperationSpec | None:
    reply = await client.http.post(f"{API}/operations/claim")
    return OperationClaimReply.model_validate(reply.raise_for_status().json()).operation


async def progress(client: AClient, spec: OperationSpec, **fields: Any) -> OperationProgressReply:
    body = OperationProgress(**fields).model_dump(mode="json")
    reply = await client.http.post(f"{API}/operations/{spec.operation_id}/progress", json=body)
    return OperationProgressReply.model_validate(reply.raise_for_status().json())


async def outcome(client: AClient, spec: OperationSpec, told: OperationOutcome) -> str:
    body = told.model_dump(mode="json")
    reply = await client.http.put(f"{API}/operations/{spec.operation_id}/outcome", json=body)
    return OperationOutcomeReply.model_validate(reply.raise_for_status().json()).status


def done(**fields: Any) -> OperationOutcome:
    defaults: dict[str, Any] = {
        "status": OperationOutcomeStatus.COMPLETED,
        "started_at": MOMENT,
        "ended_at": MOMENT + timedelta(seconds=5),
    }
    return OperationOutcome(**{**defaults, **fields})


def failed(code: str) -> OperationOutcome:
    return done(status=OperationOutcomeStatus.FAILED, error=JobError(code=code, message="It did not work."))
