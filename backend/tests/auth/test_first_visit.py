"""The first visit: until there is an administrator, nothing answers but what makes one, and clients' own routes."""

import asyncio
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from backend.tests.harness import API, HOUR, AClient, Harness
from obt_server.app import api_routes
from obt_server.auth import first_visit
from obt_server.auth.permissions import answers_before_setup, permission_of
from obt_server.auth.roles import Permission
from obt_server.auth.tables import PersonRow

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PASSWORD = "seven green kettles sing"


async def _before_setup(server: Harness) -> tuple[AClient, str]:
    """A client that enrolled, nobody who could sign in, and the secret that the server printed."""
    client = await server.a_client()
    async with server.db.write() as session:
        await session.execute(delete(PersonRow))
        secret = await first_visit.new_link(session, HOUR, server.clock.now())
    server.app.state.has_people = False
    return client, secret


async def _set_up(server: Harness, secret: str, **fields: Any) -> httpx.Response:
    body = {"secret": secret, "name": "anna", "password": PASSWORD, **fields}
    return await server.http().post(f"{API}/auth/setup", json=body)


@on_sqlite
@pytest.mark.parametrize("has_guests", [False, True])
async def test_nothing_else_answers_while_there_are_no_people(server: Harness, has_guests: bool) -> None:
    client, _ = await _before_setup(server)
    server.app.state.settings = server.app.state.settings.model_copy(update={"guest_view": has_guests})
    answering: set[str] = set()
    for route in api_routes():
        (method,) = route.methods or set[str]()
        values = {name: str(uuid4()) for name in route.param_convertors}
        path = API + route.path_format.format(**{**values, "client_id": client.id})
        senders = (server.nobody, server.owner, client.http)
        for reply in await asyncio.gather(*(http.request(method, path) for http in senders)):
            is_closed = reply.status_code == 403 and reply.json()["code"] == "needs_setup"
            assert is_closed != answers_before_setup(route), f"{method} {path}: {reply.status_code}"
        if answers_before_setup(route):
            answering.add(route.path)
    clients_own = {route.path for route in api_routes() if permission_of(route) is Permission.ACT_AS_CLIENT}
    assert answering == {"/auth/state", "/auth/setup", "/clients"} | clients_own
    assert (await server.nobody.get(f"{API}/auth/state")).json()["needs_setup"] is True
    assert (await server.nobody.get("/healthz")).status_code == 200
    assert (await client.beat()).server_version


@on_sqlite
async def test_no_socket_tells_anything_while_there_are_no_people(server: Harness) -> None:
    await _before_setup(server)
    server.app.state.settings = server.app.state.settings.model_copy(update={"guest_view": True})
    url = f"ws://{urlsplit(server.url).netloc}{API}/live"
    async with connect(url, additional_headers={"Origin": server.url}, proxy=None) as socket:
        with pytest.raises(ConnectionClosed):
            await socket.recv()


async def test_the_printed_secret_makes_one_administrator_who_is_signed_in(server: Harness) -> None:
    _, secret = await _before_setup(server)
    replies = await asyncio.gather(*(_set_up(server, secret, name=f"anna {n}") for n in range(4)))
    assert sorted(reply.status_code for reply in replies) == [204, 409, 409, 409]
    (won,) = (reply for reply in replies if reply.status_code == 204)
    cookie = {"Cookie": f"obt_session={won.cookies['obt_session']}"}
    me = (await server.nobody.get(f"{API}/auth/me", headers=cookie)).json()
    assert (me["kind"], me["name"][:4]) == ("administrator", "anna")
    assert (await server.nobody.get(f"{API}/auth/state")).json()["needs_setup"] is False
    again = await _set_up(server, secret)
    assert (again.status_code, again.json()["code"]) == (409, "set_up_already")


@on_sqlite
async def test_without_the_secret_nobody_becomes_administrator(server: Harness) -> None:
    _, secret = await _before_setup(server)
    wrong = await _set_up(server, "obt_setup_" + "x" * 43)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "link_invalid")
    weak = await _set_up(server, secret, password="password1234")
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    server.clock.advance(3_600)
    assert (await _set_up(server, secret)).json()["code"] == "link_invalid"
    assert (await server.nobody.get(f"{API}/auth/state")).json()["needs_setup"] is True


@on_sqlite
async def test_a_link_of_another_kind_does_not_do(server: Harness) -> None:
    link = await server.a_link()
    reply = await server.nobody.post(f"{API}/auth/reset", json={"secret": link, "password": PASSWORD})
    assert (reply.status_code, reply.json()["code"]) == (401, "link_invalid")
    _, secret = await _before_setup(server)
    await server.a_person("somebody")
    for path, body in (("link", {}), ("reset", {"password": PASSWORD})):
        reply = await server.nobody.post(f"{API}/auth/{path}", json={"secret": secret, **body})
        assert (reply.status_code, reply.json()["code"]) == (401, "link_invalid"), path
