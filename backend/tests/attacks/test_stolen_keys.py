"""Who stole a client's key is that client and nobody else; who caught an enrolment has nothing."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from backend.tests.sessions.test_uploads import a_measured_job, a_run, announce
from obt_core.jobs import JobSpec, SampleBatch
from obt_core.models import ModelInventory
from obt_core.operations import OperationOutcome, OperationOutcomeStatus, OperationProgress
from obt_server.app import api_routes
from obt_server.auth.permissions import OPEN, Permission, permission_of

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
Body = Callable[[JobSpec], BaseModel | None]
ENDED = OperationOutcome(status=OperationOutcomeStatus.COMPLETED, started_at=builders.MOMENT, ended_at=builders.MOMENT)
BODIES: dict[str, Body] = {
    "/clients/{client_id}/heartbeat": lambda _: builders.a_heartbeat(),
    "/clients/{client_id}/hardware": lambda _: builders.a_machine(),
    "/clients/{client_id}/models": lambda _: ModelInventory(models=()),
    "/clients/{client_id}/key": lambda _: None,
    "/clients/{client_id}/runs": lambda _: a_run().announced(),
    "/jobs/claim": lambda _: None,
    "/jobs/{job_id}/samples": lambda _: SampleBatch(samples=(builders.a_sample(),)),
    "/jobs/{job_id}/telemetry": lambda _: builders.a_batch(builders.a_series()),
    "/jobs/{job_id}/outcome": lambda spec: builders.an_outcome(spec, 0),
    "/operations/claim": lambda _: None,
    "/operations/{operation_id}/progress": lambda _: OperationProgress(stage="owned"),
    "/operations/{operation_id}/outcome": lambda _: ENDED,
}
"""What a client may send, each to every route that it has."""


def routes_of_clients() -> list[APIRoute]:
    return [route for route in api_routes() if permission_of(route) is Permission.ACT_AS_CLIENT]


async def ask(http: httpx.AsyncClient, route: APIRoute, body: BaseModel | None, **ids: object) -> httpx.Response:
    (method,) = route.methods or set[str]()
    content = None if body is None else body.model_dump(mode="json")
    return await http.request(method, API + route.path_format.format(**ids), json=content)


async def at_work(server: Harness) -> tuple[AClient, JobSpec, str]:
    """A client with a job that it measures and an operation that waits."""
    other = await server.a_client("other", models=("a",))
    await other.beat(allows="models")
    await server.a_session([other], ["a"])
    spec = await other.claim()
    assert spec is not None
    asked = {"operation": {"kind": "delete", "model": "a"}, "client_ids": ["other"]}
    told = (await server.owner.post(f"{API}/operations", json=asked)).raise_for_status().json()
    return other, spec, told["operations"][0]["id"]


async def test_a_stolen_key_acts_as_no_other_client_on_any_route(server: Harness) -> None:
    assert {route.path for route in routes_of_clients()} == set(BODIES), "a route that this test does not know"
    _, spec, operation_id = await at_work(server)
    thief = await server.a_client("thief")
    before = await everything(server, spec)
    for route in routes_of_clients():
        body = BODIES[route.path](spec)
        reply = await ask(thief.http, route, body, client_id="other", job_id=spec.job_id, operation_id=operation_id)
        if route.path.endswith("/claim"):  # it asks for its own work, of which there is none
            assert reply.json() in ({"job": None}, {"operation": None})
        else:
            assert (reply.status_code, reply.json()["code"]) == (403, "forbidden"), route.path
    assert await everything(server, spec) == before


async def everything(server: Harness, spec: JobSpec) -> list[object]:
    """All that is known of the other client, but for when it was heard."""
    paths = ("/clients/other", f"/sessions/{spec.session_id}", "/operations", f"/jobs/{spec.job_id}/samples")
    return [await server.get(path) for path in paths]


async def test_idor_a_client_reads_nothing_not_even_what_is_its_own(server: Harness) -> None:
    """Whatever ID it puts where: what people may read, ask and change is closed to a key of a client."""
    other, spec, operation_id = await at_work(server)
    tried = 0
    for route in api_routes():
        if permission_of(route) in OPEN | {Permission.ACT_AS_CLIENT}:
            continue
        for own_id in (str(spec.job_id), str(uuid4()), operation_id):
            ids = dict.fromkeys(route.param_convertors, own_id) | {"client_id": other.id, "kind": "csv", "name": "a"}
            reply = await ask(other.http, route, None, **ids)
            assert (reply.status_code, reply.json()["code"]) == (403, "forbidden"), route.path
            assert "decode" not in reply.text
            tried += 1
    assert tried > 100


async def test_idor_a_run_takes_over_no_job_and_no_session_of_another(server: Harness) -> None:
    _, spec, _ = await at_work(server)
    thief = await server.a_client("thief")
    before = await everything(server, spec)
    job = a_measured_job().model_copy(update={"job_id": spec.job_id})
    for run in (a_run(job), a_run(run_id=spec.session_id)):
        assert (await announce(thief, run, 409))["code"] == "run_conflict"
    assert await everything(server, spec) == before


async def test_a_stolen_key_does_not_change_the_lock(server: Harness) -> None:
    client = await server.a_client("one")
    reply = await client.http.post(f"{API}/clients/one/key")
    assert (reply.status_code, reply.json()["code"]) == (409, "no_rotation")


async def test_a_key_is_taken_in_no_other_place_than_its_header(server: Harness) -> None:
    client = await server.a_client("one")
    body = builders.a_heartbeat().model_dump(mode="json")
    path = f"{API}/clients/one/heartbeat"
    for header, value in (
        ("Authorization", client.key),
        ("Authorization", f"Token {client.key}"),
        ("Authorization", f"Bearer {client.key[:-1]}"),
        ("Authorization", f"Bearer {client.key}x"),
        ("Authorization", f"Bearer {client.key.upper()}"),
        ("X-API-Key", client.key),
        ("Cookie", f"obt_session={client.key}"),
    ):
        assert (await server.nobody.post(path, json=body, headers={header: value})).status_code == 401, header
    in_address = {"key": client.key, "access_token": client.key}
    assert (await server.nobody.post(path, json=body, params=in_address)).status_code == 401


async def test_replayed_enrolment_gives_nobody_a_key_once_the_machine_was_seen(server: Harness) -> None:
    body = builders.an_enrolment(await server.a_token(uses=5), "one").model_dump(mode="json")
    reply = (await server.nobody.post(f"{API}/clients", json=body)).raise_for_status()
    key = {"Authorization": f"Bearer {reply.json()['key']}"}
    beat = builders.a_heartbeat().model_dump(mode="json")
    (await server.nobody.post(f"{API}/clients/one/heartbeat", json=beat, headers=key)).raise_for_status()
    again = await server.nobody.post(f"{API}/clients", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "client_exists")
    assert (await server.nobody.post(f"{API}/clients/one/heartbeat", json=beat, headers=key)).status_code == 200
    assert (await server.get("/enrolment-tokens"))["tokens"][0]["uses_left"] == 4


async def test_replayed_enrolment_with_another_nonce_or_another_token_gives_nobody_a_key(server: Harness) -> None:
    token = await server.a_token(uses=5)
    body = builders.an_enrolment(token, "one", nonce="n" * 32)
    (await server.nobody.post(f"{API}/clients", json=body.model_dump(mode="json"))).raise_for_status()
    for changed in ({"nonce": "m" * 32}, {"token": "obt_enrol_" + "x" * 43}):
        told = body.model_copy(update=changed).model_dump(mode="json")
        assert (await server.nobody.post(f"{API}/clients", json=told)).status_code in {401, 409}


async def test_replayed_enrolment_of_a_revoked_client_needs_a_use_of_a_token(server: Harness) -> None:
    body = builders.an_enrolment(await server.a_token(uses=1), "one").model_dump(mode="json")
    (await server.nobody.post(f"{API}/clients", json=body)).raise_for_status()
    (await server.owner.post(f"{API}/clients/one/revoke-key")).raise_for_status()
    again = await server.nobody.post(f"{API}/clients", json=body)
    assert (again.status_code, again.json()["code"]) == (401, "enrolment_token_invalid")
