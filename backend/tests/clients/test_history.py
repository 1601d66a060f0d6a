"""When a client was there: a line where that changed, none for a beat, and none for what nobody can know."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.tests.conftest import serve
from backend.tests.harness import AClient, FakeClock, Harness
from obt_server.clients.tables import PresenceChangeRow
from obt_server.config import Settings

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def history(server: Harness, client: AClient, **params: object) -> list[str]:
    return [change["presence"] for change in (await server.get(f"/clients/{client.id}/presence", **params))["changes"]]


async def test_each_change_is_kept_with_its_moment_and_beats_are_not(server: Harness) -> None:
    client = await server.a_client("one")
    begin = server.clock.now()
    for _ in range(5):
        server.clock.advance(5)
        await client.beat()
        await server.sweep()
    for silence_s in (31, 30, 30):
        server.clock.advance(silence_s)
        await server.sweep()
    await client.beat()
    changes = (await server.get("/clients/one/presence"))["changes"]
    assert [change["presence"] for change in changes] == ["online", "offline", "stale", "online"]
    moments = [begin + timedelta(seconds=seconds) for seconds in (116, 86, 56, 0)]
    assert [change["at"] for change in changes] == [moment.isoformat().replace("+00:00", "Z") for moment in moments]


@SQLITE
async def test_a_history_is_told_page_by_page(server: Harness) -> None:
    client = await server.a_client("one")
    for _ in range(3):
        server.clock.advance(100)
        await server.sweep()
        server.clock.advance(1)
        await client.beat()
    whole = await server.get("/clients/one/presence")
    assert whole["next"] is None
    assert len(whole["changes"]) == 7
    first = await server.get("/clients/one/presence", limit=4)
    rest = await server.get("/clients/one/presence", limit=4, after=first["next"])
    assert first["changes"] + rest["changes"] == whole["changes"]
    wrong = await server.owner.get("/api/v1/clients/one/presence", params={"after": "yesterday"})
    assert wrong.status_code == 422
    assert (await server.owner.get("/api/v1/clients/nobody/presence")).status_code == 404


async def test_a_silence_that_no_server_was_there_to_hear_is_called_unknown(
    settings: Settings, clock: FakeClock
) -> None:
    settings = settings.model_copy(update={"restart_grace_s": 60, "sweep_interval_s": 3_600})
    async with serve(settings, clock) as server:
        back, gone = await server.a_client("back"), await server.a_client("gone")
        keys = {client.id: client.key for client in (back, gone)}
        clock.advance(61)
    clock.advance(7_200)
    async with serve(settings, clock) as server:
        for client in (back, gone):
            client.http = server.http()
            client.http.headers["Authorization"] = f"Bearer {keys[client.id]}"
        await server.sweep()  # in the time of grace nothing is noted
        assert await history(server, gone) == ["online"]
        for _ in range(4):
            await back.beat()
            clock.advance(20)
        await server.sweep()
        # From when they were heard last: that moment stands for what was known until then.
        assert await history(server, back) == ["online", "unknown"]
        assert await history(server, gone) == ["offline", "unknown"]
        await back.http.aclose()
        await gone.http.aclose()


async def test_what_is_older_than_the_retention_is_forgotten_but_for_what_still_holds(
    settings: Settings, clock: FakeClock
) -> None:
    async with serve(settings.model_copy(update={"retention_days": 2}), clock) as server:
        client = await server.a_client("one")
        for _ in range(3):
            clock.advance(100)
            await server.sweep()
            clock.advance(1)
            await client.beat()
        clock.advance(3 * 86_400)
        await client.beat()
        assert len(await history(server, client)) >= 7
        await server.app.state.sweeper.retain()
        told = await server.get("/clients/one/presence")
        assert sum(change["at"] < told["kept_since"] for change in told["changes"]) == 1
        async with server.db.read() as session:
            count = select(func.count()).select_from(PresenceChangeRow)
            assert await session.scalar(count) == len(told["changes"])
