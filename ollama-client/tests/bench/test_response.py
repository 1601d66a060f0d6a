"""However the network cuts an answer up, it says the same."""

import json
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.bench.framing import BadAnswerError, Framing, lines_of
from obt_client.bench.response import Answer, http_error, moment_ns

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_MOMENTS = ("2026-11-21T08:15:55.852619958Z", "2026-11-21T08:15:55.8Z", "2026-11-21T09:15:55+01:00")


def _line(text: str, thinking: str, moment: str, *, chat: bool) -> bytes:
    words = {"content": text, "thinking": thinking}
    told = {"message": words} if chat else {"response": text, "thinking": thinking}
    return json.dumps({"model": "m", "created_at": moment, **told, "done": False}, ensure_ascii=False).encode() + b"\n"


_LINES = st.builds(_line, _TEXT, _TEXT, st.sampled_from(_MOMENTS), chat=st.booleans())
_FINAL = b'{"done":true,"done_reason":"length","context":[1,2],"response":"","eval_count":2,"eval_duration":5}\n'


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """The bytes of a whole answer: lines fall together into HTTP chunks or are spread over them as they like."""
    body = b"".join([*draw(st.lists(_LINES, max_size=8)), _FINAL])
    bounds = sorted({0, *draw(st.lists(st.integers(0, len(body)), max_size=6)), len(body)})
    chunks = b"".join(b"%x\r\n%b\r\n" % (end - start, body[start:end]) for start, end in pairwise(bounds))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + chunks + b"0\r\n\r\n"


def _read(reads: list[tuple[int, bytes]]) -> tuple[Framing, Answer]:
    framing, answer = Framing(), Answer()
    for stamp_ns, data in reads:
        framing.feed(stamp_ns, data)
    for line in lines_of(framing.pieces):
        answer.take(line)
    answer.check_end()
    return framing, answer


@given(answers(), st.lists(st.integers(1, 60), min_size=1), st.integers(0, 1000))
def test_every_split_over_reads_tells_the_same(raw: bytes, sizes: list[int], start_ns: int) -> None:
    reads, at = list[tuple[int, bytes]](), 0
    while at < len(raw):
        size = sizes[len(reads) % len(sizes)]
        reads.append((start_ns + 10 * len(reads) + 1, raw[at : at + size]))
        at += size
    framing, answer = _read(reads)
    _, whole = _read([(1, raw)])
    assert framing.complete
    assert (framing.first_ns, framing.last_ns) == (reads[0][0], reads[-1][0])
    assert answer.final == whole.final == {"done": True, "done_reason": "length", "eval_count": 2, "eval_duration": 5}
    assert answer.wrong is whole.wrong is None
    assert [(c.created_at_ns, c.text_chars, c.thinking_chars) for c in answer.chunks] == [
        (c.created_at_ns, c.text_chars, c.thinking_chars) for c in whole.chunks
    ]
    stamps = [chunk.stamp_ns for chunk in answer.chunks]
    assert stamps == sorted(stamps)
    assert set(stamps) <= {stamp_ns for stamp_ns, _ in reads}
    assert all(chunk.merged for chunk in whole.chunks)  # one read brought all: only the last line's time is known


@given(st.lists(st.tuples(_LINES, st.integers(1, 4)), min_size=1, max_size=10))
def test_a_chunk_is_merged_when_its_read_brought_more(groups: list[tuple[bytes, int]]) -> None:
    pieces = [(stamp, line * count) for stamp, (line, count) in enumerate(groups, 1)]
    lines = list(lines_of(pieces))
    assert [line.stamp_ns for line in lines] == [
        stamp for stamp, (_, count) in enumerate(groups, 1) for _ in range(count)
    ]
    last_of_reads = set(accumulate(count for _, count in groups))
    assert [not line.merged for line in lines] == [number in last_of_reads for number, _ in enumerate(lines, 1)]


def test_a_line_cut_in_two_has_the_time_of_its_end() -> None:
    lines = list(lines_of([(1, b'{"a":'), (2, b'1}\n{"b"'), (3, b":2}\n\n")]))
    assert [(line.stamp_ns, line.data, line.merged) for line in lines] == [
        (2, b'{"a":1}', True),
        (3, b'{"b":2}', False),
    ]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("1970-01-01T00:00:01.000000001Z", 1_000_000_001),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1970-01-01T00:00:00", None),
        ("1970-13-01T00:00:00Z", None),
        ("soon", None),
        (7, None),
    ],
)
def test_moments_are_read_to_the_nanosecond(moment: str | int, expected: int | None) -> None:
    assert moment_ns(moment) == expected


def test_what_is_wrong_first_is_what_is_told_and_the_rest_is_still_read() -> None:
    answer = Answer()
    for line in lines_of([(1, b'[1]\n{"error":"late"}\n{"response":"x","done":false}\n')]):
        answer.take(line)
    answer.check_end()
    assert answer.wrong is not None
    assert (answer.wrong.code, len(answer.chunks)) == ("bad_json", 1)


def test_an_http_error_has_ollamas_words_or_the_raw_ones() -> None:
    told = http_error(404, [(1, b'{"error":"model '), (2, b"'x' not found\"}")])
    assert (told.code, str(told)) == ("http_404", "HTTP 404: model 'x' not found")
    assert str(http_error(502, [(1, b"<html>Bad gateway</html>")])) == "HTTP 502: <html>Bad gateway</html>"
    assert str(http_error(403, [])) == "HTTP 403: no reason given"


def test_what_is_no_http_is_said_to_be_none() -> None:
    with pytest.raises(BadAnswerError, match="no HTTP") as caught:
        Framing().feed(1, b"SSH-2.0-OpenSSH_9.2\r\n")
    assert caught.value.code == "bad_http"
