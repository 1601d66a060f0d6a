"""Sign-in links, browser sessions, enrolment tokens, client keys: each used up, expired, revoked, and never stored."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_server.auth import service as auth
from obt_server.db import Base

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DAY_S = 24 * 3_600


async def _use(server: Harness, secret: str) -> httpx.Response:
    return await server.http().post(f"{API}/auth/link", json={"secret": secret})


async def _enrol(server: Harness, token: str, client_id: str) -> httpx.Response:
    body = builders.an_enrolment(token, client_id)
    return await server.nobody.post(f"{API}/clients", json=body.model_dump(mode="json"))


async def test_a_link_signs_in_once(server: Harness) -> None:
    secret = await server.a_link()
    assert (await _use(server, secret)).status_code == 204
    again = await _use(server, secret)
    assert (again.status_code, again.json()["code"]) == (401, "link_invalid")
    assert "Set-Cookie" not in again.headers


@on_sqlite
async def test_a_link_is_too_old_after_its_time(server: Harness) -> None:
    secret = await server.a_link()
    server.clock.advance(3_600)
    assert (await _use(server, secret)).json()["code"] == "link_invalid"


@on_sqlite
async def test_the_cookie_is_for_this_site_and_for_no_script(server: Harness) -> None:
    cookie = (await _use(server, await server.a_link())).headers["Set-Cookie"].lower()
    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "samesite=strict", "path=/", f"max-age={30 * DAY_S}"}


@on_sqlite
async def test_a_sign_in_ends_by_itself(server: Harness) -> None:
    server.clock.advance(30 * DAY_S - 1)
    assert (await server.owner.get(f"{API}/auth/me")).status_code == 200
    server.clock.advance(1)
    assert (await server.owner.get(f"{API}/auth/me")).status_code == 401


@on_sqlite
async def test_signing_out_ends_this_browsers_session_and_no_other(server: Harness) -> None:
    other = server.http()
    (await other.post(f"{API}/auth/link", json={"secret": await server.a_link()})).raise_for_status()
    secret = server.owner.cookies["obt_session"]
    reply = await server.owner.post(f"{API}/auth/sign-out")
    assert reply.status_code == 204
    assert "max-age=0" in reply.headers["Set-Cookie"].lower()
    assert "obt_session" not in server.owner.cookies
    kept = await server.nobody.get(f"{API}/auth/me", headers={"Cookie": f"obt_session={secret}"})
    assert kept.status_code == 401
    assert (await other.get(f"{API}/auth/me")).json()["kind"] == "administrator"


async def test_a_token_enrols_as_many_machines_as_it_says(server: Harness) -> None:
    token = await server.a_token(uses=2)
    assert [(await _enrol(server, token, f"machine-{n}")).status_code for n in range(3)] == [201, 201, 401]
    assert (await server.get("/enrolment-tokens"))["tokens"][0]["uses_left"] == 0


@on_sqlite
async def test_a_token_that_is_old_revoked_or_unknown_enrols_nobody(server: Harness) -> None:
    created = (await server.owner.post(f"{API}/enrolment-tokens", json={"uses": 9})).json()
    path = f"{API}/enrolment-tokens/{created['id']}"
    assert (await server.owner.delete(path)).status_code == 204
    assert (await server.owner.delete(path)).status_code == 404
    old = await server.a_token(uses=9)
    server.clock.advance(DAY_S)
    for token in (created["token"], old, "obt_enrol_unknown"):
        reply = await _enrol(server, token, "machine")
        assert (reply.status_code, reply.json()["code"]) == (401, "enrolment_token_invalid")
    assert (await server.get("/clients"))["clients"] == []


@on_sqlite
async def test_a_refused_enrolment_takes_no_use(server: Harness) -> None:
    client = await server.a_client()
    token = await server.a_token()
    assert (await _enrol(server, token, client.id)).status_code == 409
    assert (await _enrol(server, token, "another")).status_code == 201


async def test_an_id_that_two_ask_for_at_once_goes_to_one(server: Harness) -> None:
    token = await server.a_token(uses=50)
    replies = await asyncio.gather(*(_enrol(server, token, "wanted") for _ in range(8)))
    assert sorted(reply.status_code for reply in replies) == [201] + [409] * 7
    assert (await server.get("/enrolment-tokens"))["tokens"][0]["uses_left"] == 49


async def test_no_secret_stands_in_the_database(server: Harness) -> None:
    token = await server.a_token(uses=2)
    enrolled = (await _enrol(server, token, "machine")).json()
    link = await server.a_link()
    secrets = {token, enrolled["key"], link, server.owner.cookies["obt_session"]}
    assert len({auth.hash_secret(secret) for secret in secrets}) == 4
    stored = await everything(server)
    for secret in secrets:
        assert auth.hash_secret(secret) in stored
        assert secret not in stored
        assert secret.split("_", 2)[2] not in stored


async def everything(server: Harness) -> str:
    """Every row of every table, as text."""
    async with server.db.read() as session:
        rows = [(await session.execute(text(f"SELECT * FROM {name}"))).all() for name in Base.metadata.tables]
    return repr(rows)


@on_sqlite
async def test_a_secret_has_256_random_bits(server: Harness) -> None:
    made = {auth.new_secret("client") for _ in range(100)}
    assert len(made) == 100
    assert {len(secret) for secret in made} == {len("obt_client_") + 43}
