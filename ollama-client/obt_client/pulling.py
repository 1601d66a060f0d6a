"""How far a pull is, from what Ollama tells line by line. Pure: the time comes from outside."""

from collections import deque
from dataclasses import dataclass

from obt_client.ollama_facts import Row, text_of
from obt_core.operations import OperationProgress

RATE_WINDOW_S = 5.0
"""The rate is that of the last so many seconds."""
_RATE_MIN_S = 0.5
"""Of less time no rate is told."""
_STAGE_MAX = 300


@dataclass(slots=True)
class _Layer:
    """One layer in bytes. `before` were here when its pull began: they were not fetched now."""

    total: int
    done: int
    before: int


class PullProgress:
    """Bytes over all layers that Ollama has named so far: it fetches one after the other, mostly the largest first."""

    def __init__(self) -> None:
        self._layers: dict[str, _Layer] = {}
        self._stage = ""
        self._marks: deque[tuple[float, int]] = deque()

    def take(self, line: Row, now_s: float) -> None:
        """Take a line of /api/pull; what is odd in it is left out."""
        self._stage = (text_of(line.get("status")) or self._stage)[:_STAGE_MAX]
        digest, total = text_of(line.get("digest")), _count(line.get("total"))
        if digest and total is not None:
            done = min(_count(line.get("completed")) or 0, total)
            layer = self._layers.setdefault(digest, _Layer(total, done, done))
            # A part that failed is fetched anew, and the count goes back.
            layer.total, layer.done, layer.before = total, done, min(layer.before, done)
        self._marks.append((now_s, self._fetched))
        while len(self._marks) > 2 and self._marks[1][0] <= now_s - RATE_WINDOW_S:
            self._marks.popleft()

    @property
    def _fetched(self) -> int:
        return sum(layer.done - layer.before for layer in self._layers.values())

    def told(self, now_s: float) -> OperationProgress:
        """Return how far it is."""
        if not self._layers:
            return OperationProgress(stage=self._stage)
        return OperationProgress(
            stage=self._stage,
            done_bytes=sum(layer.done for layer in self._layers.values()),
            total_bytes=sum(layer.total for layer in self._layers.values()),
            bytes_per_s=self._rate(now_s),
        )

    def _rate(self, now_s: float) -> float | None:
        if not self._marks or (span_s := now_s - self._marks[0][0]) < _RATE_MIN_S:
            return None
        return max(0.0, (self._fetched - self._marks[0][1]) / span_s)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2**62 else None
