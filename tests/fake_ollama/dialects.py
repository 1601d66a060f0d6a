"""The two ways in which an answer is written: Ollama's own lines, and the events of its OpenAI-compatible endpoints."""

import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from tests.fake_ollama.asks import Ask

Texts = Mapping[str, str]
"""By kind, "thinking" and "content", what was generated; empty where it was streamed."""


class Dialect(Protocol):
    """How to write the parts of an answer. `line` is in the timed path of the fake: it must be quick."""

    content_type: str
    unfinished: bytes
    """A line that is no JSON."""

    def line(self, kind: str, text: str) -> bytes:
        """One chunk of content, of kind "content" or "thinking"."""
        ...

    def error(self, message: str) -> bytes:
        """What comes where the model fails in the middle."""
        ...

    def final(self, counts: Mapping[str, int]) -> bytes:
        """The end of a stream; without counts they are left out."""
        ...

    def whole(self, texts: Texts, counts: Mapping[str, int]) -> bytes:
        """A reply that is not streamed."""
        ...


def dialect_of(ask: Ask) -> Dialect:
    """The dialect that was asked in."""
    return OpenAi(ask) if ask.openai else Native(ask)


class Native:
    """/api/generate and /api/chat: one JSON object a line."""

    content_type = "application/x-ndjson"
    unfinished = b'{"model":"x","response":"unfini\n'

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._open = f'{{"model":{json.dumps(ask.model.name)},"created_at":"'
        between = 'Z","message":{"role":"assistant","content":"' if ask.chat else 'Z","response":"'
        self._between = {"content": between, "thinking": f'{between}","thinking":"'}
        self._end = '"},"done":false}\n' if ask.chat else '","done":false}\n'

    def line(self, kind: str, text: str) -> bytes:
        return f"{self._open}{go_time(time.time_ns())}{self._between[kind]}{text}{self._end}".encode()

    def error(self, message: str) -> bytes:
        return json.dumps({"error": message}).encode() + b"\n"

    def final(self, counts: Mapping[str, int]) -> bytes:
        return self.whole({"thinking": "", "content": ""}, counts) + b"\n"

    def whole(self, texts: Texts, counts: Mapping[str, int]) -> bytes:
        ask = self._ask
        thought = {"thinking": texts["thinking"]} if texts["thinking"] else {}
        text: dict[str, object] = {"response": texts["content"], **thought}
        if ask.chat:
            text = {"message": {"role": "assistant", "content": texts["content"], **thought}}
        told = {
            "model": ask.model.name,
            "created_at": f"{go_time(time.time_ns())}Z",
            **text,
            "done": True,
            "done_reason": "stop" if ask.stopped else "length",
            **({} if ask.chat else {"context": list(range(1, len(ask.prompt) + ask.tokens + 1))}),
            **counts,
        }
        return _compact(told)


class OpenAi:
    """/v1/chat/completions and /v1/completions: server-sent events."""

    content_type = "text/event-stream"
    unfinished = b'data: {"id":"chatcmpl-7","object":"chat.comple\n\n'

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        begin, end = (part.decode() for part in self._event([self._choice("\0", "", None)]).split(b"\\u0000"))
        thinking, rest = (part.decode() for part in self._event([self._choice("", "\0", None)]).split(b"\\u0000"))
        self._frames = {"content": (begin, end), "thinking": (thinking, rest)}

    def line(self, kind: str, text: str) -> bytes:
        begin, end = self._frames[kind]
        return f"{begin}{text}{end}".encode()

    def error(self, message: str) -> bytes:
        """Ollama reads its own error as an answer that says nothing, and ends without [DONE]."""
        return self._event([self._choice("", "", None)])

    def final(self, counts: Mapping[str, int]) -> bytes:
        reason = "stop" if self._ask.stopped else "length"
        events = [self._event([self._choice("", "", reason)])]
        if self._ask.usage and counts:
            events.append(self._event([], usage=_usage(counts)))
        return b"".join([*events, b"data: [DONE]\n\n"])

    def whole(self, texts: Texts, counts: Mapping[str, int]) -> bytes:
        choice = self._choice(texts["content"], texts["thinking"], "stop" if self._ask.stopped else "length")
        if self._ask.chat:
            choice["message"] = choice.pop("delta")
        usage = {"usage": _usage(counts)} if counts else {}
        return _compact({**self._told("chat.completion"), "choices": [choice], **usage})

    def _choice(self, text: str, thinking: str, reason: str | None) -> dict[str, object]:
        if not self._ask.chat:
            return {"text": text or thinking, "index": 0, "finish_reason": reason}
        thought = {"reasoning": thinking} if thinking else {}
        return {"index": 0, "delta": {"role": "assistant", "content": text, **thought}, "finish_reason": reason}

    def _event(self, choices: list[dict[str, object]], **more: object) -> bytes:
        # A completion's chunks have a usage of noughts where one was asked for, until the true one comes.
        empty = {"usage": _usage({})} if self._ask.usage and not self._ask.chat else {}
        told = {**self._told("chat.completion.chunk"), "choices": choices, **empty, **more}
        return b"data: %b\n\n" % _compact(told)

    def _told(self, chat_object: str) -> dict[str, object]:
        return {
            "id": "chatcmpl-7" if self._ask.chat else "cmpl-7",
            "object": chat_object if self._ask.chat else "text_completion",
            "created": int(time.time()),
            "model": self._ask.model.name,
            "system_fingerprint": "fp_ollama",
        }


def go_time(now_ns: int) -> str:
    """CLOCK_REALTIME as Go writes it, without its Z: nanoseconds, no zeros at the end."""
    seconds, rest = divmod(now_ns, 1_000_000_000)
    return f"{_go_second(seconds)}.{rest:09d}".rstrip("0").removesuffix(".")


@lru_cache(maxsize=8)
def _go_second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _usage(counts: Mapping[str, int]) -> dict[str, int]:
    prompt, generated = counts.get("prompt_eval_count", 0), counts.get("eval_count", 0)
    return {"prompt_tokens": prompt, "completion_tokens": generated, "total_tokens": prompt + generated}


def _compact(told: object) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()
