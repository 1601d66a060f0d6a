"""The fleet as it is stored: read at most every ten seconds, by whichever server is asked, from counts and indices."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clock import Clock
from obt_server.db import Database
from obt_server.jobs import depths as job_depths
from obt_server.metrics.machines import Machine, families
from obt_server.operations import depths as operation_depths
from obt_server.results import standing

log = structlog.get_logger()
KEPT_S = 10.0
READ_S = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What was read, together, at one moment. `machines` is None where there are more than may be told one by one."""

    clients: Counter[Presence] = field(default_factory=Counter[Presence])
    jobs: dict[str, int] = field(default_factory=dict[str, int])
    operations: dict[str, int] = field(default_factory=dict[str, int])
    results: dict[str, int] = field(default_factory=dict[str, int])
    machines: list[Machine] | None = field(default_factory=list[Machine])


class Fleet(Collector):
    """Gauges of what the database holds. Each server tells the same of it: take one, never their sum."""

    def __init__(self, db: Database, rule: PresenceRule, clock: Clock, machines_max: int) -> None:
        self._db, self._rule, self._clock = db, rule, clock
        self._machines_max = machines_max
        self._standing = Standing()
        self._read_at_s: float | None = None
        self._is_up = False
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Read it, unless that was done just now. What cannot be read stays as it was, and `obt_database_up` is 0."""
        async with self._lock:
            if self._is_up and self._read_at_s is not None and time.monotonic() - self._read_at_s < KEPT_S:
                return
            was_up, self._is_up = self._is_up, False
            try:
                async with asyncio.timeout(READ_S), self._db.read() as session:
                    self._standing = await self._read(session, self._clock.now())
                self._is_up, self._read_at_s = True, time.monotonic()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                if was_up:
                    log.warning("fleet_not_read", error=str(error)[:300] or type(error).__name__)

    async def _read(self, session: AsyncSession, now: datetime) -> Standing:
        seen = await clients.list_seen(session, self._rule, now)
        return Standing(
            clients=Counter(one.presence for one in seen),
            jobs={str(status): count for status, count in (await job_depths.by_status(session)).items()},
            operations={str(status): count for status, count in (await operation_depths.by_status(session)).items()},
            results={str(status): count for status, count in (await standing.totals(session)).items()},
            machines=await self._machines(session, seen, now) if len(seen) <= self._machines_max else None,
        )

    async def _machines(self, session: AsyncSession, seen: list[clients.Seen], now: datetime) -> list[Machine]:
        ids = [one.id for one in seen]
        names, newest = await clients.names(session, ids), await standing.newest_of(session, ids)
        busy = await job_depths.busy_clients(session)
        return [
            Machine(
                id=one.id,
                name=names.get(one.id, ""),
                presence=one.presence,
                seen_age_s=None if one.last_seen_at is None else (now - one.last_seen_at).total_seconds(),
                is_measuring=one.id in busy,
                newest=newest.get(one.id),
            )
            for one in seen
        ]

    def describe(self) -> Iterable[Metric]:
        """Name what there will be."""
        return self.collect()

    def collect(self) -> Iterator[Metric]:
        """Yield what was read last."""
        yield GaugeMetricFamily("obt_database_up", "1 where the fleet could be read just now.", self._is_up)
        if self._read_at_s is not None:
            age_s = time.monotonic() - self._read_at_s
            yield GaugeMetricFamily("obt_fleet_age_seconds", "How long ago the fleet was read.", age_s)
        told = self._standing
        presences = {str(one): told.clients[one] for one in Presence}
        yield _gauge("obt_clients", "Clients that are not archived.", "presence", presences)
        yield _gauge("obt_jobs_open", "Jobs that have not ended.", "status", told.jobs)
        yield _gauge("obt_operations_open", "Operations that have not ended.", "status", told.operations)
        yield _gauge("obt_results", "Results that are stored.", "status", told.results)
        yield from families(told.machines, self._machines_max)


def _gauge(name: str, meaning: str, label: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family
