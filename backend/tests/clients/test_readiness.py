"""Who would take work at once, asked of clients by name."""

from backend.tests.harness import Harness
from obt_server.clients import readiness
from obt_server.config import Settings


async def test_it_is_told_of_those_asked_for_however_many_they_are(server: Harness, settings: Settings) -> None:
    asked, other = await server.a_client("one"), await server.a_client("two")
    for client in (asked, other):
        await client.beat()
    for beside in (0, 70_000):  # more than a statement of either database takes values
        ids = {asked.id, *map(str, range(beside))}
        async with server.db.read() as session:
            assert set(await readiness.ready(session, ids, settings, server.clock.now())) == {asked.id}
            assert await readiness.tagged(session, ids) == {}
