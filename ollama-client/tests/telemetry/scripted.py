"""Sources that tell what a test wants."""

import threading
from collections.abc import Awaitable, Callable

from obt_client.telemetry.sampler import Reading, Telemeter
from obt_client.telemetry.source import Key, Measure, Offer, Source
from obt_core.telemetry import TelemetryBatch, Track

URL = "http://127.0.0.1:1"
GPU: Key = (Track.TEMPERATURE, "gpu0")


class Scripted:
    """A source that tells `measure`, and remembers what was done with it. `stuck` holds it up, `error` is raised."""

    def __init__(self, name: str = "scripted", offer: Offer | None = None) -> None:
        self.name = name
        self.offer = offer or Offer((GPU, (Track.CPU, None)), counts_energy=("cpu",))
        self.measure = Measure(gauges={GPU: 60.0}, counters={(Track.CPU, None): 0.0}, joules={"cpu": 1_000.0})
        self.done: list[str] = []
        self.error: Exception | None = None
        self.stuck: threading.Event | None = None
        self.stuck_in = ""
        """Only there, of `open` and `read`; else in both."""

    def open(self) -> Offer:
        self._do("open")
        return self.offer

    def read(self) -> Measure:
        self._do("read")
        told = self.measure
        return Measure(gauges=dict(told.gauges), counters=dict(told.counters), joules=dict(told.joules))

    def close(self) -> None:
        self._do("close")

    def _do(self, what: str) -> None:
        self.done.append(what)
        if self.stuck and what != "close" and self.stuck_in in {"", what}:
            self.stuck.wait(60)
        if self.error:
            raise self.error


def a_telemeter(
    *sources: Source,
    interval_s: float = 0.02,
    remote: bool = False,
    on_ticks: Callable[[TelemetryBatch], Awaitable[None]] | None = None,
) -> Telemeter:
    return Telemeter(URL, remote=remote, interval_s=interval_s, sources=lambda: list(sources), on_ticks=on_ticks)


async def looks_until(telemeter: Telemeter, is_so: Callable[[Reading], bool]) -> list[Reading]:
    """Look until a reading is as wanted, and return all until then, each once."""
    found: list[Reading] = []
    while not (found and is_so(found[-1])):
        reading = await telemeter.look()
        if not found or reading is not found[-1]:
            found.append(reading)
    return found
