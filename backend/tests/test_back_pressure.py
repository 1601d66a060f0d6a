"""A full queue says so at once: nothing grows without bound, and what is refused can be sent again."""

import asyncio

import pytest

from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from obt_server.config import Settings
from obt_server.db import lock
from obt_server.events import JobChanged
from obt_server.jobs import claims
from obt_server.live import feed as live
from obt_server.live.feed import Feed


async def test_past_so_many_writers_others_are_told_to_come_back(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"writers_max": 4}), clock) as server:
        clients = [await server.a_client(f"client-{n}", models=("a",)) for n in range(8)]
        await server.a_session(clients, ["a"])
        async with server.db.write() as session:
            await lock(session, claims.CLAIM_LOCK)  # on PostgreSQL claims wait for it, on SQLite whoever writes does
            await session.connection()
            asked = [asyncio.create_task(client.http.post(f"{API}/jobs/claim")) for client in clients]
            done, waiting = set[asyncio.Task[object]](), set(asked)
            while len(waiting) > 3:
                more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                done |= more
        refused = [task.result() for task in asked if task in done]
        assert len(refused) == 5
        assert {(reply.status_code, reply.json()["code"], reply.headers["Retry-After"]) for reply in refused} == {
            (503, "server_busy", "2")
        }
        assert [(await task).json()["job"] is not None for task in asked if task not in done] == [True] * 3
        assert all([await client.claim() is not None for client in clients])  # nothing was lost


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_feed_with_too_much_to_look_up_tells_browsers_to_fetch_anew(
    server: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHANGED_MAX", 3)
    client = await server.a_client("one", models=tuple(f"m{n}" for n in range(9)))
    feed: Feed = server.app.state.feed
    mailbox = feed.open()
    made = await server.a_session([client], [f"m{n}" for n in range(9)])
    assert [message for message in await mailbox.take() if "resync" in message]
    feed.hear([JobChanged(made["jobs"][0]["id"], made["id"], client.id)])
    assert feed.listeners == 1
    feed.close(mailbox)
