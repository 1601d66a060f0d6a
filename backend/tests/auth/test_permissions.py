"""Every route has one permission, and everybody gets what the table grants them: over real HTTP."""

from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_core.jobs import SampleBatch
from obt_core.models import ModelInventory
from obt_server.app import ROUTERS, api_routes
from obt_server.auth.permissions import GRANTS, Kind, Permission, allow, permission_of

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@dataclass
class Sender:
    """Somebody who calls, and whom the server is to take them for."""

    name: str
    kind: Kind
    http: httpx.AsyncClient
    client_id: str = "some-client"


def test_every_route_names_one_permission() -> None:
    assert len(api_routes()) == sum(isinstance(route, APIRoute) for router in ROUTERS for route in router.routes)
    for route in api_routes():
        assert permission_of(route) in Permission


def test_a_route_without_a_permission_or_with_two_is_noticed() -> None:
    router = APIRouter()

    async def endpoint() -> None: ...

    router.add_api_route("/none", endpoint)
    router.add_api_route("/two", endpoint, dependencies=[allow(Permission.READ), allow(Permission.OPERATE)])
    router.add_api_route("/other", endpoint, dependencies=[Depends(endpoint)])
    for route in router.routes:
        assert isinstance(route, APIRoute)
        with pytest.raises(LookupError, match="permissions; it needs one"):
            permission_of(route)


@on_sqlite
async def test_everybody_gets_what_the_table_grants_on_every_route(server: Harness) -> None:
    senders = await _senders(server)
    asked = 0
    for route in sorted(api_routes(), key=lambda route: route.path == "/auth/sign-out"):  # which ends what we test with
        (method,) = route.methods or set[str]()
        for sender in senders:
            status = (await sender.http.request(method, _url(route, sender))).status_code
            what = f"{method} {route.path} as {sender.name}: {status}"
            if permission_of(route) in GRANTS[sender.kind]:
                # No body, IDs of nothing, a key that nobody wants changed: whoever may call is told that.
                assert status in {200, 204, 404, 409, 422}, what
            else:
                assert status == (401 if sender.kind is Kind.ANONYMOUS else 403), what
            asked += 1
    assert asked == len(senders) * len(api_routes()) > 8 * 30


@on_sqlite
async def test_a_client_acts_for_itself_only(server: Harness) -> None:
    one, other = await server.a_client(), await server.a_client(models=("llama3.2:3b",))
    await server.a_session([other], ["llama3.2:3b"])
    spec = await other.claim()
    assert spec is not None
    foreign = {
        ("POST", f"/clients/{other.id}/heartbeat"): builders.a_heartbeat(),
        ("PUT", f"/clients/{other.id}/hardware"): builders.a_machine(),
        ("PUT", f"/clients/{other.id}/models"): ModelInventory(models=()),
        ("POST", f"/jobs/{spec.job_id}/samples"): SampleBatch(samples=(builders.a_sample(),)),
        ("PUT", f"/jobs/{spec.job_id}/outcome"): builders.an_outcome(spec, 0),
        ("POST", f"/jobs/{spec.job_id}/telemetry"): builders.a_batch(builders.a_series()),
    }
    for (method, path), body in foreign.items():
        reply = await one.http.request(method, API + path, json=body.model_dump(mode="json"))
        assert (reply.status_code, reply.json()["code"]) == (403, "forbidden"), path
    known = await server.get("/models")
    holders = [known["clients"][place]["id"] for model in known["models"] for place in model["clients"]]
    assert holders == [other.id]
    assert await one.claim() is None


@on_sqlite
async def test_headers_of_proxies_make_nobody_trusted(server: Harness) -> None:
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host", "X-Forwarded-User"):
        reply = await server.nobody.get(f"{API}/clients", headers={header: "127.0.0.1"})
        assert reply.status_code == 401, header
    foreign = {"Host": "evil.example", "X-Forwarded-Host": "localhost"}
    assert (await server.owner.get(f"{API}/clients", headers=foreign)).status_code == 403
    origin = {"Origin": server.url.replace("http:", "https:"), "X-Forwarded-Proto": "https"}
    assert (await server.owner.post(f"{API}/auth/sign-out", headers=origin)).status_code == 403


def _url(route: APIRoute, sender: Sender) -> str:
    values = {name: str(uuid4()) for name in route.param_convertors}
    return API + route.path_format.format(**{**values, "client_id": sender.client_id})


async def _senders(server: Harness) -> list[Sender]:
    expired = await _sign_in(server)
    server.clock.advance(31 * 24 * 3_600)
    server.owner.cookies = (await _sign_in(server)).cookies
    client = await server.a_client()
    return [
        Sender("nobody", Kind.ANONYMOUS, server.nobody),
        Sender("a client", Kind.CLIENT, client.http, client.id),
        Sender("the owner", Kind.ADMINISTRATOR, await _sign_in(server)),
        Sender("an expired cookie", Kind.ANONYMOUS, expired),
        Sender("a wrong key", Kind.ANONYMOUS, _with(server, Authorization="Bearer obt_client_" + "x" * 43)),
        Sender("a wrong scheme", Kind.ANONYMOUS, _with(server, Authorization=f"Basic {client.key}")),
        Sender("a key as a cookie", Kind.ANONYMOUS, _with(server, Cookie=f"obt_session={client.key}")),
        Sender("a made-up cookie", Kind.ANONYMOUS, _with(server, Cookie="obt_session=obt_session_x")),
    ]


async def _sign_in(server: Harness) -> httpx.AsyncClient:
    return await server.a_person("owner")


def _with(server: Harness, **headers: str) -> httpx.AsyncClient:
    http = server.http()
    http.headers.update(headers)
    return http
