"""Metrics of each client, where there are few enough: lines for each of ten thousand would burden Prometheus."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily

from obt_server.clients.presence import Presence
from obt_server.results.standing import Newest


@dataclass(frozen=True, slots=True)
class Machine:
    """One client. `seen_age_s` is None before it was heard, `newest` before it measured."""

    id: str
    name: str
    presence: Presence
    seen_age_s: float | None
    is_measuring: bool
    newest: Newest | None


def families(machines: Sequence[Machine] | None, most: int) -> Iterator[Metric]:
    """Yield the metrics; that there are none, and why, where there are more clients than `most`."""
    left_out = "1 where no client has metrics of its own: there are more than OBT_METRICS_CLIENTS_MAX"
    yield GaugeMetricFamily("obt_client_metrics_left_out", f"{left_out} ({most}).", machines is None)
    info = GaugeMetricFamily("obt_client_info", "1; name and presence are in its labels.", labels=_INFO)
    age = GaugeMetricFamily("obt_client_seen_age_seconds", _AGE, labels=("client",))
    busy = GaugeMetricFamily("obt_client_measuring", "1 while it has a job in its hands.", labels=("client",))
    rate = GaugeMetricFamily("obt_client_newest_decode_tokens_per_second", _RATE, labels=("client", "model"))
    for one in machines or ():
        info.add_metric((one.id, one.name, one.presence), 1)
        busy.add_metric((one.id,), one.is_measuring)
        if one.seen_age_s is not None:
            age.add_metric((one.id,), one.seen_age_s)
        if one.newest is not None and one.newest.decode_tokens_per_s is not None:
            rate.add_metric((one.id, one.newest.model), one.newest.decode_tokens_per_s)
    yield from (info, age, busy, rate)


_INFO = ("client", "name", "presence")
_AGE = "Time since its last heartbeat that is written down: up to OBT_PRESENCE_FLUSH_S more than since its last one."
_RATE = "Median decode rate of its newest completed result."
