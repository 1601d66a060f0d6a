"""However the network cuts events up, they say the same; and servers that differ a little are understood."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.bench.framing import Framing, lines_of
from obt_client.bench.openai import OpenAiAnswer, speaks_openai

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _event(told: object) -> bytes:
    return b"data: " + json.dumps(told, ensure_ascii=False).encode() + b"\n\n"


def _chunk(text: str, thinking: str, *, chat: bool, field: str) -> bytes:
    choice = {"delta": {"content": text, field: thinking}} if chat else {"text": text}
    return _event({"id": "x", "choices": [{**choice, "index": 0, "finish_reason": None}], "usage": None})


_EVENTS = st.builds(_chunk, _TEXT, _TEXT, chat=st.booleans(), field=st.sampled_from(["reasoning", "reasoning_content"]))
_USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7, "prompt_tokens_details": {"cached_tokens": 3}}
_END = (
    _event({"id": "x", "choices": [{"delta": {"content": ""}, "finish_reason": "stop"}]})
    + _event({"id": "x", "choices": [], "usage": _USAGE})
    + b"data: [DONE]\n\n"
)

_ODD: list[object] = [
    {"choices": "x"},
    {"choices": [1]},
    {"choices": [{"delta": 7}]},
    {"choices": [{"delta": {"content": 7}}]},
    {"choices": [{}]},
]


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """The bytes of a whole answer, events and HTTP chunks cut as they like, with comments in between."""
    parts = draw(st.lists(_EVENTS | st.sampled_from([b": still here\n\n", b"event: message\n"]), max_size=8))
    body = b"".join([*parts, _END])
    bounds = sorted({0, *draw(st.lists(st.integers(0, len(body)), max_size=6)), len(body)})
    chunks = b"".join(b"%x\r\n%b\r\n" % (end - start, body[start:end]) for start, end in pairwise(bounds))
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def _read(reads: list[tuple[int, bytes]]) -> OpenAiAnswer:
    framing, answer = Framing(), OpenAiAnswer()
    for stamp_ns, data in reads:
        framing.feed(stamp_ns, data)
    assert framing.complete
    return _of(framing.pieces, answer)


def _of(pieces: list[tuple[int, bytes]], answer: OpenAiAnswer) -> OpenAiAnswer:
    for line in lines_of(pieces):
        answer.take(line)
    answer.check_end()
    return answer


@given(answers(), st.lists(st.integers(1, 60), min_size=1))
def test_every_split_over_reads_tells_the_same(raw: bytes, sizes: list[int]) -> None:
    reads, at = list[tuple[int, bytes]](), 0
    while at < len(raw):
        size = sizes[len(reads) % len(sizes)]
        reads.append((10 * len(reads) + 1, raw[at : at + size]))
        at += size
    answer, whole = _read(reads), _read([(1, raw)])
    assert answer.final == whole.final
    assert answer.wrong is whole.wrong is None
    assert [(c.text_chars, c.thinking_chars) for c in answer.chunks] == [
        (c.text_chars, c.thinking_chars) for c in whole.chunks
    ]
    stamps = [chunk.stamp_ns for chunk in answer.chunks]
    assert stamps == sorted(stamps)
    assert all(chunk.merged for chunk in whole.chunks)


def test_an_event_alone_in_its_read_is_not_merged_with_its_empty_line() -> None:
    pieces = [(1, _chunk("a", "", chat=True, field="reasoning")), (2, _END)]
    assert [chunk.merged for chunk in _of(pieces, OpenAiAnswer()).chunks] == [False]


def test_the_last_usage_counts_and_the_cached_tokens_with_it() -> None:
    early = _event({"choices": [{"text": "a", "finish_reason": None}], "usage": {"completion_tokens": 0}})
    answer = _of([(1, early), (2, _END)], OpenAiAnswer())
    assert answer.final == {
        "id": "x",
        "finish_reason": "stop",
        "done_reason": "stop",
        "usage": _USAGE,
        "prompt_eval_count": 5,
        "eval_count": 2,
        "prompt_eval_cached_count": 3,
    }


def test_an_error_object_in_the_stream_is_told_in_its_words() -> None:
    answer = _of([(1, _event({"error": {"message": "out of memory", "type": "api_error"}}))], OpenAiAnswer())
    assert answer.wrong is not None
    assert (answer.wrong.code, str(answer.wrong)) == ("ollama_error", "out of memory")
    assert answer.final is None


@pytest.mark.parametrize("odd", _ODD)
def test_odd_shapes_are_no_text_and_no_failure(odd: object) -> None:
    answer = _of([(1, _event(odd)), (2, _END)], OpenAiAnswer())
    assert answer.wrong is None
    assert not any(chunk.text_chars or chunk.thinking_chars for chunk in answer.chunks)


def test_paths_tell_the_dialect() -> None:
    assert speaks_openai("/v1/chat/completions")
    assert speaks_openai("/ollama/v1/completions/")
    assert not speaks_openai("/api/chat")
