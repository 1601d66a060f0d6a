"""People: made, changed, shut out at once; and an administrator is always left."""

import asyncio
from typing import Any

import httpx
import pytest

from backend.tests.auth.senders import a_key, id_of, with_headers
from backend.tests.harness import API, Harness
from obt_server.auth import people
from obt_server.auth.roles import Role

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PASSWORD = "seven green kettles sing"


async def _a_new_one(server: Harness, **fields: Any) -> dict[str, Any]:
    reply = await server.owner.post(f"{API}/people", json={"name": "Anna", "email": "Anna@Example.net", **fields})
    return reply.raise_for_status().json()


async def _choose(server: Harness, link: str, password: str = PASSWORD) -> httpx.Response:
    secret = link.partition("#reset=")[2]
    return await server.http().post(f"{API}/auth/reset", json={"secret": secret, "password": password})


async def _sign_in(server: Harness, name: str, password: str = PASSWORD) -> httpx.Response:
    body = {"name_or_email": name, "password": password}
    return await server.http().post(f"{API}/auth/sign-in", json=body)


async def test_a_new_person_chooses_a_password_once_and_signs_in_by_name_or_address(server: Harness) -> None:
    made = await _a_new_one(server, role="operator")
    assert made["link"].startswith(f"{server.url}/sign-in#reset=")
    assert (await _choose(server, made["link"])).status_code == 204
    assert (await _choose(server, made["link"])).json()["code"] == "link_invalid"
    for name in ("anna", "ANNA", " Anna ", "anna@example.net", "ANNA@example.NET"):
        reply = await _sign_in(server, name)
        assert reply.status_code == 204, name
        cookie = {"Cookie": f"obt_session={reply.cookies['obt_session']}"}
        me = (await server.nobody.get(f"{API}/auth/me", headers=cookie)).json()
        assert (me["name"], me["role"]) == ("Anna", "operator")
    (anna,) = [one for one in (await server.get("/people"))["people"] if one["id"] == made["id"]]
    assert (anna["email"], anna["has_password"], anna["last_seen_at"] is None) == ("anna@example.net", True, False)


async def test_a_name_and_an_address_are_one_persons(server: Harness) -> None:
    await _a_new_one(server)
    for taken in ({"name": "aNNa"}, {"name": "other", "email": "ANNA@example.net"}):
        reply = await server.owner.post(f"{API}/people", json=taken)
        assert (reply.status_code, reply.json()["code"]) == (409, "name_taken")
    other = (await server.owner.post(f"{API}/people", json={"name": "other"})).json()
    reply = await server.owner.patch(f"{API}/people/{other['id']}", json={"name": "ANNA"})
    assert (reply.status_code, reply.json()["code"]) == (409, "name_taken")


@on_sqlite
async def test_what_is_no_person_is_refused(server: Harness) -> None:
    names = ("a@b", "a\uff20b", " ", "x" * 61)
    for wrong in (*({"name": name} for name in names), {"email": "nowhere"}, {"role": "root"}):
        reply = await server.owner.post(f"{API}/people", json={"name": "anna", **wrong})
        assert reply.status_code == 422, wrong


@on_sqlite
async def test_who_is_disabled_is_out_at_once_and_may_come_back(server: Harness) -> None:
    made = await _a_new_one(server, role="administrator")
    browser = with_headers(server, Cookie=f"obt_session={(await _choose(server, made['link'])).cookies['obt_session']}")
    key = with_headers(server, X_API_Key=await a_key(browser, Role.ADMINISTRATOR))
    path = f"{API}/people/{made['id']}"
    (await server.owner.patch(path, json={"is_disabled": True})).raise_for_status()
    assert [(await http.get(f"{API}/auth/me")).status_code for http in (browser, key)] == [401, 401]
    assert (await _sign_in(server, "anna")).json()["code"] == "wrong_password"
    (await server.owner.patch(path, json={"is_disabled": False})).raise_for_status()
    assert (await browser.get(f"{API}/auth/me")).status_code == 401, "the session has ended"
    assert (await key.get(f"{API}/auth/me")).status_code == 200
    assert (await _sign_in(server, "anna")).status_code == 204


@on_sqlite
async def test_a_role_counts_from_the_next_request_on(server: Harness) -> None:
    viewer = await server.a_person("anna")
    assert (await viewer.get(f"{API}/people")).status_code == 403
    path = f"{API}/people/{await id_of(viewer)}"
    (await server.owner.patch(path, json={"role": "administrator"})).raise_for_status()
    assert (await viewer.get(f"{API}/people")).status_code == 200
    (await server.owner.patch(path, json={"role": "viewer"})).raise_for_status()
    assert (await viewer.get(f"{API}/people")).status_code == 403


