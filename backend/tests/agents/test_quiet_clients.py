"""Beats that bring no news to a server that has none: answered from memory, and never wrongly."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.heartbeat import AgentState, MachineLoad, RotateKey, SendModels, Work
from obt_core.models import ModelInventory
from obt_server.clients import presence_flush
from obt_server.clients import service as clients
from obt_server.clients.tables import ClientRow
from obt_server.config import Settings
from obt_server.events import ClientChanged, Event, PresenceChanged

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
LOUD = MachineLoad(cpu_percent=50, memory_used_bytes=1)


@pytest.fixture
async def server(settings: Settings, clock: FakeClock) -> AsyncGenerator[Harness]:
    """A server whose loops leave the database alone."""
    calm = settings.model_copy(update={"presence_flush_s": 3_600, "sweep_interval_s": 3_600})
    async with serve(calm, clock) as harness:
        yield harness


@pytest.fixture
async def client(server: Harness) -> AClient:
    """A client that has nothing to hear, and from which nothing new was heard twice."""
    client = await server.a_client("one", models=("a",))
    for _ in range(2):
        assert (await client.beat(**known())).directives == ()
    return client


def known() -> dict[str, Any]:
    """What a client says whose machine and models the server has."""
    hardware, models = builders.a_machine(gpu=None), ModelInventory(models=(builders.a_model("a"),))
    return {"hardware_fingerprint": hardware.fingerprint(), "models_hash": models.hash()}


@contextmanager
def statements(server: Harness) -> Generator[list[str]]:
    """Collect what the database is asked within the block."""
    seen: list[str] = []
    engines = [server.db.writer.sync_engine, server.db.reader.sync_engine]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_quiet_client_costs_no_statement_and_what_it_said_is_kept(server: Harness, client: AClient) -> None:
    server.clock.advance(10)
    with statements(server) as asked:
        reply = await client.beat(load=LOUD, **known())
    assert asked == []
    assert (reply.directives, reply.server_time) == ((), server.clock.now())
    await server.app.state.beats.flush()
    told = await server.get("/clients/one")
    assert told["load"] == LOUD.model_dump(mode="json")
    assert told["last_seen_at"] == server.clock.now().isoformat()[:19] + "Z"


@SQLITE
async def test_a_quiet_reply_is_the_same_as_any_other(server: Harness, client: AClient) -> None:
    body = builders.a_heartbeat(boot_id=client.boot_id, **known()).model_dump(mode="json")
    quiet = await client.http.post(f"{API}/clients/one/heartbeat", json=body)
    server.app.state.quiet.clear()
    whole = await client.http.post(f"{API}/clients/one/heartbeat", json=body)
    assert quiet.json() == whole.json()
    own = {"x-request-id", "date"}
    assert {k: v for k, v in quiet.headers.items() if k not in own} == {
        k: v for k, v in whole.headers.items() if k not in own
    }


@SQLITE
@pytest.mark.parametrize(
    "said",
    [{"state": AgentState.DRAINING}, {"interval_s": 60}, {"allow_registries": ("example.net",)}],
    ids=["state", "interval", "registries"],
)
async def test_news_of_a_quiet_client_is_written_at_once(
    server: Harness, client: AClient, said: dict[str, Any]
) -> None:
    with statements(server) as asked:
        await client.beat(**known(), **said)
    assert any(statement.startswith("UPDATE clients") for statement in asked)


async def test_a_quiet_client_that_is_silent_for_long_is_news_when_it_comes_back(
    server: Harness, client: AClient
) -> None:
    server.clock.advance(61)
    await server.sweep()
    assert (await server.get("/clients/one"))["presence"] == "offline"
    await client.beat(**known())
    assert (await server.get("/clients/one"))["presence"] == "online"


async def test_work_is_told_to_a_quiet_client_and_to_its_held_beat(server: Harness, client: AClient) -> None:
    held = asyncio.create_task(client.beat(wait_s=60, **known()))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.005)
    await server.a_session([client], ["a"])
    assert Work() in (await held).directives
    assert Work() in (await client.beat(**known())).directives


@SQLITE
async def test_a_held_beat_that_hears_of_nothing_for_it_is_held_on(server: Harness, client: AClient) -> None:
    held = asyncio.create_task(client.beat(wait_s=60, **known()))
    while not len(server.app.state.holds):
        await asyncio.sleep(0.005)
    (await server.owner.patch(f"{API}/clients/one", json={"name": "another"})).raise_for_status()
    await server.a_session([client], ["a"])
    assert Work() in (await held).directives


async def test_a_key_that_is_revoked_or_to_be_changed_is_no_secret_to_a_quiet_client(
    server: Harness, client: AClient
) -> None:
    (await server.owner.post(f"{API}/clients/one/rotate-key")).raise_for_status()
    assert (await client.beat(**known())).directives == (RotateKey(),)
    (await server.owner.post(f"{API}/clients/one/revoke-key")).raise_for_status()
    body = builders.a_heartbeat(boot_id=client.boot_id, **known()).model_dump(mode="json")
    assert (await client.http.post(f"{API}/clients/one/heartbeat", json=body)).status_code == 401


@SQLITE
async def test_nobody_else_speaks_for_a_quiet_client(server: Harness, client: AClient) -> None:
    other = await server.a_client("two")
    body = builders.a_heartbeat(boot_id=client.boot_id, **known()).model_dump(mode="json")
    path = f"{API}/clients/one/heartbeat"
    assert (await other.http.post(path, json=body)).status_code == 403
    for wrong in ({"Authorization": f"Bearer {client.key}x"}, {"Authorization": "Bearer x"}, {}):
        assert (await server.nobody.post(path, json=body, headers=wrong)).status_code == 401


@SQLITE
@pytest.mark.parametrize("load", [{"cpu_percent": 101, "memory_used_bytes": 1}, {"cpu_percent": 1}, 7, "x"])
async def test_what_is_no_load_is_refused_though_the_rest_is_known(server: Harness, client: AClient, load: Any) -> None:
    body = builders.a_heartbeat(boot_id=client.boot_id, **known()).model_dump(mode="json")
    reply = await client.http.post(f"{API}/clients/one/heartbeat", json={**body, "load": load})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["where"].startswith("body.load")


@SQLITE
@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"7"])
async def test_what_is_no_beat_is_refused_as_ever(server: Harness, client: AClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await client.http.post(f"{API}/clients/one/heartbeat", content=content, headers=headers)
    assert reply.status_code in {400, 422}
    assert (await client.beat(**known())).directives == ()
    assert server.app.state.bus.hears_all


async def test_a_quiet_beat_is_counted_as_the_others(server: Harness, client: AClient) -> None:
    counted = 'obt_requests_total{method="POST",route="/api/v1/clients/{client_id}/heartbeat",status="2xx"}'
    before = (await server.owner.get("/metrics")).text
    with statements(server) as asked:
        await client.beat(**known())
    assert asked == []
    after = (await server.owner.get("/metrics")).text
    [was], [now] = ([line for line in text.splitlines() if line.startswith(counted)] for text in (before, after))
    assert float(now.split()[-1]) == float(was.split()[-1]) + 1


async def test_models_that_the_server_lost_are_asked_for(server: Harness, client: AClient) -> None:
    await client.put_models(builders.a_model("b"))
    assert SendModels() in (await client.beat(**known())).directives


@SQLITE
async def test_a_quiet_client_has_its_limit_too(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"rate_client_per_min": 10}), clock) as server:
        client = await server.a_client("one", models=("a",))
        body = builders.a_heartbeat(boot_id=client.boot_id, **known()).model_dump(mode="json")
        told = [(await client.http.post(f"{API}/clients/one/heartbeat", json=body)).status_code for _ in range(12)]
    assert (told[0], told[-1]) == (200, 429)


async def heard_elsewhere(server: Harness) -> None:
    """Have another server hear client one, and write it down."""
    async with server.db.write() as session:
        (said,) = (await session.execute(select(ClientRow.status).where(ClientRow.id == "one"))).one()
        assert said is not None
        await presence_flush.flush(session, {"one": (server.clock.now(), said)})


@pytest.mark.parametrize("is_known", [True, False], ids=["quiet here", "not quiet here"])
async def test_a_client_that_was_silent_here_and_heard_by_another_server_is_no_news(
    server: Harness, client: AClient, is_known: bool
) -> None:
    server.clock.advance(35)
    await heard_elsewhere(server)
    server.clock.advance(5)
    if not is_known:
        server.app.state.quiet.clear()
    with statements(server) as asked:
        await client.beat(**known())
    assert asked == [] if is_known else not [one for one in asked if one.startswith("UPDATE")]
    told: list[Event] = []
    server.app.state.bus.subscribe(told.extend)
    await server.app.state.beats.flush()
    assert told == []


@pytest.mark.parametrize("silent_s", [31, 15], ids=["heard late", "heard in time and written late"])
async def test_pages_are_told_of_a_client_that_they_may_have_seen_as_stale_before_it_is_written(
    server: Harness, client: AClient, silent_s: float
) -> None:
    server.clock.advance(silent_s)
    await client.beat(**known())
    server.clock.advance(31 - silent_s)
    told: list[Event] = []
    server.app.state.bus.subscribe(told.extend)
    await server.app.state.beats.flush()
    assert told == [PresenceChanged("one")]


async def other_news_elsewhere(server: Harness) -> None:
    """Have another server hear client one say something else."""
    beat = builders.a_heartbeat(**known(), state=AgentState.DRAINING)
    async with server.db.write() as session:
        await clients.store_beat(session, "one", beat, server.app.state.presence_rule, server.clock.now())


async def test_what_a_client_said_here_before_is_news_after_another_server_heard_something_else(
    server: Harness, client: AClient
) -> None:
    await other_news_elsewhere(server)
    told: list[Event] = []
    server.app.state.bus.subscribe(told.extend)
    await client.beat(**known())
    assert ClientChanged("one") in told
    assert (await server.get("/clients/one"))["state"] == "idle"


async def test_what_was_heard_here_without_news_never_covers_news_that_another_server_heard(
    server: Harness, client: AClient
) -> None:
    await client.beat(load=LOUD, **known())
    await other_news_elsewhere(server)
    await server.app.state.beats.flush()
    now = await server.get("/clients/one")
    assert (now["state"], now["load"]["cpu_percent"]) == ("draining", LOUD.cpu_percent)
