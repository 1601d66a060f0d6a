"""Suites: the shipped ones, their hash, what is refused."""

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from obt_core.suites import ModelOptions, Suite, SyntheticPrompt, TextPrompt, Workload, parse_suite, shipped_suites

TOML = """
name = "mine"
title = "Mine"

[[workloads]]
name = "chat"
prompt = { kind = "text", text = "Hello" }
generate_tokens = 8
samples = 3
budget_s = 10
"""


def a_workload(**fields: Any) -> dict[str, Any]:
    prompt = {"kind": "text", "text": "Hello"}
    return {"name": "chat", "prompt": prompt, "generate_tokens": 8, "samples": 3, "budget_s": 10, **fields}


def a_suite(**fields: Any) -> Suite:
    return Suite.model_validate({"name": "mine", "title": "Mine", "workloads": [a_workload()], **fields})


def test_shipped_suites_are_whole() -> None:
    suites = shipped_suites()
    assert "quick" in {suite.name for suite in suites}
    assert len({suite.name for suite in suites}) == len({suite.hash() for suite in suites}) == len(suites)
    for suite in suites:
        assert suite.description
        assert all(workload.purpose for workload in suite.workloads)
        assert Suite.model_validate_json(suite.model_dump_json()) == suite
        assert Suite.model_validate_json(suite.model_dump_json()).hash() == suite.hash()


def test_the_quick_suite_measures_every_rate_and_the_load() -> None:
    quick = next(suite for suite in shipped_suites() if suite.name == "quick")
    assert any(workload.cold for workload in quick.workloads)
    assert any(isinstance(workload.prompt, SyntheticPrompt) for workload in quick.workloads)
    assert quick.samples_planned() == sum(workload.samples for workload in quick.workloads)
    assert quick.budget_s() <= 100


def test_words_for_people_do_not_change_the_hash() -> None:
    plain = a_suite()
    wordy = a_suite(title="Other", description="Long", workloads=[a_workload(purpose="To see")])
    assert plain.hash() == wordy.hash()


def test_defaults_written_out_do_not_change_the_hash() -> None:
    written = parse_suite(a_suite_with_defaults())
    assert written.hash() == parse_suite(TOML).hash()
    assert written == parse_suite(TOML)


def a_suite_with_defaults() -> str:
    options = "\n".join(f"{name} = {str(value).lower()}" for name, value in ModelOptions().model_dump().items())
    workload = 'concurrency = 1\ncold = false\nendpoint = "chat"\n'
    return f"{TOML}{workload}\n[options]\n{options}\n".replace('name = "mine"', 'name = "mine"\nwarmup_max = 5')


def test_the_order_of_fields_does_not_change_the_hash() -> None:
    document = a_suite().model_dump(mode="json")
    backwards = {name: document[name] for name in reversed(document)}
    backwards["workloads"] = [{name: w[name] for name in reversed(w)} for w in document["workloads"]]
    assert Suite.model_validate(backwards).hash() == a_suite().hash()
    assert list(backwards) != list(document)


@pytest.mark.parametrize(
    "change",
    [
        {"workloads": [a_workload(samples=4)]},
        {"workloads": [a_workload(generate_tokens=9)]},
        {"workloads": [a_workload(budget_s=11)]},
        {"workloads": [a_workload(concurrency=2)]},
        {"workloads": [a_workload(cold=True)]},
        {"workloads": [a_workload(endpoint="generate")]},
        {"workloads": [a_workload(prompt={"kind": "text", "text": "Hello!"})]},
        {"workloads": [a_workload(prompt={"kind": "synthetic", "tokens": 8})]},
        {"workloads": [a_workload(), a_workload(name="again")]},
        {"options": {"num_ctx": 4096}},
        {"options": {"seed": 2}},
        {"options": {"think": True}},
        {"options": {"temperature": 0.1}},
        {"options": {"keep_alive_s": 60}},
        {"warmup_max": 6},
        {"request_timeout_s": 60},
    ],
)
def test_whatever_changes_a_measurement_changes_the_hash(change: dict[str, Any]) -> None:
    assert a_suite(**change).hash() != a_suite().hash()


def test_the_order_of_workloads_changes_the_hash() -> None:
    one, two = a_workload(), a_workload(name="again")
    assert a_suite(workloads=[one, two]).hash() != a_suite(workloads=[two, one]).hash()


@pytest.mark.parametrize(
    ("workloads", "complaint"),
    [
        ([], "workloads"),
        ([a_workload(), a_workload()], "repeated: chat"),
        ([a_workload(cold=True, concurrency=2)], "concurrency of 1"),
        ([a_workload(name="Chat room")], r"workloads\.0\.name"),
        ([a_workload(samples=0)], r"workloads\.0\.samples"),
        ([a_workload(generate_tokens=-1)], r"workloads\.0\.generate_tokens"),
        ([a_workload(budget_s=float("inf"))], r"workloads\.0\.budget_s"),
        ([a_workload(prompt={"kind": "file", "path": "x"})], r"workloads\.0\.prompt"),
        ([a_workload(prompt={"kind": "text", "text": "a\x00b"})], r"workloads\.0\.prompt\.text\.text"),
        ([a_workload(prompt={"kind": "text", "text": ""})], r"workloads\.0\.prompt\.text\.text"),
    ],
)
def test_what_cannot_be_measured_is_refused(workloads: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        a_suite(workloads=workloads)


def test_broken_toml_names_the_line() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="line 2"):
        parse_suite('name = "x"\ntitle = oops\n')


def test_a_wrong_field_names_its_place() -> None:
    with pytest.raises(ValidationError, match=r"workloads\.0\.samples"):
        parse_suite(TOML.replace("samples = 3", 'samples = "many"'))


def test_prompts_are_told_apart_by_their_kind() -> None:
    assert isinstance(Workload.model_validate(a_workload()).prompt, TextPrompt)
    synthetic = Workload.model_validate(a_workload(prompt={"kind": "synthetic", "tokens": 512}))
    assert synthetic.prompt == SyntheticPrompt(tokens=512)
