"""Who changes a client takes turns with others who do, and with nobody who only names it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.tests.harness import Harness
from obt_server.clients import presence_flush, repository
from obt_server.clients import service as clients

pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)  # SQLite has one writer at a time
Change = Callable[[AsyncSession, str, datetime], Awaitable[object]]
_AT_ONCE = text("SET LOCAL lock_timeout = '100ms'")
_NAMING_IT = text("SELECT 1 FROM clients WHERE id = :id FOR KEY SHARE")
"""As PostgreSQL checks a foreign key."""
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def _note(session: AsyncSession, client_id: str, now: datetime) -> object:
    return await repository.lock_noted(session, [client_id])


async def _flush(session: AsyncSession, client_id: str, now: datetime) -> object:
    return await presence_flush.flush(session, {client_id: (now, {})})


async def _get(session: AsyncSession, client_id: str, now: datetime) -> object:
    return await repository.get_to_change(session, client_id)


async def _find(session: AsyncSession, client_id: str, now: datetime) -> object:
    return await repository.find_to_change(session, client_id)


async def _list(session: AsyncSession, client_id: str, now: datetime) -> object:
    return await repository.list_to_change(session, [client_id])


@pytest.mark.parametrize("change", [_note, _flush, _get, _find, _list])
async def test_a_result_may_name_a_client_that_is_being_changed(server: Harness, change: Change) -> None:
    client = await server.a_client()
    async with server.db.write() as changing:
        await change(changing, client.id, server.clock.now())
        async with server.db.write() as storing:
            await storing.execute(_AT_ONCE)
            assert (await storing.execute(_NAMING_IT, {"id": client.id})).scalar() == 1


@pytest.mark.parametrize("change", [_note, _get, _find, _list])
async def test_two_who_change_a_client_take_turns(server: Harness, change: Change) -> None:
    client = await server.a_client()
    async with server.db.write() as changing:
        await change(changing, client.id, server.clock.now())
        async with server.db.write() as other:
            await other.execute(_AT_ONCE)
            with pytest.raises(OperationalError, match="lock timeout"):
                await change(other, client.id, server.clock.now())
            await other.rollback()


async def test_a_look_at_who_is_there_takes_clients_in_the_order_of_all_and_waits_with_none_in_hand(
    server: Harness,
) -> None:
    """Or who has one that the look wants, and wants one that it has, is ended by PostgreSQL: a deadlock."""
    first, last = sorted([await server.a_client("one"), await server.a_client("two")], key=lambda client: client.id)
    server.clock.advance(60)
    await first.beat()
    server.clock.advance(40)  # the first is stale, and the last is gone: they are written down apart
    async with server.db.write() as changing:
        await repository.get_to_change(changing, first.id)
        looking = asyncio.create_task(server.sweep())
        while not (await changing.execute(_WAITING)).scalar():
            await asyncio.sleep(0.01)
        await changing.execute(_AT_ONCE)
        await repository.get_to_change(changing, last.id)
    await looking
    async with server.db.read() as session:
        rows = [await clients.get_row(session, client.id) for client in (first, last)]
    assert [row.presence for row in rows] == ["stale", "offline"]
