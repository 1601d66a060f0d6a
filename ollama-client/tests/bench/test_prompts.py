"""Prompts that no cache has seen, and bodies with every option set."""

from collections import Counter

import pytest

from obt_client.bench.bodies import PATHS, request_body
from obt_client.bench.prompts import NONCE_LETTERS, NONCE_WORDS, WORDS, NonceStyle, nonce, words
from obt_core.suites import ModelOptions, SyntheticPrompt, Workload

_WORKLOAD = Workload(name="w", prompt=SyntheticPrompt(tokens=64), generate_tokens=8, samples=1, budget_s=1)
_OPTIONS = ModelOptions(num_ctx=512, temperature=0.25, seed=3, think=True, keep_alive_s=9)


@pytest.mark.parametrize("style", NonceStyle)
def test_no_nonce_comes_twice_and_all_are_as_long(style: NonceStyle) -> None:
    drawn = [nonce(style) for _ in range(2_000)]
    assert len(set(drawn)) == 2_000
    assert {len(one) for one in drawn} == {NONCE_LETTERS if style is NonceStyle.LETTERS else 6 * NONCE_WORDS - 1}


def test_words_of_the_list_differ_and_are_of_one_length() -> None:
    assert len(set(WORDS)) == len(WORDS) == 64
    assert {len(word) for word in WORDS} == {5}


def test_words_are_as_many_as_asked_for_and_evenly_drawn() -> None:
    assert [len(words(count).split()) for count in (0, 1, 64, 65, 1_000)] == [0, 1, 64, 65, 1_000]
    assert set(Counter(words(128).split()).values()) == {2}


def _body(endpoint: str, *, can_think: bool = False) -> dict[str, object]:
    workload = _WORKLOAD.model_copy(update={"endpoint": endpoint})
    return request_body("m:1", "hello", workload, _OPTIONS, tokens=5, context=512, can_think=can_think)


def test_a_body_sets_every_option_and_think_only_where_it_is_known() -> None:
    chat = _body("chat", can_think=True)
    assert chat["options"] == {"num_ctx": 512, "num_predict": 5, "seed": 3, "temperature": 0.25}
    assert (chat["model"], chat["keep_alive"], chat["stream"], chat["think"]) == ("m:1", 9, True, True)
    assert chat["messages"] == [{"role": "user", "content": "hello"}]
    generate = _body("generate")
    assert generate["prompt"] == "hello"
    assert {"messages", "think"}.isdisjoint(generate)


def test_a_compatible_endpoint_gets_what_it_knows() -> None:
    chat, completion = _body("openai_chat", can_think=True), _body("openai_completions")
    told = {"max_tokens": 5, "temperature": 0.25, "seed": 3, "stream": True, "stream_options": {"include_usage": True}}
    assert chat == {"model": "m:1", "messages": [{"role": "user", "content": "hello"}], **told}
    assert completion == {"model": "m:1", "prompt": "hello", **told}
    assert (PATHS["openai_chat"], PATHS["openai_completions"]) == ("/v1/chat/completions", "/v1/completions")
