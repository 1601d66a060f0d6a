"""Heartbeats: what they write, what they are answered, how long they are held."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import AClient, FakeClock, Harness
from obt_core.heartbeat import AgentState, MachineLoad, SendHardware, SendModels
from obt_core.models import LoadedModel, ModelInventory, OllamaStatus
from obt_server.agents.beats import wait_of
from obt_server.clients import news, presence_flush
from obt_server.clients import service as clients
from obt_server.config import Settings

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
QUIET = {"presence_flush_s": 3_600, "sweep_interval_s": 3_600}
"""Loops that do nothing while a test looks."""


@asynccontextmanager
async def quiet(settings: Settings, clock: FakeClock, **changes: Any) -> AsyncGenerator[Harness]:
    async with serve(settings.model_copy(update={**QUIET, **changes}), clock) as server:
        yield server


async def presence(server: Harness, client: AClient) -> str:
    return (await server.get(f"/clients/{client.id}"))["presence"]


async def listed(server: Harness, **params: Any) -> list[str]:
    return [client["id"] for client in (await server.get("/clients", **params))["clients"]]


async def held(server: Harness, count: int = 1) -> None:
    while len(server.app.state.holds) != count:
        await asyncio.sleep(0.005)


@SQLITE
async def test_a_silent_client_is_stale_then_offline_then_back_at_once(server: Harness) -> None:
    client = await server.a_client()
    seen: list[str] = []
    for silence_s in (0, 29, 1, 29, 1):
        server.clock.advance(silence_s)
        await server.sweep()
        seen.append(await presence(server, client))
    assert seen == ["online", "online", "stale", "stale", "offline"]
    assert await listed(server, include_offline=False) == []
    assert await listed(server) == [client.id]
    await client.beat()
    assert await presence(server, client) == "online"
    assert await listed(server, include_offline=False) == [client.id]


@SQLITE
async def test_a_client_that_was_never_heard_is_new(server: Harness) -> None:
    body = builders.an_enrolment(await server.a_token(), "my-pc")
    (await server.nobody.post("/api/v1/clients", json=body.model_dump(mode="json"))).raise_for_status()
    server.clock.advance(1_000)
    assert (await server.get("/clients/my-pc"))["presence"] == "new"


@SQLITE
async def test_a_client_is_given_time_by_its_own_interval(server: Harness) -> None:
    client = await server.a_client()
    await client.beat(interval_s=60)
    server.clock.advance(179)
    await server.sweep()
    assert await presence(server, client) == "online"
    await client.beat(interval_s=10)  # a shorter one holds from then on, though nothing else is new
    server.clock.advance(61)
    await server.sweep()
    assert await presence(server, client) == "offline"


async def test_a_beat_without_news_is_written_with_the_others(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock) as server:
        client = await server.a_client()
        start = await server.get(f"/clients/{client.id}")
        clock.advance(10)
        await client.beat(load=MachineLoad(cpu_percent=50, memory_used_bytes=1))
        assert await server.get(f"/clients/{client.id}") == start
        await server.app.state.beats.flush()
        now = await server.get(f"/clients/{client.id}")
        assert now["load"] == {"cpu_percent": 50, "memory_used_bytes": 1}
        assert now["last_seen_at"] > start["last_seen_at"]
        assert {**now, "load": None, "last_seen_at": None} == {**start, "load": None, "last_seen_at": None}


@SQLITE
async def test_what_a_flush_writes_is_text_as_everything_else_writes_it(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock) as server:
        await (await server.a_client()).beat(load=MachineLoad(cpu_percent=50, memory_used_bytes=1))
        await server.app.state.beats.flush()
        async with server.db.read() as session:
            assert await session.scalar(text("SELECT typeof(status) FROM clients")) == "text"


@SQLITE
async def test_news_is_written_at_once(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock) as server:
        client = await server.a_client()
        await client.beat(state=AgentState.DRAINING)
        assert (await server.get(f"/clients/{client.id}"))["state"] == "draining"


async def test_an_older_beat_never_covers_a_newer_one(settings: Settings, clock: FakeClock) -> None:
    """The flush of one that brought no news may come to write after one that did."""
    async with quiet(settings, clock) as server:
        client = await server.a_client()
        older = (clock.now(), builders.a_heartbeat().model_dump(mode="json"))
        clock.advance(1)
        await client.beat(state=AgentState.DRAINING)
        async with server.db.write() as session:
            await presence_flush.flush(session, {client.id: older})
        now = await server.get(f"/clients/{client.id}")
        assert now["state"] == "draining"
        async with server.db.read() as session:
            assert (await clients.get_row(session, client.id)).last_seen_at == clock.now()


async def test_a_flush_calls_nobody_offline_who_was_heard(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock) as server:
        client = await server.a_client()
        clock.advance(100)
        await server.app.state.sweeper.sweep()
        async with server.db.write() as session:
            said = builders.a_heartbeat().model_dump(mode="json")
            await presence_flush.flush(session, {client.id: (clock.now(), said)})
        async with server.db.read() as session:
            assert (await clients.get_row(session, client.id)).offline_since is None


def a_loaded_model(**fields: Any) -> OllamaStatus:
    model = LoadedModel(
        name="a", digest="a" * 64, size_bytes=2, size_vram_bytes=1, expires_at=builders.MOMENT, context_length=None
    )
    return OllamaStatus(reachable=True, loaded=(model.model_copy(update=fields),))


@pytest.mark.parametrize(
    ("change", "is_news"),
    [
        ({}, False),
        ({"load": MachineLoad(cpu_percent=9, memory_used_bytes=1)}, False),
        ({"ollama": a_loaded_model(expires_at=builders.MOMENT + timedelta(minutes=5))}, False),
        ({"ollama": a_loaded_model(size_vram_bytes=2)}, True),
        ({"ollama": OllamaStatus(reachable=False)}, True),
        ({"state": AgentState.BUSY}, True),
        ({"interval_s": 20}, True),
        ({"client_version": "9"}, True),
        ({"models_hash": "b" * 64}, True),
    ],
)
def test_what_is_news(change: dict[str, Any], is_news: bool) -> None:
    before = builders.a_heartbeat(ollama=a_loaded_model())
    after = before.model_copy(update=change)
    assert news.is_news(before.model_dump(mode="json"), after.model_dump(mode="json")) is is_news
    assert news.is_news(None, after.model_dump(mode="json"))


# Archiving


async def test_a_client_that_is_gone_for_long_is_archived_and_comes_back(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock, retention_days=2) as server:
        gone, here = await server.a_client("gone", models=("a",)), await server.a_client("here", models=("a",))
        clock.advance(2 * 86_400 + 1)
        await here.beat()
        await server.sweep()
        await server.app.state.sweeper.archive()
        assert await listed(server) == ["here"]
        assert [each["id"] for each in (await server.get("/models"))["clients"]] == ["here"]
        assert (await server.get("/clients/gone"))["archived_at"] is not None
        await gone.beat()
        assert await listed(server) == ["gone", "here"]
        assert await presence(server, gone) == "online"


@SQLITE
async def test_who_enrolled_and_never_came_is_archived_too(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock, retention_days=2) as server:
        body = builders.an_enrolment(await server.a_token(), "never")
        (await server.nobody.post("/api/v1/clients", json=body.model_dump(mode="json"))).raise_for_status()
        clock.advance(86_400)
        await server.app.state.sweeper.archive()
        assert await listed(server) == ["never"]
        clock.advance(86_401)
        await server.app.state.sweeper.archive()
        assert await listed(server) == []


# Directives


@SQLITE
async def test_the_server_asks_for_what_it_does_not_have(server: Harness) -> None:
    client = await server.a_client()
    machine, inventory = builders.a_machine(gpu="RTX 4090"), ModelInventory(models=(builders.a_model(),))
    told: dict[str, Any] = {"hardware_fingerprint": machine.fingerprint(), "models_hash": inventory.hash()}
    for _ in range(2):  # asked until it is told: a lost reply loses nothing
        assert (await client.beat(**told)).directives == (SendHardware(), SendModels())
    await client.put_hardware(machine)
    assert (await client.beat(**told)).directives == (SendModels(),)
    await client.put_models(*inventory.models)
    assert (await client.beat(**told)).directives == ()
    assert (await client.beat()).directives == ()  # it does not say what it has


# Holding


@pytest.mark.parametrize(
    ("prefer", "wait_s"),
    [
        (None, 0),
        ("", 0),
        ("wait=10", 10),
        ("WAIT = 10", 10),
        ('respond-async, wait="7"', 7),
        ("wait=3; foo=bar", 3),
        ("wait=-1", 0),
        ("wait=1e3", 0),
        ("wait=nan", 0),
        ("wait=٣", 0),
        ("wait=999999999999", 0),
        ("wait", 0),
        ("await=5", 0),
    ],
)
def test_how_long_a_client_would_wait(prefer: str | None, wait_s: float) -> None:
    assert wait_of(prefer) == wait_s


@SQLITE
async def test_nothing_is_held_that_did_not_ask_for_it(server: Harness) -> None:
    client = await server.a_client()
    assert (await client.beat()).directives == ()
    assert len(server.app.state.holds) == 0


@SQLITE
async def test_a_held_beat_ends_by_itself(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock, hold_max_s=0.2) as server:
        client = await server.a_client()
        waiting = asyncio.create_task(client.beat(wait_s=600))
        await held(server)
        assert (await waiting).directives == ()
        assert len(server.app.state.holds) == 0


@SQLITE
async def test_beyond_the_limit_beats_are_answered_at_once(settings: Settings, clock: FakeClock) -> None:
    async with quiet(settings, clock, held_heartbeats_max=1, hold_max_s=300) as server:
        one, two = await server.a_client(), await server.a_client()
        waiting = asyncio.create_task(one.beat(wait_s=300))
        await held(server)
        assert (await two.beat(wait_s=300)).directives == ()
        assert not waiting.done()
        server.app.state.holds.release_all()
        await waiting


@SQLITE
@pytest.mark.parametrize("wait_s", [0, 300])
async def test_a_newer_beat_releases_the_older(settings: Settings, clock: FakeClock, wait_s: int) -> None:
    async with quiet(settings, clock, hold_max_s=300) as server:
        client = await server.a_client()
        older = asyncio.create_task(client.beat(wait_s=300))
        await held(server)
        newer = asyncio.create_task(client.beat(wait_s=wait_s))
        assert (await older).directives == ()
        server.app.state.holds.release_all()
        await newer


@SQLITE
async def test_what_was_asked_meanwhile_is_not_missed(server: Harness) -> None:
    """A beat that asks to be held is answered at once where there is something to say."""
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    assert [directive.kind for directive in (await client.beat(wait_s=300)).directives] == ["work"]
    assert len(server.app.state.holds) == 0
