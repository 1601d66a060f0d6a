"""The record of who asked for what, and what browsers hear of it."""

import json
from typing import Any

import pytest
from websockets.asyncio.client import connect

from backend.tests.harness import API, Harness
from backend.tests.operations.asking import PULL, ask, ask_for, claim, done, models_client, outcome, progress

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def test_the_record_is_filtered_and_paged_newest_first(server: Harness) -> None:
    one, other = await models_client(server), await models_client(server)
    asked: list[dict[str, Any]] = []
    for operation in (PULL, {"kind": "delete", "model": "a"}, {"kind": "load", "model": "a"}):
        asked.append(await ask(server, operation, one, other))
        server.clock.advance(1)
    spec = await claim(one)
    assert spec is not None
    await outcome(one, spec, done())

    async def found(**filters: Any) -> list[tuple[str, str]]:
        views = (await server.get("/operations", **filters))["operations"]
        return [(view["kind"], view["client_id"]) for view in views]

    assert await found(client_id=one.id) == [("load", one.id), ("delete", one.id), ("pull", one.id)]
    assert await found(status="completed") == [("pull", one.id)]
    assert sorted(await found(status=["completed", "queued"], kind="pull")) == sorted(
        [("pull", one.id), ("pull", other.id)]
    )
    assert sorted(await found(kind=["pull", "load"], client_id=other.id)) == [("load", other.id), ("pull", other.id)]
    assert len(await found(model="a")) == 4
    assert len(await found(batch_id=asked[1]["batch_id"])) == 2
    assert await found(model="nothing") == []
    pages: list[str] = []
    cursor: str | None = None
    while True:
        page = await server.get("/operations", limit=2, **({"after": cursor} if cursor else {}))
        pages += [view["id"] for view in page["operations"]]
        if (cursor := page["next"]) is None:
            break
    everything = (await server.get("/operations"))["operations"]
    assert pages == [view["id"] for view in everything]
    assert len(pages) == 6


@SQLITE
async def test_a_batch_of_five_thousand_is_taken_and_listed_in_its_order(server: Harness) -> None:
    client = await models_client(server)
    wished = [{"operation": {"kind": "pull", "model": f"m{number}"}, "client_id": client.id} for number in range(5_000)]
    told = await ask_for(server, {"operations": wished})
    assert [view["model"] for view in told] == [f"m{number}" for number in range(5_000)]
    page = await server.get("/operations", limit=500)
    assert [view["model"] for view in page["operations"]] == [f"m{number}" for number in range(500)]
    snapshot = await server.get("/live/snapshot")
    assert [view["model"] for view in snapshot["operations"]] == [f"m{number}" for number in range(1_000)]
    reply = await server.owner.post(f"{API}/operations/batches/{told[0]['batch_id']}/cancel", timeout=60)
    assert {view["status"] for view in reply.raise_for_status().json()["operations"]} == {"cancelled"}


async def test_a_browser_hears_of_every_step(server: Harness) -> None:
    client = await models_client(server)
    cookie = "; ".join(f"{name}={value}" for name, value in server.owner.cookies.items())
    headers = {"Cookie": cookie, "Origin": server.url}
    async with connect(f"{server.url.replace('http', 'ws')}{API}/live", additional_headers=headers) as socket:
        assert json.loads(await socket.recv())["operations"] == []
        asked = await ask(server, PULL, client)
        told = [await _next_operation(socket)]
        spec = await claim(client)
        assert spec is not None
        told.append(await _next_operation(socket))
        await progress(client, spec, done_bytes=1, total_bytes=2)
        told.append(await _next_operation(socket))
        await outcome(client, spec, done())
        told.append(await _next_operation(socket))
    assert {one["id"] for one in told} == {asked["id"]}
    assert [one["status"] for one in told] == ["queued", "running", "running", "completed"]
    assert told[2]["progress"]["total_bytes"] == 2
    assert (await server.get("/live/snapshot"))["operations"] == []


async def _next_operation(socket: Any) -> dict[str, Any]:
    while True:
        message = json.loads(await socket.recv())
        if message["type"] == "operation_changed":
            return message["operation"]
