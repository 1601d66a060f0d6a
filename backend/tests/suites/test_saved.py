"""Suites and prompts that people save, and suites as files."""

import tomllib
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tests.harness import API, Harness
from obt_core.suite_files import parse_suite_text, shipped_suites
from obt_core.suites import Suite
from obt_server.suites.files import checked, to_toml

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SHIPPED = {suite.name: suite.model_dump(mode="json") for suite in shipped_suites()}


def a_suite(**fields: Any) -> dict[str, Any]:
    workload = {"name": "chat", "prompt": {"kind": "text", "text": "Why?"}, "generate_tokens": 8, "samples": 6}
    return {"name": "mine", "title": "Mine", "workloads": [{**workload, "budget_s": 10}], **fields}


async def save(server: Harness, name: str, suite: dict[str, Any]) -> httpx.Response:
    return await server.owner.put(f"{API}/suites/saved/{name}", json={"suite": suite})


async def test_a_saved_suite_is_found_by_its_name_until_it_is_forgotten(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    saved = (await save(server, "nightly", a_suite())).raise_for_status().json()
    assert (saved["suite"]["name"], saved["saved"], saved["shipped"]) == ("nightly", True, False)
    assert await server.get("/suites/saved/nightly") == saved
    session = await server.a_session([client], ["a"], suite="nightly")
    assert session["suite_hash"] == saved["hash"]
    assert (await server.owner.delete(f"{API}/suites/saved/nightly")).status_code == 204
    assert (await server.owner.get(f"{API}/suites/saved/nightly")).status_code == 404
    assert (await server.owner.delete(f"{API}/suites/saved/nightly")).status_code == 404
    listed = {view["hash"]: view["saved"] for view in (await server.get("/suites"))["suites"]}
    assert listed[saved["hash"]] is False  # what was run stays


async def test_saved_again_a_name_stands_for_the_new_content_and_what_ran_stays_what_it_was(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    first = (await save(server, "nightly", a_suite())).json()
    session = await server.a_session([client], ["a"], suite="nightly")
    second = (await save(server, "nightly", a_suite(blocks=3))).json()
    assert second["hash"] != first["hash"]
    assert (await server.get(f"/sessions/{session['id']}"))["suite"] == first["suite"]
    assert (await server.a_session([client], ["a"], suite="nightly"))["suite_hash"] == second["hash"]
    names = [view["suite"]["name"] for view in (await server.get("/suites"))["suites"] if view["saved"]]
    assert names == ["nightly"]


@SQLITE
async def test_no_saved_suite_stands_for_a_shipped_one_or_for_a_hash(server: Harness) -> None:
    for name in ("quick", "0" * 64):
        reply = await save(server, name, a_suite())
        assert (reply.status_code, reply.json()["code"]) == (409, "name_taken")


@SQLITE
async def test_a_suite_whose_requests_are_longer_than_their_context_is_not_saved(server: Harness) -> None:
    workload = {**a_suite()["workloads"][0], "prompt": {"kind": "synthetic", "tokens": 4_096}}
    reply = await save(server, "mine", a_suite(workloads=[workload]))
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["where"] == "body.suite.workloads.0.prompt.tokens"


async def test_prompts_are_saved_beside_the_shipped_ones(server: Harness) -> None:
    path = f"{API}/prompts/poem"
    saved = (await server.owner.put(path, json={"text": "Write a poem.", "purpose": "Rhymes"})).json()
    assert await server.get("/prompts/poem") == saved
    listed = (await server.get("/prompts"))["prompts"]
    assert [prompt["name"] for prompt in listed if not prompt["shipped"]] == ["poem"]
    assert {"chat", "story"} < {prompt["name"] for prompt in listed if prompt["shipped"]}
    assert all("text" not in prompt for prompt in listed)
    assert (await server.get("/prompts/chat"))["text"] == "Why is the sky blue?"
    again = (await server.owner.put(path, json={"text": "Write an ode."})).json()
    assert (again["text"], again["purpose"]) == ("Write an ode.", "")
    assert (await server.owner.delete(path)).status_code == 204
    assert (await server.owner.get(path)).status_code == 404


@SQLITE
async def test_shipped_prompts_are_read_only(server: Harness) -> None:
    assert (await server.owner.put(f"{API}/prompts/chat", json={"text": "x"})).status_code == 409
    assert (await server.owner.delete(f"{API}/prompts/chat")).status_code == 404
    assert (await server.get("/prompts/chat"))["text"] == "Why is the sky blue?"


@SQLITE
async def test_a_file_is_judged_at_its_lines(server: Harness) -> None:
    text = 'name = "mine"\ntitle = "Mine"\n[[workloads]]\nname = "a"\nsampels = 3\nbudget_s = 0\n'
    told = (await server.owner.post(f"{API}/suites/check", json={"text": text})).raise_for_status().json()
    assert told["suite"] is None
    places = {(problem["line"], problem["place"]) for problem in told["problems"]}
    assert {(5, "workloads[1].sampels"), (6, "workloads[1].budget_s"), (3, "workloads[1].prompt")} <= places


@SQLITE
async def test_what_an_editor_has_is_judged_at_its_fields(server: Harness) -> None:
    suite = a_suite(blocks=0, options={"num_ctx": None, "temperature": "hot"})
    told = (await server.owner.post(f"{API}/suites/check", json={"suite": suite})).raise_for_status().json()
    assert {problem["place"] for problem in told["problems"]} == {"blocks", "options.temperature"}
    told = (await server.owner.post(f"{API}/suites/check", json={"suite": a_suite()})).json()
    assert (told["suite"]["samples_planned"], told["suite"]["budget_s"], told["problems"]) == (6, 10, [])
    assert told["suite"]["context_tokens"] == 2_048


@SQLITE
@pytest.mark.parametrize("body", [{}, {"text": "", "suite": {}}, {"suite": {"name": [[[1, {"x": None}]]], "": 1}}])
async def test_hostile_content_is_refused_and_hurts_nobody(server: Harness, body: dict[str, Any]) -> None:
    reply = await server.owner.post(f"{API}/suites/check", json=body)
    assert reply.status_code == (200 if "text" not in body and body else 422)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_suite_reads_the_same_from_the_file_that_it_is_written_to(name: str) -> None:
    suite = Suite.model_validate(SHIPPED[name])
    written = to_toml(suite)
    assert parse_suite_text(written) == suite
    assert "[[workloads]]" in written
    assert tomllib.loads(written)["options"]["num_ctx"] == suite.options.num_ctx


TEXTS = st.text(min_size=1).filter(lambda text: "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text))


@given(text=TEXTS, purpose=TEXTS)
def test_any_text_outlives_its_file(text: str, purpose: str) -> None:
    workload = {**a_suite()["workloads"][0], "prompt": {"kind": "text", "text": text}, "purpose": purpose[:4_000]}
    suite = Suite.model_validate(a_suite(workloads=[workload]))
    assert parse_suite_text(to_toml(suite)) == suite
    assert checked(None, suite.model_dump(mode="json")) == (suite, ())
