"""Everybody who may call: people and programs of each role, clients, guests, and who only pretends to be one."""

from dataclasses import dataclass
from typing import Any

import httpx

from backend.tests.harness import API, Harness
from obt_server.auth import people
from obt_server.auth.roles import GRANTS, NEVER_BY_KEY, Kind, Permission, Role

DAY_S = 24 * 3_600


@dataclass
class Sender:
    """Somebody who calls, and whom the server is to take them for."""

    name: str
    kind: Kind
    http: httpx.AsyncClient
    client_id: str = "some-client"
    is_program: bool = False

    @property
    def granted(self) -> frozenset[Permission]:
        return GRANTS[self.kind] - NEVER_BY_KEY if self.is_program else GRANTS[self.kind]


def with_headers(server: Harness, **headers: str) -> httpx.AsyncClient:
    http = server.http()
    http.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return http


async def a_key(http: httpx.AsyncClient, role: Role, **wish: Any) -> str:
    """Make an API key of whoever is signed in there."""
    reply = await http.post(f"{API}/api-keys", json={"name": f"for {role}", "role": role, **wish})
    return reply.raise_for_status().json()["key"]


async def id_of(http: httpx.AsyncClient) -> str:
    return (await http.get(f"{API}/auth/me")).raise_for_status().json()["person_id"]


async def all_senders(server: Harness) -> list[Sender]:
    expired = await server.a_person("owner")
    old_key = await a_key(expired, Role.VIEWER, expires_in_days=1)
    server.clock.advance(31 * DAY_S)
    server.owner.cookies = (await server.a_person("owner")).cookies
    client = await server.a_client()
    wrong = {
        "an expired cookie": expired,
        "an expired API key": _bearer(server, old_key),
        "a wrong client key": _bearer(server, "obt_client_" + "x" * 43),
        "a wrong API key": _bearer(server, "obt_" + "x" * 43),
        "a wrong X-API-Key": with_headers(server, X_API_Key=client.key),
        "a wrong scheme": with_headers(server, Authorization=f"Basic {client.key}"),
        "a key as a cookie": with_headers(server, Cookie=f"obt_session={client.key}"),
        "a made-up cookie": with_headers(server, Cookie="obt_session=obt_session_x"),
        "a person who is disabled": await _disabled(server),
        "a key that was revoked": await _revoked(server),
    }
    return [
        Sender("nobody", Kind.ANONYMOUS, server.nobody),
        *(Sender(name, Kind.ANONYMOUS, http) for name, http in wrong.items()),
        Sender("a client", Kind.CLIENT, client.http, client.id),
        *[sender for role in Role for sender in await _of_role(server, role)],
        Sender("a viewer's key", Kind.VIEWER, await _of_demoted(server), is_program=True),
    ]


async def _of_role(server: Harness, role: Role) -> list[Sender]:
    """A person, and programs with that person's key, sent in both ways."""
    http = await server.a_person(f"the {role}", role)
    key, kind = await a_key(http, role), Kind(role)
    return [
        Sender(f"a person, {role}", kind, http),
        Sender(f"a program, {role}", kind, _bearer(server, key), is_program=True),
        Sender(f"a program, {role}, by X-API-Key", kind, with_headers(server, X_API_Key=key), is_program=True),
    ]


async def _of_demoted(server: Harness) -> httpx.AsyncClient:
    """An administrator's key, after the administrator became a viewer."""
    http = await server.a_person("demoted", Role.ADMINISTRATOR)
    key, path = await a_key(http, Role.ADMINISTRATOR), f"{API}/people/{await id_of(http)}"
    (await server.owner.patch(path, json={"role": "viewer"})).raise_for_status()
    return _bearer(server, key)


async def _disabled(server: Harness) -> httpx.AsyncClient:
    http = await server.a_person("disabled", Role.ADMINISTRATOR)
    async with server.db.write() as session:
        person = await people.find(session, "disabled")
        assert person is not None
        person.is_disabled = True  # the sessions stay: they must not help
    return http


async def _revoked(server: Harness) -> httpx.AsyncClient:
    made = (await server.owner.post(f"{API}/api-keys", json={"name": "lost", "role": "administrator"})).json()
    (await server.owner.delete(f"{API}/api-keys/{made['id']}")).raise_for_status()
    return _bearer(server, made["key"])


def _bearer(server: Harness, key: str) -> httpx.AsyncClient:
    return with_headers(server, Authorization=f"Bearer {key}")
