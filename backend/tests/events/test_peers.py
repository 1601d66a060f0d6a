"""Several servers on one PostgreSQL: what one does the others hear, and one of them leads."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.enrolment import EnrolmentReply
from obt_core.heartbeat import Work
from obt_server.config import Settings
from obt_server.db import announce
from obt_server.events import ClientChanged

pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


def at(other: Harness, client: AClient, http: httpx.AsyncClient) -> AClient:
    """The same client, speaking to another server."""
    reply = EnrolmentReply(client_id=client.id, name="x", key=client.key, heartbeat_interval_s=10)
    same = AClient(http, reply)
    same.boot_id = client.boot_id
    return same


async def test_work_from_one_server_wakes_a_beat_that_another_holds(
    settings: Settings, server: Harness, clock: FakeClock
) -> None:
    client = await server.a_client("one", models=("a",))
    patient = settings.model_copy(update={"hold_max_s": 60})  # a machine that is busy takes long to ask for a session
    async with serve(patient, clock) as second, httpx.AsyncClient(base_url=second.url) as http:
        held = asyncio.create_task(at(second, client, http).beat(wait_s=60))
        await until(lambda: len(second.app.state.holds) == 1)
        await server.a_session([client], ["a"])
        assert Work() in (await held).directives


async def test_a_revoked_key_is_good_nowhere(settings: Settings, server: Harness, clock: FakeClock) -> None:
    client = await server.a_client("one")
    async with serve(settings, clock) as second, httpx.AsyncClient(base_url=second.url) as http:
        there = at(second, client, http)
        while "one" not in second.app.state.quiet:
            await there.beat()
        (await server.owner.post(f"{API}/clients/one/revoke-key")).raise_for_status()
        await until(lambda: "one" not in second.app.state.quiet)
        body = builders.a_heartbeat(boot_id=there.boot_id).model_dump(mode="json")
        assert (await http.post(f"{API}/clients/one/heartbeat", json=body)).status_code == 401


async def test_a_browser_at_one_server_sees_what_is_done_at_another(
    settings: Settings, server: Harness, clock: FakeClock
) -> None:
    client = await server.a_client("one")
    async with serve(settings, clock) as second:
        mailbox = second.app.state.feed.open()
        (await server.owner.patch(f"{API}/clients/{client.id}", json={"name": "renamed"})).raise_for_status()
        async with asyncio.timeout(30):
            while not any('"renamed"' in message for message in await mailbox.take()):
                pass


async def test_what_is_rolled_back_is_told_nobody(settings: Settings, server: Harness, clock: FakeClock) -> None:
    async with serve(settings, clock) as second:
        heard: list[object] = []
        second.app.state.bus.subscribe(heard.extend)
        with pytest.raises(IntegrityError):
            await _told_and_rolled_back(server)
        await server.a_client("two")
        await until(lambda: any(getattr(event, "client_id", None) == "two" for event in heard))
        assert {getattr(event, "client_id", "two") for event in heard} == {"two"}


async def test_a_lost_connection_is_noticed_made_good_and_told_as_something_missed(server: Harness) -> None:
    bus, quiet = server.app.state.bus, server.app.state.quiet
    client = await server.a_client("one")
    while "one" not in quiet:
        await client.beat()
    mailbox = server.app.state.feed.open()
    await _cut(server)
    await until(lambda: not bus.hears_all)
    assert "one" not in quiet
    assert '"resync"' in (await mailbox.take())[0]
    await client.beat()
    assert "one" not in quiet, "nothing is kept while not all is heard"
    await until(lambda: bus.hears_all)
    while "one" not in quiet:
        await client.beat()


async def test_one_of_two_leads_and_the_other_takes_over(settings: Settings, server: Harness, clock: FakeClock) -> None:
    await until(lambda: server.app.state.peers.leads)
    async with serve(settings, clock) as second:
        assert not second.app.state.peers.leads
        await _cut(server)
        await until(lambda: second.app.state.peers.leads)
        await until(lambda: server.app.state.bus.hears_all)
        assert not server.app.state.peers.leads
    await until(lambda: server.app.state.peers.leads)


async def _told_and_rolled_back(server: Harness) -> None:
    async with server.db.write() as session:
        announce(session, ClientChanged("one"))
        await server.app.state.peers.tell(session, [ClientChanged("one")])
        await session.execute(text("INSERT INTO clients (id) VALUES ('one')"))


async def _cut(server: Harness) -> None:
    """End the connection by which a server hears the others and leads: the first that listens."""
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with server.db.read() as session:
        assert (await session.execute(cut)).all()
