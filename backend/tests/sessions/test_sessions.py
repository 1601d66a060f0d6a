"""Asking for sessions, looking at them, cancelling them."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_core.jobs import JobStatus

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

A_FIRST = 0
"""With this seed the models of client `one` take turns as they were asked for."""


async def ask(server: Harness, **body: Any) -> httpx.Response:
    return await server.owner.post(f"{API}/sessions", json={"models": ["a"], "client_ids": ["one"], **body})


async def test_possible_pairs_are_queued_and_impossible_ones_skipped(server: Harness) -> None:
    one, two = await server.a_client("one", models=("a", "b")), await server.a_client("two", models=("a",))
    session = await server.a_session([one, two], ["a", "b"])
    jobs = [(job["client_id"], job["model"], job["status"], job["skip_reason"]) for job in session["jobs"]]
    assert jobs == [
        ("one", "a", "queued", None),
        ("one", "b", "queued", None),
        ("two", "a", "queued", None),
        ("two", "b", "skipped", "not_installed"),
    ]
    assert (session["state"], session["counts"]) == ("queued", {"queued": 3, "skipped": 1})
    assert session["suite"]["name"] == "quick"
    assert session["ended_at"] is None
    assert await server.get(f"/sessions/{session['id']}") == session


@SQLITE
async def test_what_can_never_run_has_ended_at_once(server: Harness) -> None:
    client = await server.a_client("one")
    session = await server.a_session([client], ["a"])
    assert session["state"] == "failed"
    assert session["ended_at"] is not None


@SQLITE
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"client_ids": ["nobody"]}, 404, "not_found"),
        ({"client_ids": ["one", "nobody"]}, 404, "not_found"),
        ({"suite": "none-such"}, 404, "not_found"),
        ({"models": []}, 422, "invalid"),
        ({"client_ids": []}, 422, "invalid"),
        (
            {"models": [f"m{n}" for n in range(101)], "client_ids": [f"client-{n}" for n in range(50)]},
            422,
            "impossible",
        ),
        ({"models": ["a b"]}, 422, "invalid"),
        ({"modells": ["a"]}, 422, "invalid"),
    ],
)
async def test_wishes_that_cannot_be_met(server: Harness, body: dict[str, Any], status: int, code: str) -> None:
    await server.a_client("one", models=("a",))
    reply = await ask(server, **body)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert (await server.get("/sessions"))["sessions"] == []


async def test_a_suite_is_found_by_its_hash_too_and_kept_once_however_many_ask(server: Harness) -> None:
    await server.a_client("one", models=("a",))
    quick = next(suite for suite in (await server.get("/suites"))["suites"] if suite["suite"]["name"] == "quick")
    replies = await asyncio.gather(*(ask(server, suite=quick["hash"]) for _ in range(5)))
    assert [reply.status_code for reply in replies] == [201] * 5
    assert {reply.json()["suite_hash"] for reply in replies} == {quick["hash"]}
    hashes = [suite["hash"] for suite in (await server.get("/suites"))["suites"]]
    assert hashes.count(quick["hash"]) == 1


async def test_a_model_deleted_between_choosing_and_running_fails_that_job_alone(server: Harness) -> None:
    client = await server.a_client("one", models=("a", "b"))
    session = await server.a_session([client], ["a", "b"], order_seed=A_FIRST)
    await client.put_models(builders.a_model("b"))
    first = await client.claim()
    assert first is not None
    assert (first.model, first.order_seed) == (
        "a",
        A_FIRST,
    )  # the server keeps what was asked; the client finds it gone
    await client.send_outcome(first.job_id, builders.a_failure(first, 0, "model_missing"))
    second = await client.claim()
    assert second is not None
    await client.send_samples(second.job_id, builders.a_sample())
    await client.send_outcome(second.job_id, builders.an_outcome(second, 1))
    session = await server.get(f"/sessions/{session['id']}")
    assert (session["state"], [job["status"] for job in session["jobs"]]) == ("partial", ["failed", "completed"])
    assert session["jobs"][0]["error"]["code"] == "model_missing"
    assert await client.claim() is None
    assert (await ask(server)).json()["jobs"][0]["skip_reason"] == "not_installed"


async def test_pages_hold_every_session_once_newest_first(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    made: list[str] = []
    for number in range(9):
        made.append((await server.a_session([client], ["a"], title=f"No. {number}"))["id"])
        server.clock.advance(number % 2)  # some at the same moment
    seen: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await server.get("/sessions", limit=2, **after)
        seen += page["sessions"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert sorted(session["id"] for session in seen) == sorted(made)
    assert seen == (await server.get("/sessions", limit=500))["sessions"]
    moments = [session["created_at"] for session in seen]
    assert moments == sorted(moments, reverse=True)


@SQLITE
@pytest.mark.parametrize("after", ["x", "2026-11-01~1", "~", "9999999~3f2b8c1e-7a50-4d55-9a3e-0d1f6a0c9b11"])
async def test_a_cursor_of_no_page_is_refused(server: Harness, after: str) -> None:
    for path in ("/sessions", "/results"):
        reply = await server.owner.get(f"{API}{path}", params={"after": after})
        assert reply.status_code == 422


@SQLITE
async def test_cancelling_ends_what_has_not_ended(server: Harness) -> None:
    client = await server.a_client("one", models=("a", "b", "c"))
    session = await server.a_session([client], ["a", "b", "c", "d"], order_seed=A_FIRST)
    done = await client.claim()
    assert done is not None
    await client.send_outcome(done.job_id, builders.a_failure(done, 0))
    assert await client.claim() is not None
    path = f"{API}/sessions/{session['id']}/cancel"
    cancelled, again = [(await server.owner.post(path)).raise_for_status().json() for _ in range(2)]
    assert cancelled == again
    assert [job["status"] for job in cancelled["jobs"]] == ["failed", "cancelled", "cancelled", "skipped"]
    assert cancelled["ended_at"] is not None
    assert await client.claim() is None
    assert cancelled["counts"] == {JobStatus.FAILED: 1, JobStatus.CANCELLED: 2, JobStatus.SKIPPED: 1}


async def test_sessions_are_found_by_stage_suite_and_a_part_of_their_title(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    later = (server.clock.now() + timedelta(hours=1)).isoformat()
    made = {
        "ended": await server.a_session([client], ["none"], title="Ended 100 %", suite="standard"),
        "open": await server.a_session([client], ["a"], title="Open"),
        "scheduled": await server.a_session([client], ["a"], title="Tonight", not_before=later),
    }
    for query, expected in (
        ({"stage": "open"}, ["scheduled", "open"]),
        ({"stage": "scheduled"}, ["scheduled"]),
        ({"stage": "ended"}, ["ended"]),
        ({"suite": "standard"}, ["ended"]),
        ({"q": "NIGHT"}, ["scheduled"]),
        ({"q": "0 %"}, ["ended"]),
        ({"q": "%"}, ["ended"]),
        ({"stage": "open", "q": "Open"}, ["open"]),
    ):
        found = {session["id"] for session in (await server.get("/sessions", **query))["sessions"]}
        assert found == {made[name]["id"] for name in expected}, query
    server.clock.advance(3_600)
    assert (await server.get("/sessions", stage="scheduled"))["sessions"] == []
