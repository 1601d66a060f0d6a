"""Keys that are taken away, tokens with tags, and a key that two machines use at once."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.enrolment import EnrolmentReply
from obt_core.heartbeat import RotateKey
from obt_server.config import Settings

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


async def act(server: Harness, client: AClient, deed: str) -> dict[str, object]:
    return (await server.owner.post(f"{API}/clients/{client.id}/{deed}")).raise_for_status().json()


async def deeds(server: Harness, action: str) -> list[str]:
    return [deed["subject"] for deed in (await server.get("/audit", action=action))["entries"]]


async def test_a_token_gives_its_tags_to_each_client_that_enrols_with_it(server: Harness) -> None:
    wish = {"label": "Lab", "uses": 2, "tags": ["quiet", "lab", "quiet"]}
    made = (await server.owner.post(f"{API}/enrolment-tokens", json=wish)).raise_for_status().json()
    assert made["tags"] == ["lab", "quiet"]
    assert (await server.get("/enrolment-tokens"))["tokens"][0]["tags"] == ["lab", "quiet"]
    for client_id in ("one", "two"):
        body = builders.an_enrolment(made["token"], client_id).model_dump(mode="json")
        (await server.nobody.post(f"{API}/clients", json=body)).raise_for_status()
    assert [client["tags"] for client in (await server.get("/clients"))["clients"]] == [["lab", "quiet"]] * 2
    told = (await server.get("/audit", action="client.enrolled"))["entries"][0]
    assert told["after"] == {"name": "bench", "tags": ["lab", "quiet"], "enrolment_token": "Lab"}


@SQLITE
async def test_a_token_with_what_is_no_tag_is_refused(server: Harness) -> None:
    for tags in (["Upper"], ["a b"], [f"t{n}" for n in range(21)], "lab"):
        assert (await server.owner.post(f"{API}/enrolment-tokens", json={"tags": tags})).status_code == 422


async def test_a_revoked_key_is_good_for_nothing_at_once_and_its_held_beat_and_connection_end(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    body = builders.a_heartbeat(boot_id=client.boot_id).model_dump(mode="json")
    headers = {"Prefer": "wait=60"}
    beating = asyncio.create_task(client.http.post(f"{API}/clients/one/heartbeat", json=body, headers=headers))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.005)
    assert (await act(server, client, "revoke-key"))["key_revoked_at"] == server.clock.now().isoformat()[:19] + "Z"
    ended = await beating
    assert (ended.status_code, ended.json()["code"]) == (401, "key_revoked")
    assert ended.headers["connection"] == "close"
    assert len(server.app.state.holds) == 0
    for method, path in (("POST", "/clients/one/heartbeat"), ("POST", "/jobs/claim"), ("POST", "/clients/one/key")):
        assert (await client.http.request(method, API + path, json=body)).status_code == 401
    await act(server, client, "revoke-key")  # again: nothing to do
    assert await deeds(server, "client.key_revoked") == ["one"]


async def test_the_key_that_comes_next_is_revoked_with_it(server: Harness) -> None:
    client = await server.a_client("one")
    await act(server, client, "rotate-key")
    assert RotateKey() in (await client.beat()).directives
    following = (await client.http.post(f"{API}/clients/one/key")).raise_for_status().json()["key"]
    await act(server, client, "revoke-key")
    for key in (client.key, following):
        reply = await server.nobody.post(f"{API}/jobs/claim", headers={"Authorization": f"Bearer {key}"})
        assert reply.status_code == 401


async def test_a_client_whose_key_was_revoked_enrols_again_under_its_id_with_a_token_that_is_good(
    server: Harness,
) -> None:
    client = await server.a_client("one")
    await act(server, client, "revoke-key")
    for token, status in (("obt_enrol_" + "x" * 43, 401), (await server.a_token(), 201), (await server.a_token(), 409)):
        body = builders.an_enrolment(token, "one").model_dump(mode="json")
        reply = await server.nobody.post(f"{API}/clients", json=body)
        assert reply.status_code == status
        if status == 201:
            async with httpx.AsyncClient(base_url=server.url) as http:
                await AClient(http, EnrolmentReply.model_validate(reply.json())).beat()
    assert (await server.get("/clients/one"))["key_revoked_at"] is None
    assert (await client.http.post(f"{API}/jobs/claim")).status_code == 401  # the old key stays what it is
    assert await deeds(server, "client.enrolled_again") == ["one"]


@SQLITE
async def test_an_enrolment_again_whose_reply_was_lost_is_answered_again(server: Harness) -> None:
    client = await server.a_client("one")
    await act(server, client, "revoke-key")
    server.clock.advance(5)
    body = builders.an_enrolment(await server.a_token(), "one").model_dump(mode="json")
    keys = [(await server.nobody.post(f"{API}/clients", json=body)).raise_for_status().json()["key"] for _ in range(2)]
    client.http.headers["Authorization"] = f"Bearer {keys[1]}"
    server.clock.advance(5)
    await client.beat()
    await act(server, client, "rotate-key")
    following = (await client.http.post(f"{API}/clients/one/key")).raise_for_status().json()["key"]
    server.clock.advance(5)
    as_next = {"Authorization": f"Bearer {following}"}
    assert (await server.nobody.post(f"{API}/jobs/claim", headers=as_next)).status_code == 200
    late = await server.nobody.post(f"{API}/clients", json=body)
    assert (late.status_code, late.json()["code"]) == (409, "client_exists"), "who has read its file takes nothing"


async def boot(client: AClient, boot_id: UUID) -> None:
    client.boot_id = boot_id
    await client.beat()


async def test_a_key_that_two_machines_use_at_once_is_noticed_and_shown(server: Harness) -> None:
    client, copy = await server.a_client("one"), uuid4()
    own = client.boot_id
    await boot(client, copy)  # so far it may have been restarted
    assert (await server.get("/clients/one"))["clone_seen_at"] is None
    server.clock.advance(10)
    await boot(client, own)
    seen = (await server.get("/clients/one"))["clone_seen_at"]
    assert seen == server.clock.now().isoformat()[:19] + "Z"
    assert (await server.get("/clients"))["clients"][0]["clone_seen_at"] == seen
    await boot(client, copy)
    await boot(client, own)
    assert await deeds(server, "client.clone_seen") == ["one"]  # told once


@SQLITE
async def test_a_client_that_restarts_is_no_clone_however_often(server: Harness) -> None:
    client = await server.a_client("one")
    for _ in range(6):
        await boot(client, uuid4())
        await client.beat()
    assert (await server.get("/clients/one"))["clone_seen_at"] is None


@POSTGRESQL
async def test_another_server_that_hears_the_other_machine_is_noticed_too(
    settings: Settings, server: Harness, clock: FakeClock
) -> None:
    """Each server hears one of the two alone, so that none of them sees a change."""
    client = await server.a_client("one")
    headers = {"Authorization": f"Bearer {client.key}"}
    async with serve(settings, clock) as second, httpx.AsyncClient(base_url=second.url, headers=headers) as http:
        reply = EnrolmentReply(client_id="one", name="x", key=client.key, heartbeat_interval_s=10)
        copy = AClient(http, reply)
        while (await second.get("/clients/one"))["clone_seen_at"] is None:  # what one heard reaches the other soon
            await client.beat()
            await copy.beat()


async def test_a_new_key_which_one_machine_has_ends_the_warning(server: Harness) -> None:
    client, copy = await server.a_client("one"), uuid4()
    own = client.boot_id
    await boot(client, copy)
    await boot(client, own)
    await act(server, client, "rotate-key")
    await client.beat()
    server.clock.advance(5)
    key = (await client.http.post(f"{API}/clients/one/key")).raise_for_status().json()["key"]
    old = dict(client.http.headers)
    client.http.headers["Authorization"] = f"Bearer {key}"
    await client.beat()
    assert (await server.get("/clients/one"))["clone_seen_at"] is None
    assert await deeds(server, "client.key_rotated") == ["one"]
    client.http.headers = httpx.Headers(old)
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        await boot(client, copy)
