"""The bytes of an answer, prepared before the first token is due.

The forms are those of Ollama's API documentation ("Generate a completion", "Generate a chat completion") and of its
OpenAI-compatible endpoints. Everything is sent in chunks of HTTP/1.1, one token a chunk.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from obt_client.bench.standin.asked import Asked

_TEXT = "a "
"""What every token says."""
LOAD_MS = 1.0
"""What an answer tells as its load; the rest of the time to the first token is told as reading of the prompt."""
_NS_PER_MS = 1_000_000
_NS_PER_S = 1_000_000_000
_STREAM_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n"
_MOMENT = "%b.%09dZ"
"""Filled in at the last moment: the second as text and the nanoseconds in it."""
_END = b"0\r\n\r\n"

Bytes = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer in three parts: with the first token the head goes too. Called directly before each is sent."""

    first: Bytes
    token: Bytes
    last: Bytes


def prepare(asked: Asked, number: int) -> Prepared:
    """Make the answer to a request; `number` goes into its ID."""
    if asked.path.startswith("/v1/"):
        return _events(asked, number)
    return _lines(asked)


def whole(status: str, told: object) -> bytes:
    """An answer in one piece."""
    data = json.dumps(told).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def _lines(asked: Asked) -> Prepared:
    """Ollama's own: a JSON object a line, each with the time at which it was made."""
    head = _STREAM_HEAD.format("application/x-ndjson").encode()
    token = _stamped(_line(asked, _TEXT, {"done": False}))
    last = _stamped(_line(asked, "", {"done": True, "done_reason": "length", **_figures(asked)}), _END)
    return Prepared(lambda: head + token(), token, last)


def _line(asked: Asked, text: str, more: dict[str, object]) -> str:
    spoken = {"message": {"role": "assistant", "content": text}} if asked.path == "/api/chat" else {"response": text}
    return json.dumps({"model": asked.model, "created_at": "@", **spoken, **more}, separators=(",", ":")) + "\n"


def _stamped(line: str, behind: bytes = b"") -> Bytes:
    """Return what makes the chunk; only its time is new each time, and that is always as long."""
    size = len(line.encode()) - 1 + len("2026-01-01T00:00:00.000000000Z")
    before, _, after = line.replace("%", "%%").partition('"created_at":"@"')
    template = f'{size:x}\r\n{before}"created_at":"{_MOMENT}"{after}\r\n'.encode() + behind

    def make() -> bytes:
        second, ns = divmod(time.time_ns(), _NS_PER_S)
        return template % (_second(second), ns)

    return make


@lru_cache(maxsize=4)
def _second(second: int) -> bytes:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)).encode()


def _figures(asked: Asked) -> dict[str, object]:
    """The durations that were asked for, as an engine would tell them."""
    times = asked.times
    prompt_ms = max(0.0, times.ttft_ms - LOAD_MS)
    eval_ms = times.interval_ms * times.tokens
    return {
        "total_duration": round((LOAD_MS + prompt_ms + eval_ms) * _NS_PER_MS),
        "load_duration": round(LOAD_MS * _NS_PER_MS),
        "prompt_eval_count": asked.prompt_words,
        "prompt_eval_duration": round(prompt_ms * _NS_PER_MS),
        "eval_count": times.tokens,
        "eval_duration": round(eval_ms * _NS_PER_MS),
    }


def _events(asked: Asked, number: int) -> Prepared:
    """The OpenAI-compatible: server-sent events, the usage in one of its own where it was asked for."""
    head = _STREAM_HEAD.format("text/event-stream").encode()
    token = _chunk(_event(asked, number, _TEXT, None))
    ends = [_event(asked, number, "", "length")]
    ends += [_usage(asked, number)] if asked.with_usage else []
    last = b"".join(map(_chunk, (*ends, "data: [DONE]\n\n"))) + _END
    return Prepared(lambda: head + token, lambda: token, lambda: last)


def _event(asked: Asked, number: int, text: str, finish: str | None) -> str:
    is_chat = asked.path == "/v1/chat/completions"
    spoken: dict[str, object] = {"delta": {"role": "assistant", "content": text}} if is_chat else {"text": text}
    return _data({**_frame(asked, number), "choices": [{"index": 0, **spoken, "finish_reason": finish}]})


def _usage(asked: Asked, number: int) -> str:
    prompt, tokens = asked.prompt_words, asked.times.tokens
    usage = {"prompt_tokens": prompt, "completion_tokens": tokens, "total_tokens": prompt + tokens}
    return _data({**_frame(asked, number), "choices": [], "usage": usage})


def _frame(asked: Asked, number: int) -> dict[str, object]:
    is_chat = asked.path == "/v1/chat/completions"
    return {
        "id": f"{'chatcmpl' if is_chat else 'cmpl'}-{number}",
        "object": "chat.completion.chunk" if is_chat else "text_completion",
        "created": int(time.time()),
        "model": asked.model,
        "system_fingerprint": "fp_standin",
    }


def _data(told: dict[str, object]) -> str:
    return f"data: {json.dumps(told, separators=(',', ':'))}\n\n"


def _chunk(text: str) -> bytes:
    data = text.encode()
    return b"%x\r\n%b\r\n" % (len(data), data)
