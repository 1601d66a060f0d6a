"""A workload for each load pattern, small enough for a test."""

from typing import Any

from obt_core.suites import Workload
from tests.fake_ollama import FakeModel

from .jobs import CHAT, COLD

TRACE = [{"at_s": n * 0.06, "prompt_tokens": 40 + 20 * (n % 3), "generate_tokens": 4 + n % 3} for n in range(8)]
MODEL = FakeModel("tiny", ttft_ms=3, interval_ms=2, slots=4)


def like_chat(**more: Any) -> Workload:
    """The chat workload with other fields."""
    return Workload.model_validate({**CHAT.model_dump(), **more})


PATTERNS = {
    "one": like_chat(samples=8),
    "four": like_chat(samples=8, concurrency=4),
    "constant": like_chat(samples=8, arrival={"kind": "constant", "rate_per_s": 20}),
    "poisson": like_chat(samples=8, arrival={"kind": "poisson", "rate_per_s": 25}),
    "replay": like_chat(samples=8, arrival={"kind": "replay", "requests": TRACE}),
    "cold": COLD.model_copy(update={"samples": 5, "generate_tokens": 16}),
}
"""Every load pattern with at least five requests of eight tokens or so."""
