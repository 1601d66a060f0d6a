"""Suites: their hash, and what is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from obt_core.suites import ModelOptions, Suite, SyntheticPrompt, TextPrompt, Workload


def a_workload(**fields: Any) -> dict[str, Any]:
    prompt = {"kind": "text", "text": "Hello"}
    return {"name": "chat", "prompt": prompt, "generate_tokens": 8, "samples": 3, "budget_s": 10, **fields}


def a_replay(*times_s: float) -> dict[str, Any]:
    return {"kind": "replay", "requests": [{"at_s": at, "prompt_tokens": 8, "generate_tokens": 4} for at in times_s]}


def a_suite(**fields: Any) -> Suite:
    return Suite.model_validate({"name": "mine", "title": "Mine", "workloads": [a_workload()], **fields})


def test_words_for_people_do_not_change_the_hash() -> None:
    plain = a_suite()
    wordy = a_suite(title="Other", description="Long", workloads=[a_workload(purpose="To see")])
    assert plain.hash() == wordy.hash()


def test_defaults_written_out_do_not_change_the_hash() -> None:
    written = a_suite(
        options=ModelOptions().model_dump(),
        blocks=1,
        warmup_max=5,
        workloads=[a_workload(concurrency=1, cold=False, endpoint="chat", cache="defeat", arrival=None)],
    )
    assert written.hash() == a_suite().hash()
    assert written == a_suite()


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
        {"workloads": [a_workload(cache="reuse")]},
        {"workloads": [a_workload(num_ctx=4096)]},
        {"workloads": [a_workload(limits={"ttft_ms": 500})]},
        {"workloads": [a_workload(precision={"samples_min": 6}, samples=6)]},
        {"workloads": [a_workload(arrival={"kind": "poisson", "rate_per_s": 1})]},
        {"workloads": [a_workload(arrival={"kind": "constant", "rate_per_s": 1})]},
        {"workloads": [a_workload(prompt={"kind": "text", "text": "Hello!"})]},
        {"workloads": [a_workload(prompt={"kind": "synthetic", "tokens": 8})]},
        {"workloads": [a_workload(), a_workload(name="again")]},
        {"options": {"num_ctx": 4096}},
        {"options": {"seed": 2}},
        {"options": {"think": True}},
        {"options": {"temperature": 0.1}},
        {"options": {"keep_alive_s": 60}},
        {"warmup_max": 6},
        {"blocks": 2},
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
        ([a_workload(cold=True, cache="reuse")], "cannot reuse"),
        ([a_workload(arrival={"kind": "constant", "rate_per_s": 1}, concurrency=2)], "either an arrival"),
        ([a_workload(arrival={"kind": "constant", "rate_per_s": 1}, precision={})], "takes all of its samples"),
        ([a_workload(precision={})], "precision.samples_min is 10"),
        ([a_workload(arrival=a_replay(1, 0.5))], "in the order of their at_s"),
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


def test_prompts_are_told_apart_by_their_kind() -> None:
    assert isinstance(Workload.model_validate(a_workload()).prompt, TextPrompt)
    synthetic = Workload.model_validate(a_workload(prompt={"kind": "synthetic", "tokens": 512}))
    assert synthetic.prompt == SyntheticPrompt(tokens=512)
