"""API keys: told once, shown by their beginning, never more than their person, gone at once when revoked."""

import pytest

from backend.tests.auth.senders import a_key, id_of, with_headers
from backend.tests.auth.test_credentials import everything
from backend.tests.harness import API, Harness
from obt_server.auth import random_secrets
from obt_server.auth.roles import Role

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DAY_S = 24 * 3_600


async def test_a_key_does_what_its_role_may_without_cookie_or_origin(server: Harness) -> None:
    made = (await server.owner.post(f"{API}/api-keys", json={"name": "ci", "role": "operator"})).json()
    assert random_secrets.is_api_key(made["key"])
    assert made["key"].startswith(made["prefix"])
    for headers in ({"Authorization": f"Bearer {made['key']}"}, {"X-API-Key": made["key"]}):
        program = with_headers(server, **headers)
        del program.headers["Origin"]
        me = (await program.get(f"{API}/auth/me")).json()
        assert (me["kind"], me["name"], "own_account" in me["permissions"]) == ("operator", "owner (key ci)", False)
        client = await server.a_client(models=("m",))
        wish = {"models": ["m"], "client_ids": [client.id]}
        asked = (await program.post(f"{API}/sessions", json=wish)).raise_for_status().json()
        assert asked["asked_by"] == "owner (key ci)"
    (listed,) = (await server.get("/api-keys"))["keys"]
    assert made["key"] not in str(listed)
    assert listed["last_used_at"] is not None


@on_sqlite
async def test_nobody_makes_a_key_for_more_than_they_may(server: Harness) -> None:
    operator = await server.a_person("anna", Role.OPERATOR)
    reply = await operator.post(f"{API}/api-keys", json={"name": "ci", "role": "administrator"})
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")
    key = with_headers(server, X_API_Key=await a_key(operator, Role.OPERATOR))
    path = f"{API}/people/{await id_of(operator)}"
    (await server.owner.patch(path, json={"role": "viewer"})).raise_for_status()
    assert (await key.get(f"{API}/auth/me")).json()["kind"] == "viewer", "never more than its maker's role now"
    (await server.owner.patch(path, json={"role": "administrator"})).raise_for_status()
    assert (await key.get(f"{API}/auth/me")).json()["kind"] == "operator", "nor than it was made for"


@on_sqlite
async def test_a_key_ends_with_its_time_or_when_it_is_revoked(server: Harness) -> None:
    short = with_headers(server, X_API_Key=await a_key(server.owner, Role.VIEWER, expires_in_days=1))
    lasting = with_headers(server, X_API_Key=await a_key(server.owner, Role.VIEWER, expires_in_days=None))
    server.clock.advance(DAY_S - 1)
    assert [(await http.get(f"{API}/auth/me")).status_code for http in (short, lasting)] == [200, 200]
    server.clock.advance(1)
    assert [(await http.get(f"{API}/auth/me")).status_code for http in (short, lasting)] == [401, 200]
    (key,) = [key for key in (await server.get("/api-keys"))["keys"] if key["expires_at"] is None]
    path = f"{API}/api-keys/{key['id']}"
    assert [(await server.owner.delete(path)).status_code for _ in range(2)] == [204, 404]
    assert (await lasting.get(f"{API}/auth/me")).status_code == 401


@on_sqlite
async def test_keys_of_others_are_for_administrators(server: Harness) -> None:
    anna, bob = await server.a_person("anna"), await server.a_person("bob")
    await a_key(anna, Role.VIEWER)
    (of_anna,) = (await anna.get(f"{API}/api-keys")).json()["keys"]
    assert (await bob.get(f"{API}/api-keys")).json()["keys"] == []
    assert (await bob.get(f"{API}/api-keys", params={"all": True})).status_code == 403
    assert (await bob.delete(f"{API}/api-keys/{of_anna['id']}")).status_code == 404
    assert [key["person_name"] for key in (await server.get("/api-keys", all=True))["keys"]] == ["anna"]
    assert (await server.get("/api-keys"))["keys"] == []
    assert (await server.owner.delete(f"{API}/api-keys/{of_anna['id']}")).status_code == 204


@on_sqlite
async def test_no_key_stands_in_the_database(server: Harness) -> None:
    key = await a_key(server.owner, Role.VIEWER)
    stored = await everything(server)
    assert random_secrets.hash_secret(key) in stored
    assert key not in stored
    assert key[20:] not in stored
