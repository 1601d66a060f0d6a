"""The list of what is installed where: everything once, and nothing twice to who has it."""

from datetime import UTC, datetime

import pytest

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_core.models import OllamaStatus
from obt_server.clients.tables import ClientRow
from obt_server.models.schemas import Models

MOMENT = datetime(2026, 10, 3, 4, 5, 6, 789_000, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def listed(server: Harness, **params: str) -> Models:
    return Models.model_validate(await server.get("/models", **params))


async def test_what_is_the_same_on_two_clients_is_told_once(server: Harness) -> None:
    one, two = await server.a_client("one"), await server.a_client("two")
    await one.put_models(builders.a_model("a", modified_at=MOMENT), builders.a_model("b", capabilities=()))
    await two.put_models(builders.a_model("a"))
    found = await listed(server)
    assert [(client.id, client.name) for client in found.clients] == [("one", "bench"), ("two", "bench")]
    a, b = found.models
    assert (a.name, a.clients, a.modified_at_s) == ("a", [0, 1], [int(MOMENT.timestamp()), None])
    assert (b.name, b.clients, b.capabilities, b.cloud) == ("b", [0], [], False)
    told = builders.a_model("a")
    assert {name: getattr(a, name) for name in ("digest", "size_bytes", "family", "quantization")} == {
        name: getattr(told, name) for name in ("digest", "size_bytes", "family", "quantization")
    }
    assert (a.context_length, a.parameter_size, a.capabilities) == (131_072, "3.2B", ["completion"])


async def test_one_tag_with_two_digests_is_two_models(server: Harness) -> None:
    one, two = await server.a_client("one"), await server.a_client("two")
    await one.put_models(builders.a_model("a"))
    await two.put_models(builders.a_model("a", digest="b" * 64))
    assert [(model.name, model.clients) for model in (await listed(server)).models] in (
        [("a", [0]), ("a", [1])],
        [("a", [1]), ("a", [0])],
    )


async def test_one_client_can_be_asked_for_alone(server: Harness) -> None:
    await server.a_client("one", models=("a", "b"))
    await server.a_client("two", models=("a",))
    found = await listed(server, client_id="two")
    assert [client.id for client in found.clients] == ["two"]
    assert [(model.name, model.clients) for model in found.models] == [("a", [0])]
    assert await listed(server, client_id="nobody") == Models(clients=[], models=[])


@on_sqlite
async def test_who_has_the_list_is_sent_none_until_it_changes(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    first = await server.owner.get(f"{API}/models")
    held = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    await client.beat(ollama=OllamaStatus(reachable=True, version="0.12"))
    same = await server.owner.get(f"{API}/models", headers=held)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    await client.put_models(builders.a_model("b"))
    changed = await server.owner.get(f"{API}/models", headers=held)
    assert (changed.status_code, changed.json()["models"][0]["name"]) == (200, "b")
    again = await server.owner.get(f"{API}/models")
    assert (again.content, again.headers["etag"]) == (changed.content, changed.headers["etag"])


@on_sqlite
async def test_an_archived_client_is_not_told_of(server: Harness) -> None:
    await server.a_client("one", models=("a",))
    await server.a_client("two", models=("b",))
    async with server.db.write() as session:
        (await session.get_one(ClientRow, "one")).archived_at = server.clock.now()
    found = await listed(server)
    assert ([client.id for client in found.clients], [model.name for model in found.models]) == (["two"], ["b"])
