"""Every route has one permission, and everybody gets what the table grants them: over real HTTP."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from backend.tests import builders
from backend.tests.auth.senders import Sender, all_senders, with_headers
from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from obt_core.jobs import SampleBatch
from obt_core.models import ModelInventory
from obt_server.app import ROUTERS, api_routes
from obt_server.auth.permissions import allow, permission_of
from obt_server.auth.roles import GRANTS, OPEN, Kind, Permission, Role
from obt_server.config import Settings

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


OPEN_TO_ALL = {
    ("GET", "/auth/state"),
    ("POST", "/auth/setup"),
    ("POST", "/auth/sign-in"),
    ("POST", "/auth/link"),
    ("POST", "/auth/reset"),
    ("GET", "/auth/oidc/begin"),
    ("GET", "/auth/oidc/callback"),
    ("POST", "/clients"),
}
"""What anybody may ask, by intention: the ways in."""


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


def test_no_route_is_open_by_accident() -> None:
    found = {(method, route.path) for route in api_routes() for method in route.methods or () if _is_open(route)}
    assert found == OPEN_TO_ALL


def test_a_role_may_all_that_a_lesser_one_may_and_nobody_acts_as_a_client() -> None:
    viewer, operator, administrator = (GRANTS[Kind(role)] for role in Role)
    assert viewer < operator < administrator
    assert GRANTS[Kind.ANONYMOUS] < GRANTS[Kind.GUEST] < viewer
    for kind, granted in GRANTS.items():
        assert (Permission.ACT_AS_CLIENT in granted) == (kind is Kind.CLIENT)


@on_sqlite
async def test_everybody_gets_what_the_table_grants_on_every_route(
    server: Harness, record_property: Callable[[str, object], None]
) -> None:
    senders = await all_senders(server)
    asked = sum(await asyncio.gather(*map(_ask_all, senders)))
    assert asked == len(senders) * len(api_routes()) > 20 * 80
    record_property("tried", f"{len(api_routes())} routes x {len(senders)} senders = {asked} requests")


@on_sqlite
async def test_guests_read_and_do_nothing_else_where_a_setting_lets_them(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"guest_view": True}), clock) as server:
        guests = [
            Sender("a guest", Kind.GUEST, server.nobody),
            Sender("an old cookie", Kind.GUEST, with_headers(server, Cookie="obt_session=obt_session_x")),
            Sender("a wrong key", Kind.ANONYMOUS, with_headers(server, Authorization="Bearer obt_client_x")),
        ]
        await asyncio.gather(*map(_ask_all, guests))
        assert (await server.nobody.get(f"{API}/auth/me")).json()["kind"] == "guest"


async def _ask_all(sender: Sender) -> int:
    """Ask all routes, without a body and for IDs of nothing: who may call is told that, or given a list."""
    for route in _in_order():
        (method,) = route.methods or set[str]()
        reply = await sender.http.request(method, _url(route, sender))
        what = f"{method} {route.path} as {sender.name}: {reply.status_code} {reply.text[:200]}"
        if permission_of(route) in sender.granted:
            assert reply.status_code in {200, 204, 404, 409, 422}, what
        else:
            assert reply.status_code == (401 if sender.kind is Kind.ANONYMOUS else 403), what
    return len(api_routes())


def _in_order() -> list[APIRoute]:
    """All routes; last the one that ends what we ask with."""
    return sorted(api_routes(), key=lambda route: route.path == "/auth/sign-out")


def _is_open(route: APIRoute) -> bool:
    return permission_of(route) in OPEN


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