async def test_the_last_administrator_stays(server: Harness) -> None:
    path = f"{API}/people/{await id_of(server.owner)}"
    await server.a_person("anna", Role.OPERATOR)
    tries = [server.owner.patch(path, json=change) for change in ({"role": "viewer"}, {"is_disabled": True})]
    for reply in (*await asyncio.gather(*tries), await server.owner.delete(path)):
        assert (reply.status_code, reply.json()["code"]) == (409, "last_administrator")
    assert (await server.get("/auth/me"))["kind"] == "administrator"


async def test_two_administrators_who_disable_each_other_at_once_leave_one(server: Harness) -> None:
    other = await server.a_person("anna", Role.ADMINISTRATOR)
    mine, theirs = f"{API}/people/{await id_of(server.owner)}", f"{API}/people/{await id_of(other)}"
    out = {"is_disabled": True}
    replies = await asyncio.gather(server.owner.patch(theirs, json=out), other.patch(mine, json=out))
    assert min(reply.status_code for reply in replies) == 200
    async with server.db.read() as session:
        assert len(await people.administrators(session)) == 1


@on_sqlite
async def test_who_is_deleted_is_gone_with_sessions_and_keys(server: Harness) -> None:
    person = await server.a_person("anna", Role.OPERATOR)
    key = with_headers(server, X_API_Key=await a_key(person, Role.OPERATOR))
    path = f"{API}/people/{await id_of(person)}"
    assert (await server.owner.delete(path)).status_code == 204
    assert [(await http.get(f"{API}/auth/me")).status_code for http in (person, key)] == [401, 401]
    assert (await server.owner.delete(path)).status_code == 404
    assert (await server.owner.post(f"{path}/reset-link")).status_code == 404


@on_sqlite
async def test_a_reset_link_gives_another_password_and_ends_all_sessions(server: Harness) -> None:
    made = await _a_new_one(server)
    before = with_headers(server, Cookie=f"obt_session={(await _choose(server, made['link'])).cookies['obt_session']}")
    first, second = [
        (await server.owner.post(f"{API}/people/{made['id']}/reset-link")).json()["link"] for _ in range(2)
    ]
    assert (await _sign_in(server, "anna")).status_code == 204, "until it is used, the old one is good"
    assert (await _choose(server, second, "eight quiet ladders hum")).status_code == 204
    assert (await before.get(f"{API}/auth/me")).status_code == 401
    assert (await _choose(server, first)).json()["code"] == "link_invalid", "an earlier link is useless too"
    assert (await _sign_in(server, "anna")).json()["code"] == "wrong_password"
    assert (await _sign_in(server, "anna", "eight quiet ladders hum")).status_code == 204


@on_sqlite
async def test_a_password_made_of_ones_own_name_or_address_is_refused_by_link_too(server: Harness) -> None:
    made = await _a_new_one(server, name="Annabel Featherstone", email="a.featherstone@example.net")
    for password in ("annabel featherstone", "a.featherstone@example.net"):
        assert (await _choose(server, made["link"], password)).json()["code"] == "weak_password", password
    assert (await _choose(server, made["link"])).status_code == 204


@on_sqlite
async def test_ones_own_password_is_changed_with_the_present_one(server: Harness) -> None:
    made = await _a_new_one(server)
    cookies = [(await _choose(server, made["link"])).cookies["obt_session"]]
    cookies.append((await _sign_in(server, "anna")).cookies["obt_session"])
    here, there = (with_headers(server, Cookie=f"obt_session={cookie}") for cookie in cookies)
    change = {"current": "not this one", "new": "eight quiet ladders hum"}
    wrong = await here.post(f"{API}/auth/password", json=change)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    weak = await here.post(f"{API}/auth/password", json={"current": PASSWORD, "new": "anna@example.net"})
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    right = await here.post(f"{API}/auth/password", json={**change, "current": PASSWORD})
    assert right.status_code == 204
    assert [(await http.get(f"{API}/auth/me")).status_code for http in (here, there)] == [200, 401]
    assert (await _sign_in(server, "anna", "eight quiet ladders hum")).status_code == 204


@on_sqlite
async def test_ones_own_sessions_are_listed_and_ended_one_by_one(server: Harness) -> None:
    first, second = await server.a_person("anna"), server.http()
    second.headers["User-Agent"] = "Browser of the other machine"
    (await second.post(f"{API}/auth/link", json={"secret": await server.a_link("anna")})).raise_for_status()
    server.clock.advance(3_600)
    listed = (await first.get(f"{API}/auth/sessions")).json()["sessions"]
    assert [(one["address"], one["is_current"]) for one in listed] == [("127.0.0.1", True), ("127.0.0.1", False)]
    assert listed[1]["browser"] == "Browser of the other machine"
    assert (await first.delete(f"{API}/auth/sessions/{listed[1]['id']}")).status_code == 204
    assert (await second.get(f"{API}/auth/me")).status_code == 401
    assert (await first.get(f"{API}/auth/me")).status_code == 200
