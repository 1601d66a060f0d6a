"""The sources of one job: opened, read one reading at a time, closed; those in trouble are left out and said once."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from obt_client.daemon import in_daemon
from obt_client.telemetry.passes import Pass
from obt_client.telemetry.source import Measure, Offer, Source

log = structlog.get_logger()
READ_LIMIT_S = 2.0
"""How long one reading may take."""
OPEN_LIMIT_S = 8.0
"""How long sources may take to open: NVIDIA's driver needs seconds where it is not kept loaded."""
CLOSE_LIMIT_S = 2.0

Sources = Callable[[], Sequence[Source]]


class Reader:
    """Sources that tell of the machine while they are open. Used by one task at a time."""

    def __init__(self, make: Sources) -> None:
        self._make = make
        self._sources: list[Source] = []
        self._given_up: set[str] = set()
        self._said: set[tuple[str, str]] = set()
        self.is_open = False

    async def open(self) -> list[Offer]:
        """Open what is there and answers, and return what it offers."""
        made = await in_daemon(self._make, name="telemetry")
        offers: list[Offer] = []
        left = [source for source in made if source.name not in self._given_up]
        while left:
            walk = Pass(left, lambda source: source.open())
            stuck = await walk.within(OPEN_LIMIT_S)
            self._sources += [source for source, _ in walk.done]
            offers += [offer for _, offer in walk.done]
            self._tell_trouble(walk, stuck, OPEN_LIMIT_S)
            left = left[left.index(stuck) + 1 :] if stuck else []
        self.is_open = True
        return offers

    async def read(self) -> Measure | None:
        """Take one reading. None where a source was stuck, which is then left out of the next ones."""
        walk = Pass(self._sources, lambda source: source.read())
        begun_s = time.monotonic()
        stuck = await walk.within(READ_LIMIT_S)
        self._tell_trouble(walk, stuck, READ_LIMIT_S)
        if stuck or time.monotonic() - begun_s > READ_LIMIT_S:
            self._sources = [source for source in self._sources if source is not stuck]
            return None
        measure = Measure(at_s=walk.begun_s)
        for _, told in walk.done:
            measure.add(told)
        return measure

    async def close(self) -> None:
        """Close all but those that are stuck, which nobody can."""
        self.is_open = False
        sources, self._sources = self._sources, []
        walk = Pass(sources, lambda source: source.close())
        self._tell_trouble(walk, await walk.within(CLOSE_LIMIT_S), CLOSE_LIMIT_S)

    def _tell_trouble(self, walk: Pass[Any], stuck: Source | None, limit_s: float) -> None:
        for source, error in walk.failed:
            self._say("telemetry_source_failed", source, reason=f"{type(error).__name__}: {error}")
        if stuck:
            self._given_up.add(stuck.name)
            self._say("telemetry_source_slow", stuck, limit_s=limit_s)

    def _say(self, event: str, source: Source, **facts: object) -> None:
        """Once each: a driver in trouble is so at every tick."""
        if (event, source.name) not in self._said:
            self._said.add((event, source.name))
            log.warning(event, source=source.name, **facts)
