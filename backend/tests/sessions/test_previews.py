"""What a session would become, told before it is asked for."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.tests import builders
from backend.tests.harness import API, Harness
from backend.tests.sessions.previews import TOOK_S, measure, only_pair, preview
from obt_core.operations import Allowed
from obt_server.clients.tables import ClientRow

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
GIB = builders.GIB


async def test_every_pair_is_told_with_its_state_and_nothing_is_stored(server: Harness) -> None:
    one, two = await server.a_client("one", models=("a", "b")), await server.a_client("two")
    await two.put_models(
        builders.a_model("a", cloud=True),
        builders.a_model("b", capabilities=("embedding",)),
        builders.a_model("big", size_bytes=99 * GIB),
    )
    plan = await preview(server, [one, two], ["a", "b", "big"])
    told = {(pair["client_id"], pair["model"]): (pair["state"], pair["reason"]) for pair in plan["pairs"]}
    assert told == {
        ("one", "a"): ("possible", None),
        ("one", "b"): ("possible", None),
        ("one", "big"): ("impossible", "not_installed"),
        ("two", "a"): ("impossible", "cloud_model"),
        ("two", "b"): ("impossible", "embeddings_only"),
        ("two", "big"): ("impossible", "does_not_fit"),
    }
    assert plan["counts"] == {"possible": 2, "impossible": 4}
    assert (await server.get("/sessions"))["sessions"] == []


@SQLITE
async def test_a_client_that_allows_nothing_or_is_drained_gets_nothing(server: Harness) -> None:
    shut, drained = await server.a_client("shut", models=("a",)), await server.a_client("drained", models=("a",))
    await shut.beat(allows=Allowed.NOTHING)
    async with server.db.write() as session:
        change = update(ClientRow).where(ClientRow.id == drained.id)
        await session.execute(change.values(drained_at=server.clock.now()))
    plan = await preview(server, [shut, drained], ["a"])
    assert {pair["client_id"]: pair["reason"] for pair in plan["pairs"]} == {
        "shut": "not_allowed",
        "drained": "drained",
    }


@SQLITE
async def test_a_pair_whose_client_is_away_is_possible_and_waits(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    assert (await only_pair(server, client))["waits"] is False
    server.clock.advance(3_600)
    await server.sweep()
    pair = await only_pair(server, client)
    assert (pair["state"], pair["waits"]) == ("possible", True)


@SQLITE
async def test_the_arithmetic_of_memory_is_told(server: Harness) -> None:
    client = await server.a_client("one", gpu="RTX 4090")  # 24 GiB beside 32
    sizes = {"small": 20, "large": 40, "huge": 60}
    await client.put_models(*(builders.a_model(name, size_bytes=size * GIB) for name, size in sizes.items()))
    fits = {pair["model"]: pair["fit"] for pair in (await preview(server, [client], [*sizes]))["pairs"]}
    placements = {name: fit["placement"] for name, fit in fits.items()}
    assert placements == {"small": "gpu", "large": "split", "huge": "does_not_fit"}
    assert all((fit["vram_bytes"], fit["memory_bytes"]) == (24 * GIB, 32 * GIB) for fit in fits.values())
    assert {name: fit["needed_bytes"] for name, fit in fits.items()} == {n: s * GIB for n, s in sizes.items()}
    assert not any(fit["is_measured"] for fit in fits.values())


async def test_what_ollama_told_of_a_models_size_comes_before_what_is_reckoned(server: Harness) -> None:
    client = await server.a_client("one", gpu="RTX 4090", models=("a",))
    await server.a_session([client], ["a"])
    machine = builders.a_machine(gpu="RTX 4090")
    seen = {"size_bytes": 30 * GIB, "size_vram_bytes": 20 * GIB, "hardware_fingerprint": machine.fingerprint()}
    await measure(server, client, **seen)
    fit = (await only_pair(server, client))["fit"]
    assert (fit["placement"], fit["is_measured"]) == ("split", True)
    assert (fit["needed_bytes"], fit["seen_vram_bytes"]) == (30 * GIB, 20 * GIB)
    await client.put_hardware(builders.a_machine(gpu="RTX 5090"))  # what was seen was seen elsewhere
    assert (await only_pair(server, client))["fit"]["is_measured"] is False


async def test_time_is_estimated_by_what_it_took_before_else_bounded_by_the_suite(server: Harness) -> None:
    one, two = await server.a_client("one", models=("a", "b")), await server.a_client("two", models=("a",))
    await server.a_session([one], ["a"])
    plan = await preview(server, [one, two], ["a", "b"])
    budget_s = plan["suite"]["budget_s"]
    by_client = {client["client_id"]: client for client in plan["clients"]}
    assert (by_client["one"]["estimate_s"], by_client["one"]["jobs_ahead"]) == (2 * budget_s, 1)
    assert (by_client["two"]["jobs"], by_client["two"]["estimate_s"]) == (1, budget_s)
    assert (plan["estimate_s"], plan["is_bound"]) == (2 * budget_s, True)  # clients work at the same time
    await measure(server, one)
    plan = await preview(server, [one], ["a"])
    assert (plan["estimate_s"], plan["is_bound"], plan["clients"][0]["jobs_ahead"]) == (TOOK_S, False, 0)
    plan = await preview(server, [one], ["a"], remeasure=False)
    assert (plan["estimate_s"], plan["clients"][0]["jobs"]) == (0, 0)


async def test_what_was_measured_is_left_out_unless_it_is_asked_for(server: Harness) -> None:
    client = await server.a_client("one", models=("a", "b"))
    await server.a_session([client], ["a"])
    result_id = await measure(server, client)
    server.clock.advance(90)
    pair = await only_pair(server, client)
    assert (pair["state"], pair["measured"]["result_id"], pair["measured"]["age_s"]) == ("measured", result_id, 90)
    assert pair["measured"]["headline"]["decode_tokens_per_s"]["median"] > 0
    session = await server.a_session([client], ["a", "b"], remeasure=False)
    assert [job["model"] for job in session["jobs"]] == ["b"]
    assert "b on" in session["title"]
    session = await server.a_session([client], ["a", "b"])
    assert [job["model"] for job in session["jobs"]] == ["a", "b"]
    body = {"models": ["a"], "client_ids": [client.id], "remeasure": False}
    reply = await server.owner.post(f"{API}/sessions", json=body)
    assert (reply.status_code, reply.json()["code"]) == (422, "nothing_to_measure")


async def test_pairs_are_asked_for_one_by_one(server: Harness) -> None:
    for name in ("one", "two"):
        await server.a_client(name, models=("a", "b"))
    wanted = [("two", "b"), ("one", "a"), ("two", "b")]
    pairs = [{"client_id": client_id, "model": model} for client_id, model in wanted]
    plan = (await server.owner.post(f"{API}/sessions/plan", json={"pairs": pairs})).raise_for_status().json()
    session = (await server.owner.post(f"{API}/sessions", json={"pairs": pairs})).raise_for_status().json()
    for told in (plan["pairs"], session["jobs"]):
        assert sorted((pair["client_id"], pair["model"]) for pair in told) == [("one", "a"), ("two", "b")]


async def test_exactly_the_same_is_run_again_and_a_tag_that_moved_is_told(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await server.a_session([client], ["a"], order_seed=7)
    result_id = await measure(server, client)
    again = await server.get("/sessions/again", result_id=result_id)
    assert (again["model"], again["digest_now"], again["order_seed"]) == ("a", again["model_digest"], 7)
    assert (again["suite"]["name"], again["ollama_version"], again["ollama_version_now"]) == ("quick", "0.9.3", "0.9.3")
    await client.put_models(
        builders.a_model("a", digest=builders.a_digest("newer")),
        builders.a_model("a-as-it-was", digest=builders.a_digest("a")),
    )
    again = await server.get("/sessions/again", result_id=result_id)
    assert (again["digest_now"], again["tags_now"]) == (builders.a_digest("newer"), ["a-as-it-was"])
    await client.put_models()
    again = await server.get("/sessions/again", result_id=result_id)
    assert (again["digest_now"], again["tags_now"]) == (None, [])


@SQLITE
async def test_previews_at_the_same_moment_agree(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    plans = await asyncio.gather(*(preview(server, [client], ["a"]) for _ in range(5)))
    assert all(plan == plans[0] for plan in plans)


@SQLITE
async def test_a_session_is_scheduled_for_a_year_at_most(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    late = (server.clock.now() + timedelta(days=400)).isoformat()
    body = {"models": ["a"], "client_ids": [client.id], "not_before": late}
    reply = await server.owner.post(f"{API}/sessions", json=body)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["where"] == "body.not_before"
