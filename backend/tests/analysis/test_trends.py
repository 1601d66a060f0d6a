"""Series: what there is to pick from, their points, and what changed between them."""

from typing import Any

import pytest

from backend.tests.analysis.measured import a_result, an_outcome, measure
from backend.tests.harness import API, Harness
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, Power
from obt_server.results import series

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SERIES = "c0" * 32


async def names(server: Harness, **params: Any) -> list[tuple[str, str, str]]:
    found = (await server.get("/series", **params))["series"]
    return [(one["client_id"], one["model"], one["suite_name"]) for one in found]


async def the_series(server: Harness, **params: Any) -> dict[str, Any]:
    return (await server.get("/series", **params))["series"][0]


async def test_series_are_found_by_client_model_suite_and_words(server: Harness) -> None:
    one = await server.a_client("one", name="attic", models=("llama3:8b", "qwen:7b"))
    two = await server.a_client("two", name="cellar", models=("llama3:8b",))
    await a_result(server, one, model="llama3:8b", minute=1)
    await a_result(server, one, model="qwen:7b", minute=2, suite="standard")
    await a_result(server, two, model="llama3:8b", minute=3)
    first, second, third = ("two", "llama3:8b", "quick"), ("one", "qwen:7b", "standard"), ("one", "llama3:8b", "quick")
    assert await names(server) == [first, second, third]
    assert await names(server, client_id="one") == [second, third]
    assert await names(server, model="llama3:8b") == [first, third]
    assert await names(server, suite="standard") == [second]
    assert await names(server, q="LLAMA attic") == [third]
    assert await names(server, q="standard") == [second]
    assert await names(server, q="%") == []


async def test_pages_of_series_hold_each_once(server: Harness) -> None:
    models = tuple(f"m{n}" for n in range(5))
    client = await server.a_client(models=models)
    for minute, model in enumerate(models):
        await a_result(server, client, model=model, minute=minute)
    seen, after = list[str](), None
    while after is not None or not seen:
        page = await server.get("/series", limit=2, **({"after": after} if after else {}))
        seen += [one["model"] for one in page["series"]]
        after = page["next"]
    assert seen == list(reversed(models))


