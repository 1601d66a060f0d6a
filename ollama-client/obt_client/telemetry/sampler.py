"""Telemetry of one job: readings of the machine in the background, about one a second, and on demand."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from obt_client.telemetry.energy import Energy
from obt_client.telemetry.reader import Reader, Sources
from obt_client.telemetry.reading import Reading, told_of
from obt_client.telemetry.series import Series, channels_of
from obt_client.telemetry.source import Measure, Offer, Source
from obt_core.telemetry import Channel, EnergySource, Telemetry, TelemetryBatch, Track

__all__ = ["LOOK_MIN_S", "Reading", "Telemeter"]

log = structlog.get_logger()
LOOK_MIN_S = 0.25
"""A reading that is younger is good enough for whoever asks: processes are counted in hundredths of a second."""
TELL_EVERY_S = 10.0
READINGS_KEPT = 1_800
"""Half an hour at one a second, for `between`; ticks are kept all."""


@dataclass(frozen=True, slots=True)
class _Taken:
    measure: Measure
    energy_j: dict[str, float]
    reading: Reading


class Telemeter:
    """Watches the machine while `running()` is entered; nothing is opened or read before.

    `on_ticks` gets new ticks about every ten seconds and at leaving. What it could not take (OSError, which is logged)
    comes again with the next. With `remote`, or an interval of 0, there are no channels and no ticks. `sources` are
    others than this machine's, in tests.
    """

    def __init__(
        self,
        ollama_url: str,
        *,
        remote: bool,
        interval_s: float = 1.0,
        sources: Sources | None = None,
        on_ticks: Callable[[TelemetryBatch], Awaitable[None]] | None = None,
    ) -> None:
        self._interval_s, self._on_ticks = interval_s, on_ticks
        self._is_off = remote or interval_s <= 0
        self._reader = Reader(sources or _this_machine(ollama_url))
        self._series = Series((), datetime.now(UTC), time.monotonic())
        self._has_begun = False
        self._energy = Energy((), ())
        self._readings: deque[Reading] = deque(maxlen=READINGS_KEPT)
        self._last: _Taken | None = None
        self._last_tick: Measure | None = None
        self._taking: asyncio.Task[_Taken | None] | None = None
        self._ticks_told, self._can_tell = 0, True
        self.knows_foreign_cpu = False
        """Whether any reading told what neither Ollama nor this client used."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What the series has, from the first start on. A GPU that disappears gives None from then on."""
        return self._series.channels

    @property
    def started_at(self) -> datetime:
        """When the series began."""
        return self._series.started_at

    def telemetry(self) -> Telemetry:
        """All ticks so far."""
        return self._series.telemetry()

    def between(self, begin_s: float, end_s: float) -> list[Reading]:
        """Readings that speak of any of the time between two moments of the monotonic clock, of the last half hour."""
        return [reading for reading in self._readings if reading.overlaps(begin_s, end_s)]

    async def look(self) -> Reading:
        """A reading now, or the last one where it is young enough. Empty where nothing is watched or told."""
        if taken := await self._fresh():
            return taken.reading
        now_s = time.monotonic()
        return Reading(at_s=now_s, previous_s=now_s, at=datetime.now(UTC))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Watch meanwhile. It may be entered again later: the series goes on, and of the pause nothing is counted."""
        if self._is_off:
            yield
            return
        stopping = asyncio.Event()
        try:
            await self._start()
            ticking = asyncio.create_task(self._keep_ticking())
            telling = asyncio.create_task(self._keep_telling(stopping))
            try:
                yield
            finally:
                await self._stop(ticking, telling, stopping)
        finally:
            if self._taking:
                await asyncio.wait({self._taking})
            await self._reader.close()

    async def _start(self) -> None:
        """Open the sources and take the first tick, which what is per second is counted from."""
        offers = await self._opened()
        if not self._has_begun:
            self._series = Series(channels_of(offers), datetime.now(UTC), time.monotonic())
            self._energy, self._has_begun = _energy_of(self.channels), True
        self._energy.resume()
        self._last = self._last_tick = None
        await self._tick()

    async def _opened(self) -> list[Offer]:
        """A job that is cancelled meanwhile waits until all are open, so that they can be closed."""
        opening = asyncio.create_task(self._reader.open())
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            await asyncio.wait({opening})
            raise

    async def _stop(
        self, ticking: "asyncio.Task[None]", telling: "asyncio.Task[None]", stopping: asyncio.Event
    ) -> None:
        """Take the last tick and tell what is left, whatever the job ended with."""
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        try:
            await self._tick()
            stopping.set()
            await telling
        finally:
            telling.cancel()

    async def _keep_ticking(self) -> None:
        """Keep to the beat; a tick that took longer costs those that it overran."""
        due_s = time.monotonic()
        while True:
            due_s += self._interval_s * (1 + max(0.0, time.monotonic() - due_s) // self._interval_s)
            await asyncio.sleep(due_s - time.monotonic())
            await self._tick()

    async def _tick(self) -> None:
        taken = await self._fresh()
        if taken and taken.measure is not self._last_tick:
            self._series.add(taken.measure.at_s, told_of(self._last_tick, taken.measure, taken.energy_j))
            self._last_tick = taken.measure

    async def _fresh(self) -> _Taken | None:
        """Return a reading that is young; who asks while one is taken gets that one."""
        if self._last and time.monotonic() - self._last.measure.at_s < LOOK_MIN_S:
            return self._last
        if not self._reader.is_open:
            return None
        if self._taking is None:
            self._taking = asyncio.create_task(self._take())
        # Who asked may be cancelled; two walks through the sources at once may not be.
        return await asyncio.shield(self._taking)

    async def _take(self) -> _Taken | None:
        try:
            measure = await self._reader.read()
            if measure:
                self._last = self._taken(measure)
            return self._last if measure else None
        finally:
            self._taking = None

    def _taken(self, measure: Measure) -> _Taken:
        before = self._last.measure if self._last else None
        watts = {device: value for (track, device), value in measure.gauges.items() if track == Track.POWER and device}
        energy_j = self._energy.add(measure.at_s, measure.joules, watts)
        told = told_of(before, measure, energy_j)
        self.knows_foreign_cpu |= (Track.FOREIGN_CPU, None) in told
        previous_s = before.at_s if before else measure.at_s
        reading = Reading(at_s=measure.at_s, previous_s=previous_s, at=datetime.now(UTC), told=told)
        self._readings.append(reading)
        return _Taken(measure, energy_j, reading)

    async def _keep_telling(self, stopping: asyncio.Event) -> None:
        is_over = False
        while not is_over:
            with suppress(TimeoutError):
                async with asyncio.timeout(TELL_EVERY_S):
                    await stopping.wait()
            is_over = stopping.is_set()
            await self._tell()

    async def _tell(self) -> None:
        while self._on_ticks and self._ticks_told < len(self._series):
            batch = self._series.batch(self._ticks_told)
            try:
                await self._on_ticks(batch)
            except OSError as error:
                if self._can_tell:
                    log.warning("telemetry_not_stored", reason=str(error))
                self._can_tell = False
                return
            self._can_tell = True
            self._ticks_told += len(batch.telemetry.ticks)


def _energy_of(channels: tuple[Channel, ...]) -> Energy:
    counts = {source: [str(c.device) for c in channels if c.source == source] for source in EnergySource}
    return Energy(counts[EnergySource.COUNTER], counts[EnergySource.INTEGRATED])


def _this_machine(ollama_url: str) -> Sources:
    made: list[Sources] = []

    def make() -> Sequence[Source]:
        from obt_client.telemetry.machine import ThisMachine  # noqa: PLC0415  psutil and NVML take 60 ms

        if not made:
            made.append(ThisMachine(ollama_url).sources)
        return made[0]()

    return make
