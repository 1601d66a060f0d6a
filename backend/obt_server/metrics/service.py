"""The exposition: all that Prometheus reads, made when it asks."""

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder

from obt_server.metrics.fleet import Fleet
from obt_server.metrics.process import Process
from obt_server.metrics.requests import Requests


class Metrics:
    """The metrics of one server. A registry of its own: several servers may live in one process."""

    def __init__(self, requests: Requests, process: Process, fleet: Fleet) -> None:
        self._fleet = fleet
        self._registry = CollectorRegistry()
        for collector in (requests, process, fleet):
            self._registry.register(collector)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    async def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return the text in the form that is asked for, Prometheus' or OpenMetrics', and its media type."""
        await self._fleet.refresh()
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type
