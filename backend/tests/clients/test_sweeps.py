"""What only time changes: who is gone, judged beside those who speak at the same moment."""

from sqlalchemy import update

from backend.tests.harness import Harness
from obt_server.clients import service as clients
from obt_server.clients.tables import ClientRow


async def test_who_was_heard_since_the_look_is_not_called_offline(server: Harness) -> None:
    gone, back = await server.a_client("gone"), await server.a_client("back")
    server.clock.advance(100)
    async with server.db.read() as session:
        seen = await clients.list_seen(session, server.app.state.presence_rule, server.clock.now())
    assert {one.id: one.presence for one in seen} == {gone.id: "offline", back.id: "offline"}
    await back.beat()
    async with server.db.write() as session:
        await clients.mark_offline(session, seen, server.clock.now())
    async with server.db.read() as session:
        seen = await clients.list_seen(session, server.app.state.presence_rule, server.clock.now())
    assert {one.id: one.offline_since for one in seen} == {gone.id: server.clock.now(), back.id: None}


async def test_since_when_somebody_is_gone_is_not_moved_by_the_next_look(server: Harness) -> None:
    client = await server.a_client()
    server.clock.advance(100)
    since = server.clock.now()
    for _ in range(2):
        await server.sweep()
        server.clock.advance(50)
    async with server.db.read() as session:
        assert (await clients.get_row(session, client.id)).offline_since == since


async def test_presence_is_judged_without_reading_what_clients_said(server: Harness) -> None:
    """What one release wrote and another cannot read keeps nobody from being called offline."""
    client, other = await server.a_client("one"), await server.a_client("two")
    async with server.db.write() as session:
        values = {"status": {"of": "another release"}, "hardware": {"cpu": 1}}
        await session.execute(update(ClientRow).where(ClientRow.id == client.id).values(**values))
    server.clock.advance(100)
    await server.sweep()
    async with server.db.read() as session:
        rows = [await clients.get_row(session, client_id) for client_id in (client.id, other.id)]
    assert [row.offline_since for row in rows] == [server.clock.now()] * 2
