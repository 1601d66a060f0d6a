"""What is installed, what is loaded, who waits for a slot."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.fake_ollama.models import FakeModel, full_name

DEFAULT_KEEP_ALIVE_S = 300.0
DEFAULT_NUM_CTX = 4096
FOREVER_S = 100 * 365 * 86_400.0


@dataclass(slots=True)
class Loaded:
    """A model in memory."""

    context_length: int
    expires_monotonic_s: float
    keep_alive_s: float
    running: int = 0


@dataclass(slots=True)
class Installed:
    """A model with its state. `last_prompt` is what the prompt cache holds."""

    model: FakeModel
    slots: asyncio.Semaphore
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    loaded: Loaded | None = None
    last_prompt: tuple[str, ...] = ()


class Store:
    """The models by name. A loaded model expires without a timer: it is looked at when somebody asks."""

    def __init__(self, models: Iterable[FakeModel]) -> None:
        self._installed: dict[str, Installed] = {}
        self.pinned_context: int | None = None
        """Shown by /api/ps instead of the context length that was asked for, as a machine short of memory would."""
        for model in models:
            self.put(model)

    def put(self, model: FakeModel) -> None:
        """Install a model, or change one; a changed one is no longer loaded."""
        self._installed[model.name] = Installed(model, asyncio.Semaphore(model.slots))

    def delete(self, name: str) -> bool:
        """Remove a model; False if there is none of that name."""
        return self._installed.pop(full_name(name), None) is not None

    def find(self, name: str) -> Installed | None:
        """Look a model up, with or without its tag."""
        return self._installed.get(full_name(name))

    def all(self) -> list[FakeModel]:
        """All installed models, the newest first as Ollama lists them."""
        return [installed.model for installed in reversed(self._installed.values())]

    def unload_all(self) -> None:
        """Forget what is in memory."""
        for installed in self._installed.values():
            installed.loaded, installed.last_prompt = None, ()

    def loaded(self) -> list[Installed]:
        """The models in memory now."""
        return [installed for installed in self._installed.values() if is_loaded(installed)]

    def ps(self) -> list[dict[str, object]]:
        """The rows of /api/ps."""
        pinned = {"context_length": self.pinned_context} if self.pinned_context else {}
        return [{**_ps_row(installed), **pinned} for installed in self.loaded()]


def is_loaded(installed: Installed) -> bool:
    """Whether the model is in memory; one whose time is over is dropped."""
    loaded = installed.loaded
    if loaded and not loaded.running and loaded.expires_monotonic_s <= time.monotonic():
        installed.loaded, installed.last_prompt = None, ()
    return installed.loaded is not None


async def load(installed: Installed, num_ctx: int | None, keep_alive_s: float) -> Loaded:
    """Bring a model into memory; another context length reloads it, as Ollama does. The caller is a user of it."""
    wanted = num_ctx or DEFAULT_NUM_CTX
    async with installed.loading:
        held = installed.loaded if is_loaded(installed) else None
        if held is None or held.context_length != wanted:
            await asyncio.sleep(installed.model.load_ms / 1e3)
            held = installed.loaded = Loaded(wanted, 0, keep_alive_s)
            installed.last_prompt = ()
        held.keep_alive_s = keep_alive_s
        held.running += 1
        return held


def release(installed: Installed, held: Loaded) -> None:
    """A user of the model is done: its time to live starts anew; none left means that it is unloaded."""
    held.running -= 1
    held.expires_monotonic_s = time.monotonic() + held.keep_alive_s
    is_loaded(installed)


def unload(installed: Installed) -> None:
    """Take the model out of memory as soon as nobody uses it."""
    if installed.loaded:
        installed.loaded.keep_alive_s = installed.loaded.expires_monotonic_s = 0
        is_loaded(installed)


def _ps_row(installed: Installed) -> dict[str, object]:
    model, loaded = installed.model, installed.loaded
    assert loaded is not None
    left_s = loaded.keep_alive_s if loaded.running else loaded.expires_monotonic_s - time.monotonic()
    expires_at = datetime.now(UTC) + timedelta(seconds=left_s)
    return {
        "name": model.name,
        "model": model.name,
        "size": model.size_bytes,
        "digest": model.digest,
        "details": model.details(),
        "expires_at": expires_at.isoformat().replace("+00:00", "Z"),
        "size_vram": round(model.size_bytes * model.vram_share),
        "context_length": loaded.context_length,
    }
