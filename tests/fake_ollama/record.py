"""The fake's own record of truth: when each request came, when each chunk was handed to the kernel."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from tests.fake_ollama.faults import GENERATIONS

KINDS = ("thinking", "content", "final", "error", "garbage", "body")
"""What a write carried. `body` is a reply that is not a stream."""
_CODE = {kind: code for code, kind in enumerate(KINDS)}


class WrittenChunk(NamedTuple):
    """One line of a stream. Stamps are taken directly before the send: CLOCK_REALTIME, then monotonic, in ns.

    `due_monotonic_ns` is when the schedule wanted it.
    """

    at_ns: int
    monotonic_ns: int
    due_monotonic_ns: int
    kind: str


@dataclass(slots=True)
class RequestRecord:
    """One request. `received_ns` (CLOCK_REALTIME) is taken directly after the request was parsed."""

    number: int
    connection: int
    method: str
    path: str
    body: Mapping[str, object]
    received_ns: int
    received_monotonic_ns: int
    model: str | None = None
    fault: str | None = None
    outcome: str = "running"
    """running, done, error, client_gone, cut, hung."""
    status: int | None = None
    blocked_writes: int = 0
    """Writes that the kernel did not take at once: their stamp is earlier than their way onto the wire."""
    _stamps: "array[int]" = field(default_factory=lambda: array("q"), repr=False)
    _kinds: bytearray = field(default_factory=bytearray, repr=False)

    def wrote(self, kind: str, at_ns: int, monotonic_ns: int, due_monotonic_ns: int) -> None:
        """Note one line; compact, since forty thousand come in a second."""
        self._stamps.extend((at_ns, monotonic_ns, due_monotonic_ns))
        self._kinds.append(_CODE[kind])

    @property
    def chunks(self) -> list[WrittenChunk]:
        """All lines in the order they were written."""
        stamps = self._stamps
        return [
            WrittenChunk(stamps[3 * i], stamps[3 * i + 1], stamps[3 * i + 2], KINDS[code])
            for i, code in enumerate(self._kinds)
        ]

    @property
    def content(self) -> list[WrittenChunk]:
        """The lines that carried text or thinking."""
        return [chunk for chunk in self.chunks if chunk.kind in {"thinking", "content"}]

    def as_json(self) -> dict[str, object]:
        """Everything, for `/_fake/record`; a chunk is a list in the order of WrittenChunk."""
        plain = {name: getattr(self, name) for name in self.__slots__ if not name.startswith("_")}
        return {**plain, "chunks": self.chunks}

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> "RequestRecord":
        """Read back what `as_json` wrote."""
        rest = {name: value for name, value in plain.items() if name != "chunks"}
        record = cls(**rest)  # type: ignore[arg-type]  # names and types are those of as_json
        for at_ns, monotonic_ns, due_ns, kind in cast("list[tuple[int, int, int, str]]", plain["chunks"]):
            record.wrote(kind, at_ns, monotonic_ns, due_ns)
        return record


class Record:
    """All requests since the start, or since `clear()`."""

    def __init__(self) -> None:
        self.requests: list[RequestRecord] = []
        self._count = 0

    def start(self, connection: int, method: str, path: str, received: tuple[int, int]) -> RequestRecord:
        """Open the record of a request; `received` holds CLOCK_REALTIME and monotonic, in ns."""
        self._count += 1
        request = RequestRecord(self._count, connection, method, path, {}, *received)
        self.requests.append(request)
        return request

    def clear(self) -> None:
        """Forget all requests; numbers go on."""
        self.requests.clear()

    def of(self, *paths: str) -> list[RequestRecord]:
        """Requests to these paths, such as "/api/chat"."""
        return [request for request in self.requests if request.path in paths]

    @property
    def generations(self) -> list[RequestRecord]:
        """Requests that asked for text."""
        return self.of(*GENERATIONS)