async def test_a_series_counts_its_results_however_they_are_renewed(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await measure(server, client, minute=5)
    spec = await measure(server, client, minute=2)
    await client.send_outcome(spec.job_id, an_outcome(spec, 20, 3, {}))
    found = await the_series(server)
    assert (found["result_count"], found["offload"]) == (2, "cpu")
    assert found["first_ended_at"] < found["last_ended_at"]
    moved = an_outcome(spec, 20, 3, {"size_vram_bytes": 2 * 2**30})
    await client.send_outcome(spec.job_id, moved)
    every = (await server.get("/series"))["series"]
    assert {(one["offload"], one["result_count"]) for one in every} == {("cpu", 1), ("gpu", 1)}
    async with server.db.write() as session:
        await series.rebuild(session)
    rebuilt = (await server.get("/series"))["series"]
    assert [_without_first(one) for one in rebuilt] == [_without_first(one) for one in every]


def _without_first(one: dict[str, Any]) -> dict[str, Any]:
    """A result that left a series may have been its first: that is not looked up again until all is counted anew."""
    return {name: value for name, value in one.items() if name != "first_ended_at"}


def a_machine(**fields: Any) -> MachineEnvironment:
    about: dict[str, Any] = {
        "kernel": "6.1",
        "power": Power(governor="performance"),
        "gpus": (GpuEnvironment(name="RTX", driver_version="570.1"),),
    }
    return MachineEnvironment(**{**about, **fields})


async def test_a_trend_has_its_points_and_what_changed_between_them(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    read: dict[str, Any] = {"ollama_settings_source": "systemd"}
    told: list[dict[str, Any]] = [
        {"machine": a_machine()},
        {"machine": a_machine(), "ollama_version": "0.12.1"},
        {},  # nothing is known of the machine here: no event
        {
            "machine": a_machine(
                kernel="6.12",
                power=Power(governor="powersave"),
                gpus=(GpuEnvironment(name="RTX", driver_version="580.2"),),
            ),
            "ollama_version": "0.12.1",
            "client_version": "0.2.0",
            "ollama_settings": {"OLLAMA_NUM_PARALLEL": "4"},
        },
    ]
    told[2] = {"ollama_version": "0.12.1"}
    ids = [
        await a_result(server, client, 100.0 + 5 * n, minute=n, environment={**read, **environment})
        for n, environment in enumerate(told)
    ]
    trend = await server.get(f"/series/{(await the_series(server))['series']}")
    assert [one["result_id"] for one in trend["points"]] == [str(one) for one in reversed(ids)]
    newest = trend["points"][0]["headline"]["decode_tokens_per_s"]
    assert newest["low"] < 115 < newest["high"]
    assert trend["points"][0]["grade"] == "clean"
    events = {(one["result_id"], one["code"], one["name"]): (one["before"], one["after"]) for one in trend["events"]}
    assert events == {
        (str(ids[1]), "ollama_version", ""): ("0.9.3", "0.12.1"),
        (str(ids[3]), "client_version", ""): ("0.1.0", "0.2.0"),
        (str(ids[3]), "machine_kernel", ""): ("6.1", "6.12"),
        (str(ids[3]), "power_governor", ""): ("performance", "powersave"),
        (str(ids[3]), "gpu_driver_version", "gpu0"): ("570.1", "580.2"),
        (str(ids[3]), "ollama_setting", "OLLAMA_NUM_PARALLEL"): ("unset", "4"),
    }


async def test_pages_of_a_trend_hold_every_point_and_event_once(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    versions = ["0.9.3", "0.10.0", "0.10.0", "0.11.0", "0.12.0"]
    for minute, version in enumerate(versions):
        await a_result(server, client, minute=minute, environment={"ollama_version": version})
    path, after = f"/series/{(await the_series(server))['series']}", None
    points, events = list[str](), list[str]()
    while after is not None or not points:
        page = await server.get(path, limit=2, **({"after": after} if after else {}))
        points += [one["ended_at"] for one in page["points"]]
        events += [one["after"] for one in page["events"]]
        after = page["next"]
    assert (len(points), points) == (5, sorted(points, reverse=True))
    assert events == ["0.12.0", "0.11.0", "0.10.0"]


@SQLITE
async def test_another_digest_under_the_same_name_begins_a_sibling(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    digest = "ab" * 32
    old = await measure(server, client, minute=1)
    await client.put_models(_renewed("a", digest))
    await measure(server, client, minute=2, environment={"model_digest": digest})
    newest = await the_series(server)
    trend = await server.get(f"/series/{newest['series']}", client_id="one")
    (event,) = trend["events"]
    assert (event["code"], event["before"], event["after"]) == ("model_digest", old.model_digest, digest)
    assert (event["series"], event["at"]) == (newest["series"], newest["first_ended_at"])
    (sibling,) = trend["siblings"]
    assert sibling["model_digest"] == old.model_digest


def _renewed(name: str, digest: str) -> Any:
    from backend.tests import builders

    return builders.a_model(name, digest=digest)


@SQLITE
async def test_machines_of_the_same_parts_share_a_series_and_have_trends_of_their_own(server: Harness) -> None:
    ids = {}
    for minute, name in enumerate(("one", "two")):
        client = await server.a_client(name, models=("a",))
        ids[name] = str(await a_result(server, client, minute=minute))
    (newest, oldest) = (await server.get("/series"))["series"]
    assert newest["series"] == oldest["series"]
    path = f"/series/{newest['series']}"
    for params, name in (({"client_id": "one"}, "one"), ({"client_id": "two"}, "two"), ({}, "two")):
        trend = await server.get(path, **params)
        assert [one["result_id"] for one in trend["points"]] == [ids[name]]


@SQLITE
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/series/{SERIES}", 404),
        (f"/series/{SERIES}?client_id=one", 404),
        ("/series/none", 422),
        ("/series?after=nowhere", 422),
        ("/series?after=2026-01-01~a", 422),
        (f"/series/{SERIES}?after=nowhere", 422),
    ],
)
async def test_what_is_not_there_is_refused(server: Harness, path: str, status: int) -> None:
    assert (await server.owner.get(f"{API}{path}")).status_code == status
