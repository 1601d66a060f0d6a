"""What a person does with clients: names, tags, no more work, put away and brought back."""

import asyncio

import pytest

from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.heartbeat import Work
from obt_server.auth.tags import TAGS_MAX
from obt_server.clients import service as clients
from obt_server.config import Settings

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PATH = f"{API}/clients"


async def act(server: Harness, client: AClient, deed: str) -> dict[str, object]:
    reply = await server.owner.post(f"{PATH}/{client.id}/{deed}")
    return reply.raise_for_status().json()


async def listed(server: Harness, **params: bool) -> list[str]:
    return [client["id"] for client in (await server.get("/clients", **params))["clients"]]


async def test_a_client_gets_another_name_and_its_tags_in_order_once_each(server: Harness) -> None:
    client = await server.a_client("one")
    change = {"name": "  cellar ", "tags": ["quiet", "lab-1", "quiet"]}
    view = (await server.owner.patch(f"{PATH}/{client.id}", json=change)).raise_for_status().json()
    assert (view["name"], view["tags"]) == ("cellar", ["lab-1", "quiet"])
    await client.beat()  # a beat changes neither
    view = (await server.owner.patch(f"{PATH}/{client.id}", json={"tags": []})).json()
    assert (view["name"], view["tags"]) == ("cellar", [])


@SQLITE
@pytest.mark.parametrize(
    "change",
    [{"tags": ["Upper"]}, {"tags": ["a b"]}, {"tags": [f"t{n}" for n in range(TAGS_MAX + 1)]}, {"name": " "}, {"x": 1}],
)
async def test_what_is_no_name_or_tag_is_refused(server: Harness, change: dict[str, object]) -> None:
    client = await server.a_client("one")
    assert (await server.owner.patch(f"{PATH}/{client.id}", json=change)).status_code == 422
    assert (await server.owner.patch(f"{PATH}/nobody", json={})).status_code == 404


async def test_many_are_tagged_and_drained_at_once_or_none(server: Harness) -> None:
    one, two = await server.a_client("one"), await server.a_client("two")
    wish = {"client_ids": [one.id, two.id], "add_tags": ["lab"], "drained": True}
    assert (await server.owner.post("/api/v1/client-changes", json=wish)).json() == {"changed": 2}
    assert (await server.owner.post("/api/v1/client-changes", json=wish)).json() == {"changed": 0}
    missing = {"client_ids": [one.id, "nobody"], "remove_tags": ["lab"]}
    assert (await server.owner.post("/api/v1/client-changes", json=missing)).status_code == 404
    views = (await server.get("/clients"))["clients"]
    assert [view["tags"] for view in views] == [["lab"], ["lab"]]
    assert all(view["drained_at"] for view in views)
    async with server.db.read() as session:
        assert sorted(await clients.ids_tagged(session, ["lab", "other"])) == ["one", "two"]


@SQLITE
async def test_more_tags_than_there_may_be_are_refused_for_all(server: Harness) -> None:
    one, two = await server.a_client("one"), await server.a_client("two")
    full = [f"t{n}" for n in range(TAGS_MAX)]
    (await server.owner.patch(f"{PATH}/{two.id}", json={"tags": full})).raise_for_status()
    wish = {"client_ids": [one.id, two.id], "add_tags": ["more"]}
    assert (await server.owner.post("/api/v1/client-changes", json=wish)).status_code == 422
    assert (await server.get("/clients/one"))["tags"] == []


async def test_a_drained_client_ends_what_it_runs_and_gets_nothing_new_until_it_is_resumed(server: Harness) -> None:
    client = await server.a_client("one", models=("a", "b"))
    await server.a_session([client], ["a"])
    running = await client.claim()
    assert running is not None
    since = (await act(server, client, "drain"))["drained_at"]
    server.clock.advance(5)
    assert (await act(server, client, "drain"))["drained_at"] == since
    assert (await client.beat(job_id=running.job_id)).directives == ()  # it goes on
    async with server.db.read() as session:
        assert not await clients.takes_work(session, client.id)
    await server.owner.post(f"{API}/sessions/{running.session_id}/cancel")
    await act(server, client, "resume")
    await server.a_session([client], ["b"])
    await act(server, client, "drain")
    assert Work() not in (await client.beat()).directives
    assert await client.claim() is None
    await act(server, client, "resume")
    assert Work() in (await client.beat()).directives
    assert await client.claim() is not None


async def test_a_held_beat_is_answered_when_its_client_is_resumed(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await server.a_session([client], ["a"])
    await act(server, client, "drain")
    beating = asyncio.create_task(client.beat(wait_s=30))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.005)
    await act(server, client, "resume")
    assert (await beating).directives == (Work(),)


async def test_whom_a_person_archived_stays_away_though_it_beats_and_gets_no_work(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await server.a_session([client], ["a"])
    assert (await act(server, client, "archive"))["is_archived_by_person"] is True
    server.clock.advance(100)
    assert (await client.beat(model_count=1)).directives == ()
    assert await client.claim() is None
    assert (await listed(server), await listed(server, archived=True)) == ([], ["one"])
    view = await server.get("/clients/one")
    assert (view["archived_at"] is not None, view["presence"]) == (True, "online")
    await act(server, client, "restore")
    assert (await listed(server), await listed(server, archived=True)) == (["one"], [])
    assert await client.claim() is not None


async def test_who_is_restored_while_it_is_gone_is_not_archived_again_at_once(
    settings: Settings, clock: FakeClock
) -> None:
    async with serve(settings.model_copy(update={"retention_days": 2}), clock) as server:
        client = await server.a_client("one")
        clock.advance(3 * 86_400)
        await server.app.state.sweeper.archive()
        assert (await server.get("/clients/one"))["is_archived_by_person"] is False
        await act(server, client, "restore")
        await server.app.state.sweeper.archive()
        assert await listed(server) == ["one"]
        clock.advance(3 * 86_400)
        await server.app.state.sweeper.archive()
        assert await listed(server) == []
