"""Attacks on accounts: fixed sessions, sprayed and timed sign-ins, fields that nobody offered, other people's IDs."""

from typing import Any

import pytest

from backend.tests.auth.senders import a_key, id_of, with_headers
from backend.tests.harness import API, Harness
from obt_server.auth import passwords, people
from obt_server.auth.roles import Role
from obt_server.config import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PASSWORD = "seven green kettles sing"
PLANTED = "obt_session_" + "x" * 43


async def _person(server: Harness, name: str, role: Role = Role.VIEWER) -> None:
    password_hash = await passwords.hash_new(PASSWORD)
    async with server.db.write() as session:
        await people.create(session, name, role, server.clock.now(), password_hash=password_hash)


async def test_session_fixation_a_planted_cookie_is_never_the_session(server: Harness) -> None:
    await _person(server, "anna")
    victim = with_headers(server, Cookie=f"obt_session={PLANTED}")
    signed_in = await victim.post(f"{API}/auth/sign-in", json={"name_or_email": "anna", "password": PASSWORD})
    assert signed_in.cookies["obt_session"] != PLANTED
    attacker = with_headers(server, Cookie=f"obt_session={PLANTED}")
    assert (await attacker.get(f"{API}/auth/me")).status_code == 401


async def test_session_fixation_the_session_of_before_ends_when_somebody_signs_in_with_it(server: Harness) -> None:
    """The attacker signs in as himself, plants that session in the victim's browser, and waits."""
    await _person(server, "anna")
    attacker = await server.a_person("mallory")
    planted = {"Cookie": f"obt_session={attacker.cookies['obt_session']}"}
    victim = with_headers(server, **planted)
    body = {"name_or_email": "anna", "password": PASSWORD}
    assert (await victim.post(f"{API}/auth/sign-in", json=body)).status_code == 204
    assert (await with_headers(server, **planted).get(f"{API}/auth/me")).status_code == 401


async def test_login_spraying_one_password_over_many_names_is_slowed(server: Harness, settings: Settings) -> None:
    body = {"password": "Autumn2026!"}
    tries = [
        (await server.nobody.post(f"{API}/auth/sign-in", json={**body, "name_or_email": f"person {n}"})).status_code
        for n in range(4 * settings.sign_in_guesses + 3)
    ]
    assert tries == [401] * 4 * settings.sign_in_guesses + [429] * 3


async def test_timing_an_unknown_name_costs_the_same_hash_as_a_known_one(server: Harness) -> None:
    """Not timed here: both go through Argon2id with the same parameters, which is what the time goes into."""
    await _person(server, "anna")
    tries = [{"name_or_email": name, "password": "not this one"} for name in ("anna", "nobody")]
    replies = [await server.nobody.post(f"{API}/auth/sign-in", json=each) for each in tries]
    assert replies[0].json() == replies[1].json()
    known = await passwords.hash_new(PASSWORD)
    assert passwords.NOBODYS.rsplit("$", 2)[0] == known.rsplit("$", 2)[0]
    assert not await passwords.is_right(PASSWORD, None)


async def test_timing_keys_are_looked_up_by_their_hash_and_never_compared(server: Harness) -> None:
    """A guess that shares all but its last character with a key has nothing in common with what is stored."""
    key = await a_key(server.owner, Role.VIEWER)
    near = key[:-1] + ("A" if key[-1] != "A" else "B")
    assert (await with_headers(server, X_API_Key=near).get(f"{API}/auth/me")).status_code == 401
    assert (await with_headers(server, X_API_Key=key).get(f"{API}/auth/me")).status_code == 200


EXTRA: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/people", {"name": "eve", "password_hash": "x"}),
    ("POST", "/people", {"name": "eve", "oidc_subject": "https://id.example 1"}),
    ("POST", "/people", {"name": "eve", "id": "00000000-0000-0000-0000-000000000001"}),
    ("PATCH", "/people/{me}", {"oidc_subject": "https://id.example 1"}),
    ("PATCH", "/people/{me}", {"password_changed_at": None}),
    ("POST", "/api-keys", {"name": "k", "person_id": "{me}"}),
    ("POST", "/api-keys", {"name": "k", "secret_hash": "0" * 64}),
    ("POST", "/auth/sign-in", {"name_or_email": "anna", "password": PASSWORD, "role": "administrator"}),
    ("POST", "/auth/setup", {"secret": "x" * 40, "name": "eve", "password": PASSWORD, "role": "administrator"}),
    ("POST", "/auth/password", {"new": PASSWORD, "person_id": "{me}"}),
)


async def test_mass_assignment_a_field_that_nobody_offered_is_refused(server: Harness) -> None:
    me = await id_of(server.owner)
    for method, path, body in EXTRA:
        told = {name: me if value == "{me}" else value for name, value in body.items()}
        reply = await server.owner.request(method, API + path.format(me=me), json=told)
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid"), (path, reply.text)


async def test_mass_assignment_nobody_gives_themselves_a_role(server: Harness) -> None:
    viewer = await server.a_person("anna")
    path = f"{API}/people/{await id_of(viewer)}"
    assert (await viewer.patch(path, json={"role": "administrator"})).status_code == 403
    assert (await viewer.get(f"{API}/auth/me")).json()["role"] == "viewer"


async def test_idor_sessions_and_keys_of_another_are_as_if_they_were_not(server: Harness) -> None:
    anna, mallory = await server.a_person("anna"), await server.a_person("mallory", Role.OPERATOR)
    await a_key(anna, Role.VIEWER)
    session = (await anna.get(f"{API}/auth/sessions")).json()["sessions"][0]["id"]
    key = (await anna.get(f"{API}/api-keys")).json()["keys"][0]["id"]
    for path in (f"{API}/auth/sessions/{session}", f"{API}/api-keys/{key}"):
        reply = await mallory.delete(path)
        unknown = await mallory.delete(path[:-12] + "000000000000")
        assert (reply.status_code, reply.json()) == (404, unknown.json())
    assert (await anna.get(f"{API}/auth/me")).status_code == 200


async def test_a_reset_link_of_one_person_changes_nobody_else(server: Harness) -> None:
    await _person(server, "anna")
    made = (await server.owner.post(f"{API}/people", json={"name": "mallory"})).json()
    secret = made["link"].partition("#reset=")[2]
    body = {"secret": secret, "password": "eight quiet ladders hum"}
    browser = server.http()
    assert (await browser.post(f"{API}/auth/reset", json=body)).status_code == 204
    assert (await browser.get(f"{API}/auth/me")).json()["name"] == "mallory"
    anna = {"name_or_email": "anna", "password": body["password"]}
    assert (await server.nobody.post(f"{API}/auth/sign-in", json=anna)).json()["code"] == "wrong_password"
