"""From lines to what Ollama said. No I/O.

Ollama's API documentation ("Generate a completion", "Generate a chat completion") tells the form of the lines;
`openai` reads those of the compatible endpoints.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import cast

from pydantic import JsonValue
from pydantic_core import from_json

from obt_client.bench.framing import BadAnswerError, Line
from obt_core.metrics import Chunk

Object = dict[str, JsonValue]
_TEXT_FIELDS = frozenset({"response", "message", "thinking", "context"})
"""What a final line carries beside its figures: text, and the tokens of the conversation."""
_MOMENT = re.compile(r"(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


class Answer:
    """What the lines told so far: chunks, the final line's figures, the first thing that was wrong."""

    needed_counts = ("eval_count", "eval_duration")

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.final: Object | None = None
        self.wrong: BadAnswerError | None = None

    def take(self, line: Line) -> None:
        """Read one line. What is wrong is kept and what comes after it is still read."""
        try:
            told = object_in(line.data)
        except ValueError as error:
            self._is_wrong("bad_json", f"a line is no JSON object: {error}: {line.data[:200]!r}")
            return
        if "error" in told:
            self._is_wrong("ollama_error", words_of(told["error"]))
        else:
            self._told(line, told)

    def check_end(self) -> None:
        """The body is whole: see whether its last line was there, with the counts."""
        if self.final is None:
            self._is_wrong("no_final_line", "the stream ended without its final line")
        elif missing := [name for name in self.needed_counts if name not in self.final]:
            self._is_wrong("missing_counts", f"the final line lacks {', '.join(missing)}")

    def _told(self, line: Line, told: Object) -> None:
        message = told.get("message")
        if isinstance(message, dict):
            text, thinking = message.get("content"), message.get("thinking")
        else:
            text, thinking = told.get("response"), told.get("thinking")
        done = told.get("done") is True
        if not done or text or thinking:
            self._add(line, moment_ns(told.get("created_at")), text, thinking)
        if done:
            self.final = {name: value for name, value in told.items() if name not in _TEXT_FIELDS}

    def _add(self, line: Line, moment: int | None, text: JsonValue, thinking: JsonValue) -> None:
        text_chars = len(text) if isinstance(text, str) else 0
        thinking_chars = len(thinking) if isinstance(thinking, str) else 0
        self.chunks.append(Chunk(line.stamp_ns, moment, text_chars, thinking_chars, line.merged))

    def _is_wrong(self, code: str, message: str) -> None:
        self.wrong = self.wrong or BadAnswerError(code, message)


def http_error(status: int, pieces: Iterable[tuple[int, bytes]]) -> BadAnswerError:
    """The error of an answer other than 200: code `http_404` and so on, the server's own words where it gave any."""
    body = b"".join(piece for _, piece in pieces)
    try:
        words = words_of(object_in(body)["error"])
    except (ValueError, KeyError):
        words = body[:500].decode("utf-8", "replace").strip() or "no reason given"
    return BadAnswerError(f"http_{status}", f"HTTP {status}: {words}")


def words_of(error: JsonValue) -> str:
    """What an error says: Ollama's is a text, that of the compatible endpoints an object with a `message`."""
    return str(error.get("message", error)) if isinstance(error, dict) else str(error)


def moment_ns(moment: JsonValue) -> int | None:
    """Read a time as Ollama writes it, up to nanoseconds, as ns since 1970; None if it is none."""
    match = _MOMENT.fullmatch(moment) if isinstance(moment, str) else None
    if match is None:
        return None
    second, fraction, zone = match.groups("0")
    try:
        return _epoch_s(second + zone) * 1_000_000_000 + int(fraction.ljust(9, "0"))
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _epoch_s(second: str) -> int:
    return int(datetime.fromisoformat(second).timestamp())


def object_in(data: bytes) -> Object:
    """Parse a JSON object. Raises ValueError for anything else.

    pydantic's parser takes a sixth of the time of the standard library's, which then judges what that one refuses.
    """
    try:
        value = from_json(data)
    except ValueError:
        value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  one kind of error for a bad line
    return cast("Object", value)
