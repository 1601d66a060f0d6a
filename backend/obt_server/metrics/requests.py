"""Requests, counted where they pass. To note one costs about a microsecond; all else is done when somebody looks."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from starlette.types import Scope

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
HEARTBEAT = "/api/v1/clients/{client_id}/heartbeat"
DASHBOARD, UNKNOWN = "dashboard", "unknown"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_API = "/api/v1"
_CLASSES = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
Key = tuple[str, str, str]
"""Route, method, class of the status."""


@dataclass(slots=True)
class _Cell:
    """Requests of one kind: by bucket, the last one for what took longer, and all their seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    seconds: float = 0.0


class Requests(Collector):
    """How many requests of which kind were answered how fast, and what goes over live sockets."""

    def __init__(self) -> None:
        self._cells: dict[Key, _Cell] = {}
        self.running = 0
        self.sockets = 0
        self.messages = 0
        self.told_bytes = 0

    def note(self, scope: Scope, status: int | None, took_s: float) -> None:
        """Count one request; `status` is None where nothing was answered."""
        method = scope["method"]
        cls = _CLASSES[0 if status is None else status // 100]
        key = route_of(scope), method if method in _METHODS else "other", cls
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell()
        cell.counts[bisect_left(BUCKETS_S, took_s)] += 1
        cell.seconds += took_s

    def describe(self) -> Iterable[Metric]:
        """Name what there will be."""
        return self.collect()

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted."""
        count = CounterMetricFamily("obt_requests", _REQUESTS, labels=("route", "method", "status"))
        beats = 0
        for key, cell in self._cells.items():
            count.add_metric(key, sum(cell.counts))
            beats += sum(cell.counts) if key[0] == HEARTBEAT and key[2] == "2xx" else 0
        yield count
        yield self._durations()
        yield GaugeMetricFamily("obt_requests_running", "Requests not answered yet, held beats too.", self.running)
        yield CounterMetricFamily("obt_heartbeats", "Heartbeats answered.", beats)
        yield GaugeMetricFamily("obt_live_sockets", "Open live sockets of browsers.", self.sockets)
        yield CounterMetricFamily("obt_live_messages", "Messages sent over live sockets.", self.messages)
        yield CounterMetricFamily("obt_live_sent_bytes", "Their text, before compression, in bytes.", self.told_bytes)

    def _durations(self) -> HistogramMetricFamily:
        """Put the classes of a route together: fourteen buckets for each would be many lines."""
        histogram = HistogramMetricFamily("obt_request_duration_seconds", _DURATION, labels=("route", "method"))
        together: dict[tuple[str, str], _Cell] = {}
        for (route, method, _), cell in self._cells.items():
            into = together.setdefault((route, method), _Cell())
            into.counts = [one + other for one, other in zip(into.counts, cell.counts, strict=True)]
            into.seconds += cell.seconds
        for labels, cell in together.items():
            histogram.add_metric(labels, _cumulative(cell.counts), cell.seconds)
        return histogram


_REQUESTS = "Requests by route, method and class of the answer's status; none: the server stopped before it answered."
_DURATION = "From the request's head to the end of its answer. A heartbeat's includes the time for which it is held."


def route_of(scope: Scope) -> str:
    """Return the route's template, never an address: whoever asks for nonsense makes no new lines."""
    template: str | None = getattr(scope.get("route"), "path_format", None)
    path: str = scope["path"]
    if template is not None:
        return _API + template if path.startswith(f"{_API}/") and not template.startswith(_API) else template
    return UNKNOWN if path.startswith("/api/") else DASHBOARD


def _cumulative(counts: list[int]) -> list[tuple[str, float]]:
    told, total = list[tuple[str, float]](), 0
    for edge, count in zip((*map(str, BUCKETS_S), "+Inf"), counts, strict=True):
        total += count
        told.append((edge, total))
    return told
