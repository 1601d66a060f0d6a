"""What a request to Ollama's API asks for: checks, defaults, the errors it answers with."""

import json
import time
from collections.abc import Mapping
from typing import cast

from tests.fake_ollama.asks import Ask
from tests.fake_ollama.dialects import go_time
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.store import DEFAULT_KEEP_ALIVE_S, FOREVER_S, Installed
from tests.fake_ollama.wire import Request

CHATS = ("/api/chat", "/v1/chat/completions")
OPENAI = ("/v1/chat/completions", "/v1/completions")
_SECONDS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class ApiError(Exception):
    """An answer other than 200: its status and Ollama's {"error": text}."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status

    def body_for(self, path: str) -> bytes:
        """The answer; the OpenAI-compatible endpoints say it with an object."""
        told: object = str(self)
        if path in OPENAI:
            kind = {400: "invalid_request_error", 404: "not_found_error"}.get(self.status, "api_error")
            told = {"message": str(self), "type": kind, "param": None, "code": None}
        return json.dumps({"error": told}, separators=(",", ":")).encode()


def native(body: Mapping[str, object]) -> Mapping[str, object]:
    """What an OpenAI-compatible endpoint makes of a request before Ollama answers it."""
    reasoning = cast("Mapping[str, object]", body.get("reasoning") or {})
    effort = body.get("reasoning_effort", reasoning.get("effort"))
    asked: dict[str, object] = {name: body[name] for name in ("model", "messages", "prompt") if name in body}
    return {
        **asked,
        "stream": body.get("stream", False),
        **({} if effort is None else {"think": effort != "none"}),
        "options": {"num_predict": body["max_tokens"]} if "max_tokens" in body else {},
    }


def wants_usage(body: Mapping[str, object]) -> bool:
    """Whether a stream of an OpenAI-compatible endpoint is to tell its counts."""
    return bool(cast("Mapping[str, object]", body.get("stream_options") or {}).get("include_usage"))


def body_of(request: Request) -> dict[str, object]:
    """The JSON object that was sent. Raises ApiError 400."""
    try:
        return request.json()
    except ValueError as error:
        raise ApiError(400, f"invalid request body: {error}") from error


def name_in(body: Mapping[str, object]) -> str:
    """The model that a body names, in its new or its old field. Raises ApiError 400."""
    name = body.get("model") or body.get("name")
    if not isinstance(name, str):
        raise ApiError(400, "model is required")
    return name


def not_found(name: str) -> ApiError:
    """The error for a model that is not installed."""
    return ApiError(404, f"model '{name}' not found")


def keep_alive_s(value: object) -> float:
    """Read keep_alive: seconds, or a duration such as "5m"; negative means for ever. Raises ApiError 400."""
    if value is None:
        return DEFAULT_KEEP_ALIVE_S
    if isinstance(value, str):
        number = value.rstrip("hms")
        unit = value[len(number) :]
        try:
            seconds = float(number) * _SECONDS[unit]
        except (ValueError, KeyError) as error:
            raise ApiError(400, f'time: invalid duration "{value}"') from error
    else:
        seconds = float(cast("float", value))
    return FOREVER_S if seconds < 0 else seconds


def num_ctx(body: Mapping[str, object]) -> int | None:
    """The context length that was asked for, if any."""
    return cast("int | None", _options(body).get("num_ctx"))


def prompt_of(body: Mapping[str, object], *, chat: bool) -> tuple[str, ...]:
    """The words of the prompt, system message included; a word counts as a token."""
    if not chat:
        return tuple(f"{body.get('system') or ''} {body.get('prompt') or ''}".split())
    messages = cast("list[Mapping[str, str]]", body.get("messages") or [])
    return tuple(word for message in messages for word in message.get("content", "").split())


def check(model: FakeModel, body: Mapping[str, object], *, chat: bool) -> None:
    """Refuse what the model cannot do, as Ollama does. Raises ApiError 400."""
    if "completion" not in model.capabilities:
        raise ApiError(400, f'"{model.name}" does not support {"chat" if chat else "generate"}')
    if body.get("think") and "thinking" not in model.capabilities:
        raise ApiError(400, f'"{model.name}" does not support thinking')


def ask_of(installed: Installed, sent: Mapping[str, object], path: str, *, received_ns: int, loaded_ns: int) -> Ask:
    """What to answer, once the model is loaded and a slot is free. The prompt is in the cache from now on."""
    chat, body = path in CHATS, native(sent) if path in OPENAI else sent
    model, prompt = installed.model, prompt_of(body, chat=chat)
    limit = cast("int", _options(body).get("num_predict", -1))
    limit = limit if limit > 0 else model.tokens
    stopped = model.stop_after is not None and model.stop_after < limit
    tokens = model.stop_after if stopped and model.stop_after is not None else limit
    thinks = "thinking" in model.capabilities and body.get("think") is not False
    skips = model.cache_skips
    cached = 0 if model.cache == "off" else _common(installed.last_prompt[skips:], prompt[skips:])
    installed.last_prompt = prompt
    return Ask(
        chat=chat,
        stream=body.get("stream") is not False,
        model=model,
        prompt=prompt,
        # The last token of a prompt is always evaluated: something has to come out.
        cached=max(0, min(cached, len(prompt) - 1)) + (model.template_tokens if cached else 0),
        tokens=tokens,
        thinking=min(model.thinking_tokens, tokens) if thinks else 0,
        received_ns=received_ns,
        loaded_ns=loaded_ns,
        stopped=stopped,
        openai=path in OPENAI,
        usage=wants_usage(sent),
    )


def empty_answer(model: FakeModel, *, chat: bool, reason: str) -> bytes:
    """The single line that answers a request without a prompt: it has loaded or unloaded the model."""
    text: dict[str, object] = {"message": {"role": "assistant", "content": ""}} if chat else {"response": ""}
    made = f"{go_time(time.time_ns())}Z"
    return json.dumps({"model": model.name, "created_at": made, **text, "done": True, "done_reason": reason}).encode()


def _options(body: Mapping[str, object]) -> Mapping[str, object]:
    return cast("Mapping[str, object]", body.get("options") or {})


def _common(before: tuple[str, ...], now: tuple[str, ...]) -> int:
    same = 0
    for old, new in zip(before, now, strict=False):
        if old != new:
            break
        same += 1
    return same
