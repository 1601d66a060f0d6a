"""Who did what to which, from where: told by the request that did it, never changed, forgotten after a setting."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from backend.tests.programs import run
from obt_server.app import api_routes
from obt_server.audit import service as audit
from obt_server.audit.schemas import AuditWish
from obt_server.auth.roles import Role
from obt_server.clients.tables import ClientRow
from obt_server.config import Settings

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def deeds(server: Harness, **wish: Any) -> list[dict[str, Any]]:
    return (await server.get("/audit", **wish))["entries"]


async def actions(server: Harness, **wish: Any) -> list[str]:
    return [deed["action"] for deed in await deeds(server, **wish)]


async def test_a_deed_tells_who_from_where_what_to_which_and_what_is_another_way_now(server: Harness) -> None:
    client = await server.a_client("one", name="attic")
    at = server.clock.advance(5)
    change = {"name": "cellar", "tags": ["lab"]}
    (await server.owner.patch(f"{API}/clients/{client.id}", json=change)).raise_for_status()
    deed = (await deeds(server, action="client.changed"))[0]
    who = (await server.get("/auth/me"))["person_id"]
    assert deed | {"id": 0, "at": ""} == {
        "id": 0,
        "at": "",
        "actor_kind": "administrator",
        "actor": "owner",
        "actor_id": who,
        "address": "127.0.0.1",
        "action": "client.changed",
        "subject_kind": "client",
        "subject": "one",
        "before": {"name": "attic", "tags": []},
        "after": change,
    }
    assert deed["at"].startswith(at.isoformat()[:19])
    (await server.owner.patch(f"{API}/clients/{client.id}", json=change)).raise_for_status()  # changes nothing
    assert len(await deeds(server, action="client.changed")) == 1


async def test_everything_that_people_do_is_told(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    for deed in ("drain", "resume", "archive", "restore", "rotate-key", "revoke-key"):
        (await server.owner.post(f"{API}/clients/one/{deed}")).raise_for_status()
    session = await server.a_session([client], ["a"])
    (await server.owner.post(f"{API}/jobs/{session['jobs'][0]['id']}/cancel")).raise_for_status()
    (await server.owner.post(f"{API}/sessions/{session['id']}/cancel")).raise_for_status()
    asked = {"operation": {"kind": "unload", "model": "a"}, "client_ids": ["one"]}
    (await server.owner.post(f"{API}/operations", json=asked)).raise_for_status()
    suite = {**session["suite"], "name": "mine"}
    (await server.owner.put(f"{API}/suites/saved/mine", json={"suite": suite})).raise_for_status()
    (await server.owner.delete(f"{API}/suites/saved/mine")).raise_for_status()
    (await server.owner.put(f"{API}/prompts/mine", json={"text": "hello"})).raise_for_status()
    (await server.owner.delete(f"{API}/prompts/mine")).raise_for_status()
    token = (await server.get("/enrolment-tokens"))["tokens"][0]["id"]
    (await server.owner.delete(f"{API}/enrolment-tokens/{token}")).raise_for_status()
    told = list(reversed(await actions(server, limit=500)))
    assert told[told.index("enrolment_token.created") :] == [
        "enrolment_token.created", "client.enrolled", "client.drained", "client.resumed", "client.archived",
        "client.restored", "client.key_rotation_asked", "client.key_revoked", "benchmark.asked", "job.cancelled",
        "benchmark.cancelled", "operation.asked", "suite.saved", "suite.forgotten", "prompt.saved", "prompt.forgotten",
        "enrolment_token.revoked",
    ]  # fmt: skip


@SQLITE
async def test_many_clients_at_once_are_one_deed_each(server: Harness) -> None:
    await server.a_client("one")
    await server.a_client("two")
    wish = {"client_ids": ["one", "two"], "add_tags": ["lab"], "drained": True}
    (await server.owner.post(f"{API}/client-changes", json=wish)).raise_for_status()
    told = await deeds(server, action="client.changed")
    assert sorted(deed["subject"] for deed in told) == ["one", "two"]
    assert {json.dumps(deed["after"]) for deed in told} == {'{"tags": ["lab"], "drained": true}'}


async def test_what_was_not_stored_was_not_done(server: Harness) -> None:
    """The deed is written in the transaction that does it: neither is stored without the other."""
    await server.a_client("one")

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("disk full"))

    event.listen(ClientRow, "before_update", fail)
    try:
        reply = await server.owner.patch(f"{API}/clients/one", json={"name": "another"})
    finally:
        event.remove(ClientRow, "before_update", fail)
    assert reply.status_code == 503
    assert await deeds(server, action="client.changed") == []


async def test_deeds_are_found_by_who_what_which_and_when_page_by_page(server: Harness) -> None:
    began = server.clock.now()
    other = await server.a_person("Zoë", Role.OPERATOR)
    await server.a_client("one")
    server.clock.advance(3_600)
    later = server.clock.now()
    for name in ("a", "b", "c"):
        (await other.put(f"{API}/prompts/{name}", json={"text": "x"})).raise_for_status()
    assert await actions(server, actor="zo", action="prompt.") == ["prompt.saved"] * 3
    assert [deed["subject"] for deed in await deeds(server, action="prompt.", subject="B")] == ["b"]
    assert await actions(server, subject="%") == []
    assert "prompt.saved" not in await actions(server, **{"from": began.isoformat(), "to": later.isoformat()})
    assert await actions(server, **{"from": later.isoformat(), "action": "prompt."}) == ["prompt.saved"] * 3
    first = await server.get("/audit", action="prompt.", limit=2)
    rest = await server.get("/audit", action="prompt.", limit=2, after=first["next"])
    assert [deed["subject"] for deed in first["entries"] + rest["entries"]] == ["c", "b", "a"]
    assert rest["next"] is None
    for wrong in ({"after": "x"}, {"limit": 0}, {"from": "1"}, {"actor": "a\0b"}, {"after": "9" * 40}):
        assert (await server.owner.get(f"{API}/audit", params=wrong)).status_code == 422, wrong


@SQLITE
async def test_only_administrators_see_it_and_nobody_changes_it(server: Harness) -> None:
    client = await server.a_client("one")
    for role in (Role.VIEWER, Role.OPERATOR):
        person = await server.a_person(f"a {role}", role)
        assert [(await person.get(f"{API}{path}")).status_code for path in ("/audit", "/audit/export")] == [403, 403]
    assert (await client.http.get(f"{API}/audit")).status_code == 403
    assert (await server.nobody.get(f"{API}/audit/export")).status_code == 401
    methods = {method for route in api_routes() if "audit" in route.path for method in route.methods or ()}
    assert methods == {"GET"}


async def test_it_is_kept_as_long_as_the_setting_says(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"audit_days": 10}), clock) as server:
        await server.a_client("old")
        clock.advance(9 * 86_400)
        await server.a_client("new")
        clock.advance(2 * 86_400)
        await server.app.state.sweeper.retain()
        server.owner.cookies = (await server.a_person("owner")).cookies
        assert [deed["subject"] for deed in await deeds(server, action="client.enrolled")] == ["new"]
        assert (await server.get("/audit"))["kept_days"] == 10


@SQLITE
async def test_kept_for_ever_means_for_ever(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"audit_days": 0}), clock) as server:
        await server.a_client("old")
        clock.advance(20 * 86_400)
        await server.app.state.sweeper.retain()
        async with server.db.read() as session:
            found = await audit.page(session, AuditWish(action="client.enrolled"), server.app.state.settings)
        assert ([deed.subject for deed in found.entries], found.kept_days) == (["old"], None)


async def test_all_of_it_is_taken_away_as_it_is(server: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_WALKED", 2)
    for name in ("a", "b", "c", "d", "e"):
        (await server.owner.put(f"{API}/prompts/{name}", json={"text": "x"})).raise_for_status()
    told = await deeds(server, action="prompt.")
    reply = await server.owner.get(f"{API}/audit/export", params={"format": "json", "action": "prompt."})
    assert reply.json() == told
    assert "obt-audit-" in reply.headers["content-disposition"]
    text = (await server.owner.get(f"{API}/audit/export", params={"action": "prompt."})).text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["subject"] for row in rows] == ["e", "d", "c", "b", "a"]
    assert json.loads(rows[0]["after"]) == told[0]["after"]
    empty = await server.owner.get(f"{API}/audit/export", params={"format": "json", "action": "nothing"})
    assert empty.json() == []


def test_what_is_done_at_the_terminal_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, "token", "create", "--tag", "quiet", "--tag", "lab").exit_code == 0
    assert "--tag" in run(tmp_path, "token", "create", "--tag", "Not one").stderr
    with closing(sqlite3.connect(tmp_path / "obt.sqlite3")) as file:
        ((kind, action, after),) = file.execute("SELECT actor_kind, action, after FROM audit_log").fetchall()
    assert (kind, action, json.loads(after)["tags"]) == ("terminal", "enrolment_token.created", ["lab", "quiet"])


@SQLITE
async def test_what_a_server_does_by_itself_is_its_own_deed(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"retention_days": 1}), clock) as server:
        await server.a_client("one")
        async with server.db.write() as session:
            await session.execute(update(ClientRow).values(last_seen_at=builders.MOMENT.replace(year=2025)))
        await server.app.state.sweeper.archive()
        (deed,) = await deeds(server, action="client.archived")
    assert (deed["actor_kind"], deed["actor"], deed["address"]) == ("server", "server", None)
