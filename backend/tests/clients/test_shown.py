"""The list of all clients is as if it were made anew each time, though most of it is kept."""

from typing import Any

import pytest
from sqlalchemy import text

from backend.tests.harness import API, FakeClock, Harness
from obt_server.clients import service
from obt_server.clients.shown import ShownClients


async def _listed(server: Harness) -> list[dict[str, Any]]:
    """The list as it is told, once it was found to be what each client's row says."""
    told = (await server.get("/clients"))["clients"]
    async with server.db.read() as session:
        ids = await session.scalars(text("SELECT id FROM clients WHERE archived_at IS NULL"))
        rule, now = server.app.state.presence_rule, server.app.state.clock.now()
        views = [view.model_dump(mode="json") for view in await service.list_views(session, rule, now, ids)]
    assert told == views
    assert (await server.get("/live/snapshot"))["clients"] == views
    return told


async def test_whatever_changes_of_a_client_the_list_tells_it(server: Harness, clock: FakeClock) -> None:
    assert await _listed(server) == []
    attic, _ = await server.a_client(name="attic", models=("a",)), await server.a_client(name="cellar")
    assert [one["presence"] for one in await _listed(server)] == ["online"] * 2
    await attic.beat()
    await _listed(server)
    await attic.beat(load={"cpu_percent": 71.0, "memory_used_bytes": 5})
    await server.app.state.beats.flush()
    assert (await _listed(server))[0]["load"]["cpu_percent"] == 71.0
    for change in ({"name": "zenith"}, {"tags": ["lab"]}):
        await server.owner.patch(f"{API}/clients/{attic.id}", json=change)
        await _listed(server)
    for act in ("drain", "resume"):
        await server.owner.post(f"{API}/clients/{attic.id}/{act}")
        await _listed(server)
    clock.advance(3_600)
    assert {one["presence"] for one in await _listed(server)} == {"offline"}
    await server.owner.post(f"{API}/clients/{attic.id}/archive")
    assert [one["name"] for one in await _listed(server)] == ["cellar"]
    assert [one["name"] for one in (await server.get("/clients", archived=True))["clients"]] == ["zenith"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_who_is_gone_is_kept_no_longer_and_who_is_as_before_is_not_made_anew(server: Harness) -> None:
    attic, cellar = await server.a_client("attic"), await server.a_client("cellar")
    shown = ShownClients(server.app.state.presence_rule)
    now = server.app.state.clock.now()
    async with server.db.read() as session:
        await shown.list(session, now)
    before = dict(shown._made[False])  # pyright: ignore[reportPrivateUsage]
    assert before.keys() == {attic.id, cellar.id}
    await server.owner.patch(f"{API}/clients/{attic.id}", json={"name": "roof"})
    await server.owner.post(f"{API}/clients/{cellar.id}/archive")
    await server.a_client("third")
    async with server.db.read() as session:
        await shown.list(session, now)
        await shown.list(session, now)
    after = shown._made[False]  # pyright: ignore[reportPrivateUsage]
    assert cellar.id not in after
    assert after[attic.id] is not before[attic.id]
