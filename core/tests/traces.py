"""Traces of requests, as the client's reader leaves them."""

from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from obt_core.metrics import Chunk, Context, Trace
from obt_core.results import ClockSource, EndReason, Sample, SampleRole

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
SENT_NS = 1_793_534_400_000_000_000
MS = 1_000_000


def a_chunk(at_ms: float, text: int = 1, thinking: int = 0, *, merged: bool = False) -> Chunk:
    """One content chunk that came so many ms after the send."""
    return Chunk(SENT_NS + round(at_ms * MS), None, text, thinking, merged)


def a_final(**fields: JsonValue) -> dict[str, JsonValue]:
    """Ollama's last line: 5 tokens in 80 ms, a prompt of 30 in 20 ms, 1 ms of load, 4 ms of waiting."""
    told: dict[str, JsonValue] = {
        "done_reason": "length",
        "total_duration": 105 * MS,
        "load_duration": 1 * MS,
        "prompt_eval_count": 30,
        "prompt_eval_duration": 20 * MS,
        "eval_count": 5,
        "eval_duration": 80 * MS,
    }
    return {name: value for name, value in {**told, **fields}.items() if value is not None}


def a_trace(**fields: Any) -> Trace:
    """Five chunks, 20 ms apart, the first after 25 ms; the last byte after 110 ms."""
    defaults: dict[str, Any] = {
        "started_at": MOMENT,
        "clock": ClockSource.KERNEL,
        "sent_ns": SENT_NS,
        "connect_ms": 0.5,
        "first_byte_ns": SENT_NS + 24 * MS,
        "last_byte_ns": SENT_NS + 110 * MS,
        "chunks": tuple(a_chunk(at) for at in (25, 45, 65, 85, 105)),
        "final": a_final(),
    }
    return Trace(**{**defaults, **fields})


def a_context(**fields: Any) -> Context:
    defaults: dict[str, Any] = {"number": 1, "workload": "chat", "role": SampleRole.MEASURED}
    return Context(**{**defaults, **fields})


def a_sample(number: int = 1, **fields: Any) -> Sample:
    defaults: dict[str, Any] = {
        "number": number,
        "workload": "chat",
        "role": SampleRole.MEASURED,
        "started_at": MOMENT,
        "end": EndReason.LENGTH,
        "clock": ClockSource.KERNEL,
    }
    return Sample(**{**defaults, **fields})
