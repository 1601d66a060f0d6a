"""What a request wants, already checked."""

from dataclasses import dataclass

from tests.fake_ollama.models import FakeModel


@dataclass(frozen=True, slots=True)
class Ask:
    """Times are monotonic ns."""

    chat: bool
    stream: bool
    model: FakeModel
    prompt: tuple[str, ...]
    cached: int
    tokens: int
    thinking: int
    received_ns: int
    loaded_ns: int
    stopped: bool
    """The model ends by itself, before the request's limit."""
    openai: bool = False
    usage: bool = False
    """The counts are wanted, in a stream of the OpenAI-compatible endpoints."""
