"""The newest completed result of each model on each client, whatever comes in which order."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.tests import builders
from backend.tests.builders import MOMENT
from backend.tests.harness import API, Harness
from backend.tests.results.rows import Told, furnish, one, store
from obt_server.results.routes import LATEST_CLIENTS_MAX

_LATEST = f"{API}/results/latest"


def _newest(stored: dict[Any, Told]) -> dict[tuple[str, str], Told]:
    completed = [told for told in stored.values() if told.status == "completed"]
    by_age = sorted(completed, key=lambda told: (told.ended_at, told.id))
    return {(told.client_id, told.model): told for told in by_age}


def _step(dice: random.Random, stored: dict[Any, Told]) -> Told:
    """A new result, or one known before with other times; what was completed stays so."""
    if not stored or dice.random() < 0.5:
        return replace(one(dice), client_id=dice.choice(["one", "two"]), model="qwen3:8b", suite="quick")
    known = dice.choice(list(stored.values()))
    status = "completed" if known.status == "completed" else dice.choice(["completed", "failed"])
    moved = MOMENT + timedelta(minutes=dice.randrange(40))
    return replace(known, status=status, ended_at=moved, ttft_ms=dice.uniform(1, 99))


async def test_an_older_late_or_renewed_result_never_stands_in_place_of_a_newer(server: Harness) -> None:
    dice, stored = random.Random(11), dict[Any, Told]()
    async with server.db.write() as session:
        await furnish(session)
    for _ in range(60):
        told = _step(dice, stored)
        stored[told.id] = told
        async with server.db.write() as session:
            await store(session, told)
        rows = (await server.get("/results/latest"))["results"]
        seen = {(row["client_id"], row["model"]): row for row in rows}
        wanted = _newest(stored)
        assert {pair: row["result_id"] for pair, row in seen.items()} == {p: str(t.id) for p, t in wanted.items()}
        for pair, row in seen.items():
            assert datetime.fromisoformat(row["ended_at"]) == wanted[pair].ended_at
            assert (row["ttft_ms"], row["grade"]) == (wanted[pair].ttft_ms, wanted[pair].grade)


async def test_who_holds_the_answer_is_not_sent_it_again_until_there_is_a_newer_result(server: Harness) -> None:
    dice = random.Random(12)
    async with server.db.write() as session:
        await furnish(session)
        await store(session, one(dice))
    first = await server.owner.get(_LATEST, headers={"Accept-Encoding": "identity"})
    held = {"If-None-Match": first.headers["ETag"]}
    assert (await server.owner.get(_LATEST, headers=held)).status_code == 304
    packed = await server.owner.get(_LATEST, headers={"Accept-Encoding": "gzip"})
    assert (packed.content, packed.headers["ETag"]) == (first.content, first.headers["ETag"])
    async with server.db.write() as session:
        await store(session, one(dice))
    assert (await server.owner.get(_LATEST, headers=held)).status_code == 200


async def test_the_same_results_are_told_column_by_column(server: Harness) -> None:
    dice = random.Random(13)
    assert (await server.get("/results/latest/columns"))["result_id"] == []
    async with server.db.write() as session:
        await furnish(session)
        for _ in range(30):
            await store(session, one(dice))
    rows = (await server.get("/results/latest"))["results"]
    reply = await server.owner.get(f"{_LATEST}/columns")
    told = reply.json()
    places = {"client_id": "client", "model": "model", "model_digest": "digest", "suite_name": "suite"}
    columns = {name: [told[f"{field}s"][at] for at in told[field]] for name, field in places.items()}
    columns |= {name: told[name] for name in ("result_id", "grade", "ended_at", "decode_tokens_per_s")}
    seen = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    wanted = [{name: row[name] for name in columns} for row in rows]
    assert len(seen) > 2
    assert sorted(seen, key=str) == sorted(wanted, key=str)
    assert all(len(set(told[f"{field}s"])) == len(told[f"{field}s"]) for field in places.values())
    held = {"If-None-Match": reply.headers["ETag"]}
    assert (await server.owner.get(f"{_LATEST}/columns", headers=held)).status_code == 304


async def test_a_measured_result_is_told_with_its_medians(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await server.a_client("two")
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, *(builders.a_sample(number) for number in (1, 2, 3)))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 3))
    (row,) = (await server.get("/results/latest", client_id=["one", "two"]))["results"]
    headline = (await server.get(f"/results/{spec.job_id}"))["headline"]
    for name in ("decode_tokens_per_s", "prefill_tokens_per_s", "ttft_ms"):
        assert row[name] == headline[name]["median"]
    assert (row["model_digest"], row["suite_name"], row["grade"]) == (spec.model_digest, "quick", "clean")
    assert (await server.get("/results/latest", client_id="two"))["results"] == []
    families = {v["value"]: v["total"] for f in (await server.get("/results/facets"))["facets"] for v in f["values"]}
    assert families["llama"] == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_as_many_clients_as_may_be_asked_for_fit_into_an_address(server: Harness) -> None:
    ids = [f"{number:0>64}" for number in range(LATEST_CLIENTS_MAX + 1)]
    assert (await server.get("/results/latest", client_id=ids[1:]))["results"] == []
    reply = await server.owner.get(_LATEST, params={"client_id": ids})
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")
