"""From stamped reads to what Ollama said: HTTP/1.1 framing, lines, chunks. No I/O, so every split can be tested.

Ollama's API documentation ("Generate a completion", "Generate a chat completion") tells the form of the lines.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, cast

import httptools
from pydantic import JsonValue

from obt_core.metrics import Chunk

Object = dict[str, JsonValue]
_TEXT_FIELDS = frozenset({"response", "message", "thinking", "context"})
"""What a final line carries beside its figures: text, and the tokens of the conversation."""
_NEEDED_COUNTS = ("eval_count", "eval_duration")
_MOMENT = re.compile(r"(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


class BadAnswerError(Exception):
    """What came is not what Ollama sends; `code` tells programs how."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Framing:
    """Takes the HTTP framing off, read by read. Its stamp stays with every piece of the body."""

    def __init__(self) -> None:
        self.first_ns: int | None = None
        self.last_ns: int | None = None
        self.pieces: list[tuple[int, bytes]] = []
        self.complete = False
        self._now: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    @property
    def status(self) -> int | None:
        """The HTTP status, None before it has come."""
        return self._parser.get_status_code() or None

    def feed(self, stamp_ns: int, data: bytes) -> int:
        """Take one read; return how many lines ended in it. Raises BadAnswerError for what is no HTTP."""
        self.first_ns = self.first_ns or stamp_ns
        self.last_ns = stamp_ns
        self._now.clear()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise BadAnswerError("bad_http", f"the answer is no HTTP: {error}") from error
        if not self._now:
            return 0
        piece = b"".join(self._now)
        self.pieces.append((stamp_ns, piece))
        return piece.count(b"\n")

    def on_body(self, body: bytes) -> None:
        """Part of the body, called by the parser."""
        self._now.append(body)

    def on_message_complete(self) -> None:
        """The body is whole, called by the parser."""
        self.complete = True


class Line(NamedTuple):
    """One line and the stamp of the read that ended it. `merged`: that read brought more of the body behind it."""

    stamp_ns: int
    data: bytes
    merged: bool


def lines_of(pieces: Iterable[tuple[int, bytes]]) -> Iterator[Line]:
    """Split the body at its newlines; a last line without one is a line too. Empty lines are left out."""
    stamp_ns, rest = 0, b""
    for stamp_ns, piece in pieces:
        *ended, rest = (rest + piece).split(b"\n")
        last = len(ended) - 1
        for index, data in enumerate(ended):
            if data.strip():
                yield Line(stamp_ns, data, merged=index < last or bool(rest))
    if rest.strip():
        yield Line(stamp_ns, rest, merged=False)


class Answer:
    """What the lines told so far: chunks, the final line's figures, the first thing that was wrong."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.final: Object | None = None
        self.wrong: BadAnswerError | None = None

    def take(self, line: Line) -> None:
        """Read one line. What is wrong is kept and what comes after it is still read."""
        try:
            told = _object(line.data)
        except ValueError as error:
            self._is_wrong("bad_json", f"a line is no JSON object: {error}: {line.data[:200]!r}")
            return
        if "error" in told:
            self._is_wrong("ollama_error", str(told["error"]))
            return
        chunk = _chunk(line, told)
        done = told.get("done") is True
        if not done or chunk.text_chars or chunk.thinking_chars:
            self.chunks.append(chunk)
        if done:
            self.final = {name: value for name, value in told.items() if name not in _TEXT_FIELDS}

    def check_end(self) -> None:
        """The body is whole: see whether its last line was there, with the counts."""
        if self.final is None:
            self._is_wrong("no_final_line", "the stream ended without its final line")
        elif missing := [name for name in _NEEDED_COUNTS if name not in self.final]:
            self._is_wrong("missing_counts", f"the final line lacks {', '.join(missing)}")

    def _is_wrong(self, code: str, message: str) -> None:
        self.wrong = self.wrong or BadAnswerError(code, message)


def http_error(status: int, pieces: Iterable[tuple[int, bytes]]) -> BadAnswerError:
    """The error of an answer other than 200: code `http_404` and so on, Ollama's own words where it gave any."""
    body = b"".join(piece for _, piece in pieces)
    try:
        words = str(_object(body)["error"])
    except (ValueError, KeyError):
        words = body[:500].decode("utf-8", "replace").strip() or "no reason given"
    return BadAnswerError(f"http_{status}", f"HTTP {status}: {words}")


def moment_ns(moment: JsonValue) -> int | None:
    """Read a time as Ollama writes it, up to nanoseconds, as ns since 1970; None if it is none."""
    match = _MOMENT.fullmatch(moment) if isinstance(moment, str) else None
    if match is None:
        return None
    second, fraction, zone = match.groups()
    try:
        return _epoch_s(second + zone) * 1_000_000_000 + int((fraction or "0").ljust(9, "0"))
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _epoch_s(second: str) -> int:
    return int(datetime.fromisoformat(second).timestamp())


def _object(data: bytes) -> Object:
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  one kind of error for a bad line
    return cast("Object", value)


def _chunk(line: Line, told: Object) -> Chunk:
    message = told.get("message")
    source = message if isinstance(message, dict) else told
    return Chunk(
        stamp_ns=line.stamp_ns,
        created_at_ns=moment_ns(told.get("created_at")),
        text_chars=_length(source.get("content" if source is message else "response")),
        thinking_chars=_length(source.get("thinking")),
        merged=line.merged,
    )


def _length(text: JsonValue) -> int:
    return len(text) if isinstance(text, str) else 0
