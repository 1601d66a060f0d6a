"""A server that starts knows its quiet clients: their first beats cost it nothing, and nobody is forgotten by it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from backend.tests.agents.test_quiet_clients import SQLITE, known, statements
from backend.tests.conftest import serve
from backend.tests.harness import AClient, FakeClock, Harness
from obt_core.heartbeat import RotateKey, SendModels, Work
from obt_server.agents.beats import RETURNS_PER_S
from obt_server.clients import service as clients
from obt_server.config import Settings
from obt_server.events import Missed


@pytest.fixture
async def settings_of_all(settings: Settings) -> Settings:
    return settings.model_copy(update={"presence_flush_s": 3_600, "sweep_interval_s": 3_600})


@pytest.fixture
async def server(settings_of_all: Settings, clock: FakeClock) -> AsyncGenerator[Harness]:
    """A server whose loops leave the database alone."""
    async with serve(settings_of_all, clock) as harness:
        yield harness


async def warm(server: Harness, *client_ids: str) -> None:
    """Forget all quiet clients, and wait until they are found again."""
    server.app.state.bus.publish([Missed()])
    async with asyncio.timeout(5):
        while not all(one in server.app.state.quiet for one in client_ids):
            await asyncio.sleep(0.01)


async def a_known(server: Harness, name: str) -> AClient:
    client = await server.a_client(name, models=("a",))
    for _ in range(2):
        assert (await client.beat(**known())).directives == ()
    return client


async def test_the_first_beat_after_all_were_forgotten_costs_no_statement(server: Harness) -> None:
    client = await a_known(server, "one")
    await warm(server, "one")
    with statements(server) as asked:
        assert (await client.beat(**known())).directives == ()
    assert asked == []


@SQLITE
async def test_who_has_something_to_hear_is_not_taken_for_quiet(server: Harness) -> None:
    machines = {name: await a_known(server, name) for name in ("calm", "works", "key", "models", "gone")}
    await server.a_session([machines["works"]], ["a"])
    (await server.owner.post("/api/v1/clients/key/rotate-key")).raise_for_status()
    (await server.owner.post("/api/v1/clients/gone/revoke-key")).raise_for_status()
    other: dict[str, Any] = {**known(), "models_hash": "0" * 64}
    assert (await machines["models"].beat(**other)).directives == (SendModels(),)
    await warm(server, "calm")
    assert [name for name in machines if name in server.app.state.quiet] == ["calm"]
    assert Work() in (await machines["works"].beat(**known())).directives
    assert (await machines["key"].beat(**known())).directives == (RotateKey(),)


@SQLITE
async def test_what_happens_to_a_client_while_it_is_looked_up_is_not_forgotten(server: Harness) -> None:
    await a_known(server, "one")
    quiet = server.app.state.quiet
    found = {"one": quiet.find("one", None) or next(iter(quiet._quiet.values()))}
    quiet.watch()
    quiet.drop("one")
    assert quiet.settle_all(found)
    assert "one" not in quiet
    quiet.watch()
    quiet.clear()
    assert not quiet.settle_all(found)
    assert "one" not in quiet


async def test_a_held_beat_hears_of_work_that_came_while_events_were_missed(server: Harness) -> None:
    client = await a_known(server, "one")
    held = asyncio.create_task(client.beat(wait_s=60, **known()))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.005)
    listeners, server.app.state.bus._listeners = server.app.state.bus._listeners, []
    await server.a_session([client], ["a"])
    server.app.state.bus._listeners = listeners
    assert not held.done()
    server.app.state.bus.publish([Missed()])
    assert Work() in (await asyncio.wait_for(held, 5)).directives


@SQLITE
async def test_of_a_fleet_that_comes_back_at_once_most_are_noted_by_the_next_flush_and_sweep(
    server: Harness, clock: FakeClock
) -> None:
    machines = [await a_known(server, f"c{number:02}") for number in range(RETURNS_PER_S + 5)]
    clock.advance(61)
    await server.sweep()
    for client in machines:
        await client.beat(**known())
    assert await presences(server) == {"online": RETURNS_PER_S, "offline": 5}
    await server.app.state.beats.flush()
    await server.sweep()
    assert await presences(server) == {"online": len(machines)}


@SQLITE
async def test_a_look_that_fails_is_made_again_and_ends_no_other_loop(
    server: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_known(server, "one")
    list_heard, failures = clients.list_heard, [LookupError("not this time")]

    async def failing(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return await list_heard(*arguments)

    monkeypatch.setattr(clients, "list_heard", failing)
    await warm(server, "one")
    assert failures == []


async def presences(server: Harness) -> dict[str, int]:
    told = [client["presence"] for client in (await server.get("/clients"))["clients"]]
    return {presence: told.count(presence) for presence in set(told)}
