"""An Ollama as its client sees it: what is installed, what is in memory."""

import hashlib
import json
from collections.abc import Iterable

from pydantic import Field

from obt_core.wire import Fact, Hash, ModelName, UtcDatetime, WireModel

EMBEDDING = "embedding"
COMPLETION = "completion"


class InstalledModel(WireModel):
    """One model, as `/api/tags` and `/api/show` tell of it. None means that Ollama did not say."""

    name: ModelName
    digest: Hash
    size_bytes: int = Field(ge=0, le=2**62)
    family: Fact | None = None
    parameter_size: Fact | None = None
    parameter_count: int | None = Field(default=None, ge=0, le=2**62)
    quantization: Fact | None = None
    context_length: int | None = Field(default=None, ge=0, le=2**31)
    capabilities: tuple[Fact, ...] = Field(default=(), max_length=32)
    modified_at: UtcDatetime | None = None
    cloud: bool = False
    """Runs on somebody else's computer: listed, never measured, never sent a prompt."""

    def is_embedding_only(self) -> bool:
        """Whether the model cannot generate text."""
        return EMBEDDING in self.capabilities and COMPLETION not in self.capabilities


def inventory_hash(models: Iterable[InstalledModel]) -> str:
    """SHA-256 over names, digests and details, whatever the order; tells the server that nothing changed.

    Defaults are left out, so that a newer server computes the hash that an older client sends.
    """
    rows = sorted(model.model_dump_json(exclude_defaults=True) for model in models)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


class ModelInventory(WireModel):
    """All models of one Ollama."""

    models: tuple[InstalledModel, ...] = Field(max_length=5_000)

    def hash(self) -> str:
        """The hash that a heartbeat carries as `models_hash`."""
        return inventory_hash(self.models)


class LoadedModel(WireModel):
    """One row of Ollama's `/api/ps`."""

    name: ModelName
    digest: Hash
    size_bytes: int = Field(ge=0, le=2**62)
    size_vram_bytes: int = Field(ge=0, le=2**62)
    context_length: int | None = Field(default=None, ge=0, le=2**31)
    expires_at: UtcDatetime | None = None
    """When Ollama was to unload it, as of the client's last news. Each request moves it, which is no news by itself."""


class OllamaStatus(WireModel):
    """What the client sees of its Ollama now."""

    reachable: bool
    version: Fact | None = None
    loaded: tuple[LoadedModel, ...] = Field(default=(), max_length=100)
