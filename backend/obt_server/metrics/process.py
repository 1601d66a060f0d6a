"""What one process tells of its inside: its release, its loops, its pools, its held beats, the lines it logged."""

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__, logs
from obt_server.events import Event
from obt_server.pool import WatchedPool
from obt_server.pulse import Pulse
from obt_server.room import Room


class Process(Collector):
    """Reads what is there when it is asked. `held` are the held beats of this process, `held_max` how many may be."""

    def __init__(
        self,
        *,
        database: str,
        pools: Callable[[], Mapping[str, WatchedPool]],
        pulse: Pulse,
        held: Sized,
        held_max: int,
        is_draining: Callable[[], bool],
        room: Room,
    ) -> None:
        self._database, self._pools, self._pulse = database, pools, pulse
        self._held, self._held_max, self._is_draining, self._room = held, held_max, is_draining, room
        self._events: Counter[str] = Counter()

    def hear(self, events: Sequence[Event]) -> None:
        """Count events; a listener of the bus."""
        for event in events:
            self._events[type(event).__name__] += 1

    def describe(self) -> Iterable[Metric]:
        """Name what there will be."""
        return self.collect()

    def collect(self) -> Iterator[Metric]:
        """Yield what stands now."""
        build = GaugeMetricFamily("obt_build_info", "1; the release is in its labels.", labels=_BUILD_LABELS)
        build.add_metric((__version__, str(PROTOCOL_VERSION), platform.python_version(), self._database), 1)
        yield build
        yield GaugeMetricFamily("obt_draining", "1 while this server stops: it takes no more.", self._is_draining())
        yield GaugeMetricFamily("obt_held_beats", "Heartbeats that this server holds now.", len(self._held))
        yield GaugeMetricFamily("obt_held_beats_max", "How many it may hold (OBT_HELD_HEARTBEATS_MAX).", self._held_max)
        yield _counter("obt_events", _EVENTS, "kind", self._events)
        yield _counter("obt_log_lines", "Lines logged.", "level", {level: logs.lines[level] for level in _LEVELS})
        yield from self._of_loops()
        yield from self._of_pools()
        yield from self._of_disks()

    def _of_disks(self) -> Iterator[Metric]:
        free = GaugeMetricFamily("obt_disk_free_bytes", "Room on the disk of each folder.", labels=("of",))
        for disk, free_bytes in self._room.free_bytes.items():
            free.add_metric((str(disk),), free_bytes)
        yield free
        yield GaugeMetricFamily("obt_disk_free_min_bytes", _LEAST, self._room.least_bytes)

    def _of_loops(self) -> Iterator[Metric]:
        rounds = CounterMetricFamily("obt_loop_rounds", "Rounds of what the server does by itself.", labels=_ROUND)
        took = CounterMetricFamily("obt_loop_seconds", "Time that all rounds took, in seconds.", labels=("loop",))
        last = GaugeMetricFamily("obt_loop_last_success_timestamp_seconds", _LAST, labels=("loop",))
        for loop in self._pulse:
            rounds.add_metric((loop.name, "succeeded"), loop.succeeded)
            rounds.add_metric((loop.name, "failed"), loop.failed)
            took.add_metric((loop.name,), loop.took_s)
            if loop.succeeded_epoch_s is not None:
                last.add_metric((loop.name,), loop.succeeded_epoch_s)
        yield from (rounds, took, last)

    def _of_pools(self) -> Iterator[Metric]:
        most = GaugeMetricFamily("obt_database_connections_max", "Connections there may be.", labels=("pool",))
        used = GaugeMetricFamily("obt_database_connections_in_use", "Connections in use.", labels=("pool",))
        waiting = GaugeMetricFamily("obt_database_waiting", "Who waits for a connection now.", labels=("pool",))
        asked = CounterMetricFamily("obt_database_checkouts", "Connections asked for.", labels=("pool",))
        waited = CounterMetricFamily("obt_database_wait_seconds", _WAITED, labels=("pool",))
        for use, pool in self._pools().items():
            most.add_metric((use,), pool.connections_max)
            used.add_metric((use,), pool.checkedout())
            waiting.add_metric((use,), pool.waits.waiting)
            asked.add_metric((use,), pool.waits.asked)
            waited.add_metric((use,), pool.waits.waited_s)
        yield from (most, used, waiting, asked, waited)


_BUILD_LABELS = ("version", "protocol", "python", "database")
_LEVELS = ("debug", "info", "warning", "error", "critical")
_ROUND = ("loop", "end")
_EVENTS = "Changes that this server heard of, its own and other servers'."
_LEAST = "Below so much room nothing new is measured (OBT_DISK_FREE_MIN_MB)."
_LAST = "When a loop last succeeded, in Unix time."
_WAITED = "Time until those connections could be used, together, in seconds: waiting, connecting, asking if it lives."


def _counter(name: str, meaning: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=(label,))
    for value, count in sorted(counts.items()):
        family.add_metric((value,), count)
    return family
