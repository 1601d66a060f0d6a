"""What may go wrong, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

GENERATIONS = ("/api/generate", "/api/chat", "/v1/chat/completions", "/v1/completions")
"""Paths that answer with text."""


class FaultKind(StrEnum):
    """Faults of one request. A closed port is not one: see `FakeOllama.refuse`."""

    HANG_BEFORE_HEADERS = "hang_before_headers"
    HTTP_ERROR = "http_error"
    """`status` and {"error": message} instead of an answer."""
    RESET_BEFORE_HEADERS = "reset_before_headers"
    SLOW = "slow"
    """All times of the model are multiplied by `factor`."""
    PAUSE = "pause"
    """A silence of `delay_ms` after `after_chunks` chunks."""
    HANG_MID_STREAM = "hang_mid_stream"
    ERROR_LINE = "error_line"
    """A line {"error": message} in the middle of the stream, which then ends in good order."""
    CUT = "cut"
    """The connection is reset."""
    CLOSE = "close"
    """The connection is closed in good order, in the middle of the body."""
    BAD_JSON = "bad_json"
    """A line that is no JSON; the stream goes on after it."""
    MISSING_COUNTS = "missing_counts"
    """The final line has no counts and no durations."""
    NO_DONE = "no_done"
    """The stream ends in good order without its final line."""
    MERGED_WRITES = "merged_writes"
    """`size` chunks in one write."""
    SPLIT_WRITES = "split_writes"
    """Every chunk is written in two halves, `delay_ms` apart."""
    RESTART = "restart"
    """Ollama restarts: every connection is reset, no model is loaded afterwards."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault for the next `times` requests that match (None: for all), after the first `skip` of them."""

    kind: FaultKind
    times: int | None = 1
    skip: int = 0
    model: str | None = None
    paths: tuple[str, ...] = GENERATIONS
    after_chunks: int = 1
    status: int = 500
    message: str = "llama runner process has terminated: exit status 2"
    delay_ms: float = 5.0
    factor: float = 10.0
    size: int = 4

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> "Fault":
        """Read a fault from JSON. Raises TypeError or ValueError for what it does not know."""
        fault = cls(**plain)  # type: ignore[arg-type]  # unknown names raise; kinds are checked in the next line
        return replace(fault, kind=FaultKind(fault.kind), paths=tuple(fault.paths))

    def matches(self, path: str, model: str | None) -> bool:
        """Whether a request to `path` for `model` is hit."""
        return path in self.paths and self.model in {None, model}


class FaultBook:
    """The faults that are armed, in the order they were added."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    @property
    def armed(self) -> tuple[Fault, ...]:
        """What still waits for a request."""
        return tuple(self._armed)

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        self._armed.append(fault)

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()

    def take(self, path: str, model: str | None) -> Fault | None:
        """Return the fault for this request, and count the request on every fault it matches before that one."""
        for index, fault in enumerate(self._armed):
            if not fault.matches(path, model):
                continue
            if fault.skip:
                self._armed[index] = replace(fault, skip=fault.skip - 1)
                continue
            self._use_up(index, fault)
            return fault
        return None

    def _use_up(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._armed[index]
        else:
            self._armed[index] = replace(fault, times=fault.times - 1)
