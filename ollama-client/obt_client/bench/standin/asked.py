"""What a request asks of the stand-in: which protocol, which times, how many tokens. Pure."""

import json
import re
from dataclasses import dataclass, replace
from typing import cast

FINAL_AFTER_MS = 1.0
"""The end of an answer goes out so long after its last token, as an engine's does: never in the same read."""
_TAGS = {"t": "ttft_ms", "i": "interval_ms", "n": "tokens"}
_TAG = re.compile(r"([tin])(\d+(?:\.\d+)?)")
_TOKENS_MAX = 1_000_000
_LABEL_CHARS = 64
_Object = dict[str, object]


class NotAskedRightError(Exception):
    """The body asks for something that the stand-in does not do; the text says what."""


@dataclass(frozen=True, slots=True)
class Times:
    """The truth of one answer: to the first token, from token to token (both in ms), and how many tokens."""

    ttft_ms: float = 50.0
    interval_ms: float = 10.0
    tokens: int = 128

    @property
    def model(self) -> str:
        """The model by whose name a request asks for these times."""
        return f"standin:t{self.ttft_ms:g}-i{self.interval_ms:g}-n{self.tokens}"

    @property
    def answer_ms(self) -> float:
        """From the request to the end of its answer, where nobody is late."""
        return self.ttft_ms + (self.tokens - 1) * self.interval_ms + FINAL_AFTER_MS


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for tokens. `label`: the first characters of its prompt, by which a client finds it again."""

    path: str
    model: str
    label: str
    prompt_words: int
    times: Times
    with_usage: bool


def times_of(model: str, usual: Times) -> Times:
    """Read the times out of a model's tag, such as `standin:t50-i10-n128`; what it leaves out is as usual."""
    found = {_TAGS[letter]: float(value) for letter, value in _TAG.findall(model.partition(":")[2])}
    tokens = int(found.pop("tokens", usual.tokens))
    return replace(usual, tokens=min(max(1, tokens), _TOKENS_MAX), **found)


def asked(path: str, body: bytes, usual: Times) -> Asked | None:
    """Read a request's body; None where it has no prompt (Ollama's way to load and unload). Raises NotAskedRightError.

    The wanted number of tokens goes before that of the model's tag. Answers are streamed, never sent whole.
    """
    told = _object(body)
    if told.get("stream", not path.startswith("/v1/")) is not True:
        raise NotAskedRightError("the stand-in only streams: ask with stream: true")
    model = str(told.get("model", ""))
    prompt = _prompt(told)
    if not prompt:
        return None
    times = times_of(model, usual)
    if (wanted := _wanted_tokens(told)) is not None:
        times = replace(times, tokens=min(max(1, wanted), _TOKENS_MAX))
    return Asked(path, model, prompt[:_LABEL_CHARS], len(prompt.split()), times, _wants_usage(told))


def model_and_stay(body: bytes) -> tuple[str, bool]:
    """Of a request without a prompt: the model's name, and whether it is to stay in memory."""
    told = _object(body)
    return str(told.get("model", "")), told.get("keep_alive") not in {0, "0", "0s"}


def _object(body: bytes) -> _Object:
    try:
        told = json.loads(body)
    except ValueError as error:
        raise NotAskedRightError(f"the body is no JSON: {error}") from error
    if not isinstance(told, dict):
        raise NotAskedRightError("the body is no JSON object")
    return cast("_Object", told)


def _prompt(told: _Object) -> str:
    """The prompt as text; of a conversation, its last message."""
    messages = told.get("messages")
    if not isinstance(messages, list) or not messages:
        return _text(told.get("prompt"))
    last = cast("object", messages[-1])
    return _text(cast("_Object", last).get("content")) if isinstance(last, dict) else ""


def _text(content: object) -> str:
    """Plain text, or the texts of a list of parts."""
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    parts = cast("list[object]", content)
    return " ".join(_text(cast("_Object", part).get("text") if isinstance(part, dict) else part) for part in parts)


def _wanted_tokens(told: _Object) -> int | None:
    options = told.get("options")
    native = cast("_Object", options).get("num_predict") if isinstance(options, dict) else None
    for value in (native, told.get("max_completion_tokens"), told.get("max_tokens")):
        if isinstance(value, int) and value > 0:
            return value
    return None


def _wants_usage(told: _Object) -> bool:
    options = told.get("stream_options")
    return isinstance(options, dict) and bool(cast("_Object", options).get("include_usage"))
