"""What the OpenAI-compatible endpoints said: server-sent events, read into the same answer.

Ollama's documentation ("OpenAI compatibility") names the endpoints, its `openai` package the fields: one event
`data: {...}` a chunk, thinking as `reasoning`, the counts in an event of their own with no choices where the request
said stream_options.include_usage, then `data: [DONE]`. There are no durations and no moments finer than a second, so
what needs those stays None.
"""

from pydantic import JsonValue

from obt_client.bench.framing import Line
from obt_client.bench.response import Answer, Object

_DONE = b"[DONE]"
_NOT_DATA = (b":", b"event:", b"id:", b"retry:")
_COUNTS = {"prompt_tokens": "prompt_eval_count", "completion_tokens": "eval_count"}


def speaks_openai(path: str) -> bool:
    """Whether this is the path of a compatible endpoint: /v1/chat/completions, /v1/completions, under any prefix."""
    return path.rstrip("/").endswith("/completions")


class OpenAiAnswer(Answer):
    """`final` holds the last fields as they came, `usage` among them, and the counts under Ollama's names too."""

    needed_counts = ("eval_count",)

    def __init__(self) -> None:
        super().__init__()
        self._last: Object = {}

    def take(self, line: Line) -> None:
        """Read one line: an event's data, the end, an object that came alone. Comments and names are passed over."""
        if line.data.startswith(_NOT_DATA):
            return
        data = line.data.removeprefix(b"data:").strip()
        if data == _DONE:
            self.final = _final(self._last)
            return
        super().take(line._replace(data=data))
        if not line.data.startswith(b"data:") and self.wrong is None:  # it was not streamed
            self.final = _final(self._last)

    def _told(self, line: Line, told: Object) -> None:
        self._last.update((name, value) for name, value in told.items() if name != "choices" and value is not None)
        choices = told.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        text, thinking = _texts(choice)
        reason = choice.get("finish_reason")
        if reason is None or text or thinking:
            self._add(line, None, text, thinking)
        if reason is not None:
            self._last["finish_reason"] = reason


def _texts(choice: Object) -> tuple[JsonValue, JsonValue]:
    """Text and thinking, of a chat's chunk, of a whole chat's answer, or of a completion."""
    said = choice.get("delta") or choice.get("message") or choice
    if not isinstance(said, dict):
        return None, None
    return said.get("content") or said.get("text"), said.get("reasoning") or said.get("reasoning_content")


def _final(last: Object) -> Object:
    final = dict(last)
    if "finish_reason" in final:
        final["done_reason"] = final["finish_reason"]
    usage = final.get("usage")
    if isinstance(usage, dict):
        final |= {ours: usage[theirs] for theirs, ours in _COUNTS.items() if theirs in usage}
        details = usage.get("prompt_tokens_details")
        if isinstance(details, dict) and "cached_tokens" in details:
            final["prompt_eval_cached_count"] = details["cached_tokens"]
    return final
