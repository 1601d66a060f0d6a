"""Which times a request to the stand-in asks for."""

import json
from typing import Any

import pytest

from obt_client.bench.standin.asked import Asked, NotAskedRightError, Times, asked, model_and_stay, times_of

_USUAL = Times(ttft_ms=50, interval_ms=10, tokens=128)


@pytest.mark.parametrize(
    ("model", "times"),
    [
        ("standin:t5-i2.5-n7", Times(5, 2.5, 7)),
        ("standin:n7", Times(50, 10, 7)),
        ("standin:i0", Times(50, 0, 128)),
        ("tin5", _USUAL),
        ("standin:latest", _USUAL),
        ("standin:n0", Times(50, 10, 1)),
    ],
)
def test_a_models_tag_names_its_times(model: str, times: Times) -> None:
    assert times_of(model, _USUAL) == times


@pytest.mark.parametrize(
    ("more", "tokens"),
    [
        ({}, 9),
        ({"options": {"num_predict": 3}}, 3),
        ({"options": {"num_predict": -1}}, 9),
        ({"max_tokens": 4}, 4),
        ({"max_tokens": 4, "max_completion_tokens": 5}, 5),
        ({"max_tokens": 10**9}, 1_000_000),
    ],
)
def test_the_wanted_tokens_go_before_the_tag(more: dict[str, Any], tokens: int) -> None:
    assert _asked(prompt="a", **more).times.tokens == tokens


@pytest.mark.parametrize(
    ("prompt", "label"),
    [
        ({"prompt": "one two"}, "one two"),
        ({"prompt": ["one", "two"]}, "one two"),
        ({"messages": [{"content": "zero"}, {"content": "one two"}]}, "one two"),
        ({"messages": [{"content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}]}, "one two"),
    ],
)
def test_a_request_is_known_by_its_prompt(prompt: dict[str, Any], label: str) -> None:
    told = _asked(**prompt)
    assert (told.label, told.prompt_words) == (label, 2)


def test_a_long_prompt_is_known_by_its_beginning() -> None:
    told = _asked(prompt="word " * 100)
    assert (len(told.label), told.prompt_words) == (64, 100)


def test_without_a_prompt_nothing_is_generated() -> None:
    body = json.dumps({"model": "standin:t1", "keep_alive": 0}).encode()
    assert asked("/api/generate", body, _USUAL) is None
    assert model_and_stay(body) == ("standin:t1", False)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"prompt": "a", "stream": false}'])
def test_what_cannot_be_answered_is_refused(body: bytes) -> None:
    with pytest.raises(NotAskedRightError):
        asked("/api/generate", body, _USUAL)


def _asked(**body: Any) -> Asked:
    told = asked("/api/chat", json.dumps({"model": "standin:n9", **body}).encode(), _USUAL)
    assert told is not None
    return told
