"""What the stand-in says of itself and of its models: as much as load generators and OBT's client ask."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from obt_client.bench.standin.asked import Times

VERSION = "0.0.0-standin"
_DIGEST = "57a2d12" + "0" * 57
_SIZE_BYTES = 1_000_000
_CONTEXT_TOKENS = 1_048_576
_DETAILS = {
    "format": "gguf",
    "family": "standin",
    "families": ["standin"],
    "parameter_size": "0",
    "quantization_level": "F16",
}


class Catalogue:
    """One model is listed; a request may name any other. A model is in memory from its first request on."""

    def __init__(self, usual: Times) -> None:
        self._listed = usual.model
        self._in_memory: set[str] = set()
        self._made_at = datetime.now(UTC)

    def load(self, model: str) -> None:
        """A request names this model."""
        self._in_memory.add(model)

    def loaded(self, model: str, stays: bool) -> dict[str, object]:
        """Answer a request without a prompt: load the model, or let it go."""
        (self._in_memory.add if stays else self._in_memory.discard)(model)
        reason = "load" if stays else "unload"
        now = datetime.now(UTC).isoformat()
        return {"model": model, "created_at": now, "response": "", "done": True, "done_reason": reason}

    def told(self, path: str) -> dict[str, object] | None:
        """The answer to a question about the server, None where there is none."""
        answers: dict[str, Callable[[], dict[str, object]]] = {
            "/": lambda: {"standin": VERSION},
            "/health": lambda: {"status": "ok"},
            "/api/version": lambda: {"version": VERSION},
            "/api/tags": lambda: {"models": [self._model(name) for name in self._names()]},
            "/api/ps": lambda: {"models": [self._running(name) for name in sorted(self._in_memory)]},
            "/api/show": self._show,
            "/v1/models": self._openai_models,
        }
        answer = answers.get(path)
        return answer() if answer else None

    def _names(self) -> list[str]:
        return sorted({self._listed, *self._in_memory})

    def _model(self, name: str) -> dict[str, object]:
        facts: dict[str, object] = {"name": name, "model": name, "digest": _DIGEST, "size": _SIZE_BYTES}
        return {**facts, "modified_at": self._made_at.isoformat(), "details": _DETAILS}

    def _running(self, name: str) -> dict[str, object]:
        expires_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
        placed = {"expires_at": expires_at, "size_vram": 0, "context_length": _CONTEXT_TOKENS}
        return {**self._model(name), **placed}

    def _show(self) -> dict[str, object]:
        info = {"general.architecture": "standin", "standin.context_length": _CONTEXT_TOKENS}
        return {"details": _DETAILS, "model_info": info, "capabilities": ["completion"], "template": "{{ .Prompt }}"}

    def _openai_models(self) -> dict[str, object]:
        row = {"object": "model", "created": int(time.time()), "owned_by": "standin"}
        return {"object": "list", "data": [{"id": name, **row} for name in self._names()]}
