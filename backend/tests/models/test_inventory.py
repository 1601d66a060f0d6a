"""Which models are installed where."""

import asyncio

import pytest

from backend.tests import builders
from backend.tests.harness import Harness


async def installed(server: Harness) -> dict[tuple[str, str], int]:
    """The sizes of models, by name and client."""
    told = await server.get("/models")
    clients = [client["id"] for client in told["clients"]]
    return {
        (model["name"], clients[place]): model["size_bytes"] for model in told["models"] for place in model["clients"]
    }


async def listed(server: Harness) -> list[tuple[str, str]]:
    return sorted(await installed(server))


async def test_an_inventory_replaces_the_one_before(server: Harness) -> None:
    client, other = await server.a_client("one", models=("a", "b")), await server.a_client("two", models=("a",))
    assert await listed(server) == [("a", "one"), ("a", "two"), ("b", "one")]
    await client.put_models(builders.a_model("b", size_bytes=7), builders.a_model("c"))
    assert await listed(server) == [("a", "two"), ("b", "one"), ("c", "one")]
    assert (await installed(server))[("b", "one")] == 7
    await other.put_models()
    assert (await server.get(f"/clients/{other.id}"))["model_count"] == 0


async def test_five_thousand_models_are_a_list_like_any_other(server: Harness) -> None:
    client = await server.a_client()
    await client.put_models(*(builders.a_model(f"model-{n:04}") for n in range(5_000)))
    names = [name for name, _ in await listed(server)]
    assert names == [f"model-{n:04}" for n in range(5_000)]
    assert (await server.get(f"/clients/{client.id}"))["model_count"] == 5_000


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_of_a_name_that_comes_twice_the_last_stands(server: Harness) -> None:
    client = await server.a_client()
    models = (builders.a_model("a", size_bytes=1), builders.a_model("b"), builders.a_model("a", size_bytes=2))
    await client.put_models(*models)
    assert await installed(server) == {("a", client.id): 2, ("b", client.id): 2 * builders.GIB}
    assert (await server.get(f"/clients/{client.id}"))["model_count"] == 2


async def test_two_inventories_at_once_leave_one_of_them_whole(server: Harness) -> None:
    client = await server.a_client()
    inventories = [[builders.a_model(f"model-{n}", size_bytes=size) for n in range(50)] for size in range(1, 6)]
    await asyncio.gather(*(client.put_models(*inventory) for inventory in inventories))
    found = await installed(server)
    assert len(found) == 50
    assert len(set(found.values())) == 1
