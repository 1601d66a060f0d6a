"""The stand-in's own record: what was handed to the kernel when, and how late that was."""

import time
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from obt_client.bench.standin.asked import Asked

_NS_PER_MS = 1_000_000


def _stamps() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Written:
    """One request. All stamps are ns of CLOCK_REALTIME; `written_ns` are read directly before each token's send()."""

    asked: Asked
    request_id: str
    received_ns: int
    """When the kernel had received the last byte of the request (where it tells; else when it was read)."""
    written_ns: "array[int]" = field(default_factory=_stamps)
    final_ns: int | None = None
    blocked: int = 0
    """Tokens that the kernel did not take whole: their reader was too slow by megabytes."""

    def due_ns(self, token: int) -> int:
        """When a token is due, counted from 0."""
        times = self.asked.times
        return self.received_ns + round((times.ttft_ms + token * times.interval_ms) * _NS_PER_MS)

    def late_ms(self) -> Iterable[float]:
        """How late each token was handed to the kernel, in ms."""
        return ((at_ns - self.due_ns(token)) / _NS_PER_MS for token, at_ns in enumerate(self.written_ns))

    def as_json(self) -> dict[str, object]:
        times = self.asked.times
        return {
            "path": self.asked.path,
            "label": self.asked.label,
            "request_id": self.request_id,
            "ttft_ms": times.ttft_ms,
            "interval_ms": times.interval_ms,
            "tokens": times.tokens,
            "received_ns": self.received_ns,
            "written_ns": self.written_ns.tolist(),
            "final_ns": self.final_ns,
            "blocked": self.blocked,
        }


class Record:
    """All requests since the last clearing, and the CPU time that they took."""

    def __init__(self) -> None:
        self.requests: list[Written] = []
        self.first_ns: int | None = None
        """When the first request of any kind came, of those that do not ask for the record."""
        self._cpu_s = time.process_time()

    def clear(self) -> None:
        """Forget all."""
        self.requests.clear()
        self.first_ns = None
        self._cpu_s = time.process_time()

    def report(self) -> dict[str, object]:
        """How well the schedule was kept: what tells whether the stand-in was the limit of a measurement."""
        cpu_s = time.process_time() - self._cpu_s
        late_ms = sorted(late for request in self.requests for late in request.late_ms())
        span_s = self._span_s()
        return {
            "first_ns": self.first_ns,
            "requests": len(self.requests),
            "tokens": len(late_ms),
            "blocked": sum(request.blocked for request in self.requests),
            "late_p50_ms": quantile(late_ms, 0.5),
            "late_p99_ms": quantile(late_ms, 0.99),
            "late_max_ms": quantile(late_ms, 1.0),
            "span_s": span_s,
            "tokens_per_s": len(late_ms) / span_s if span_s else None,
            "cpu_share": cpu_s / span_s if span_s else None,
        }

    def _span_s(self) -> float | None:
        """From the first request to the last token."""
        ends = [request.written_ns[-1] for request in self.requests if request.written_ns]
        return (max(ends) - min(request.received_ns for request in self.requests)) / 1e9 if ends else None


def quantile(ranked: list[float], share: float) -> float | None:
    """The value below which that share of the ranked values lies (nearest rank); None of nothing."""
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else None
