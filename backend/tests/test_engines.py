"""Connections to PostgreSQL: as many as the settings say, with the timeouts that they say."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text

from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, settings_of
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.engines import Limits, limits_of
from obt_server.jobs.claims import CLAIM_LOCK, take_turns

on_postgresql = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


@on_postgresql
async def test_a_server_opens_no_more_connections_than_its_settings_allow(settings: Settings, clock: FakeClock) -> None:
    few = settings.model_copy(update={"db_read_connections_max": 2, "db_write_connections_max": 1})
    async with serve(few, clock) as server:
        replies = await asyncio.gather(*(server.owner.get(f"{API}/clients") for _ in range(40)))
        assert {reply.status_code for reply in replies} == {200}
        async with server.db.read() as session:
            asked = "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            opened = Counter(await session.scalars(text(asked)))
        assert opened["obt-server"] <= 3
        assert opened["obt-server peers"] <= 1


@on_postgresql
async def test_who_gets_no_connection_in_time_is_told_to_come_again(settings: Settings, clock: FakeClock) -> None:
    few = settings.model_copy(update={"db_read_connections_max": 1, "db_pool_wait_s": 1.0})
    async with serve(few, clock) as server:
        async with server.db.read() as session:
            await session.execute(text("SELECT 1"))
            refused = await server.owner.get(f"{API}/clients")
        assert (refused.status_code, refused.json()["code"]) == (503, "database_crowded")
        assert (await server.owner.get(f"{API}/clients")).status_code == 200


@on_postgresql
async def test_claims_that_wait_for_another_servers_leave_connections_to_everybody_else(
    settings: Settings, clock: FakeClock
) -> None:
    few = settings.model_copy(update={"db_write_connections_max": 2, "db_pool_wait_s": 5.0})
    async with serve(few, clock) as server, server.db.reader.connect() as another:
        machines = [await server.a_client(f"one-{number}") for number in range(4)]
        await another.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": CLAIM_LOCK})
        async with asyncio.TaskGroup() as group:
            claims = [group.create_task(client.claim()) for client in machines]
            while not server.app.state.giving_out.locked():
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.1)
            (await server.owner.patch(f"{API}/clients/one-0", json={"name": "another"})).raise_for_status()
            assert not any(claim.done() for claim in claims)
            await another.rollback()
        assert [claim.result() for claim in claims] == [None] * 4


@on_postgresql
async def test_while_there_is_room_for_all_a_claim_waits_for_no_other_client(
    settings: Settings, clock: FakeClock
) -> None:
    async with serve(settings, clock) as server, server.db.write() as another:
        machines = [await server.a_client(name, models=("a",)) for name in ("one", "two")]
        await server.a_session(machines, ["a"])
        await take_turns(another, "one", settings)
        waiting = asyncio.create_task(machines[0].claim())
        assert await machines[1].claim() is not None
        assert not waiting.done()
        await another.rollback()
        assert await waiting is not None


@on_postgresql
async def test_each_connection_has_the_timeouts_of_the_settings_and_what_the_url_says_goes_before(
    settings: Settings,
) -> None:
    url = f"{settings.sqlalchemy_url}&options=-c%20lock_timeout%3D7s"
    db = Database(url, lambda _: None, limits=Limits(statement_timeout_s=3, idle_transaction_timeout_s=4))
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "TimeZone", "application_name")
    for opened in (db.read, db.write):
        async with opened() as session:
            shown = [await session.scalar(text(f"SHOW {name}")) for name in names]
        assert shown == ["3s", "7s", "4s", "UTC", "obt-server"]
    await db.close()


def test_the_defaults_of_the_code_are_those_of_the_settings() -> None:
    assert limits_of(settings_of()) == Limits()


@pytest.mark.parametrize("url", ["postgresql://user@host/name?nonsense=1", "postgresql://user@[host/name"])
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="is no address") as refused:
        settings_of(database_url=url)
    assert "nonsense" not in str(refused.value).partition("[type=")[0]
