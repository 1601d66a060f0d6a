"""How far a job is and how fast tokens stream now, told at most every quarter of a second."""

import asyncio
from collections.abc import Callable

from obt_core.jobs import JobPhase, JobProgress
from obt_core.suites import Suite

REPORT_EVERY_S = 0.25


class _Flow:
    """The chunks of one running request. Counting one is all that happens in the timed path."""

    __slots__ = ("_loop", "first_s", "last_s", "lines", "lines_first")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.first_s = self.last_s = 0.0
        self.lines = self.lines_first = 0

    def count(self, lines: int) -> None:
        self.last_s = self._loop.time()
        if not self.first_s:
            self.first_s, self.lines_first = self.last_s, lines
        self.lines = lines

    @property
    def per_s(self) -> float | None:
        span_s = self.last_s - self.first_s
        return (self.lines - self.lines_first) / span_s if span_s > 0 else None


class Progress:
    """Keeps count and tells. `tokens_per_s` counts chunks of all running requests: nearly tokens, and at once."""

    def __init__(self, suite: Suite, on_progress: Callable[[JobProgress], None]) -> None:
        self._on_progress = on_progress
        self._phase = JobPhase.PREFLIGHT
        self._workload: str | None = None
        self._done = 0
        self._planned = suite.samples_planned()
        self._flows: dict[int, _Flow] = {}
        self._told: JobProgress | None = None

    def enter(self, phase: JobPhase, workload: str | None = None) -> None:
        """Go on to another phase or workload, which is told at once."""
        self._phase, self._workload = phase, workload
        self.tell()

    def sample_taken(self) -> None:
        """Count a request that was planned."""
        self._done += 1

    def left_out(self, samples: int) -> None:
        """Plan for fewer: a workload's time was over."""
        self._planned -= samples

    def begin(self, stream: int) -> Callable[[int], None]:
        """A request begins; return what counts its chunks."""
        flow = self._flows[stream] = _Flow()
        return flow.count

    def end(self, stream: int) -> None:
        """The request has ended."""
        self._flows.pop(stream, None)

    def tell(self) -> None:
        """Tell, if anything is new."""
        rates = [rate for flow in self._flows.values() if (rate := flow.per_s)]
        progress = JobProgress(
            phase=self._phase,
            workload=self._workload,
            samples_done=self._done,
            samples_planned=self._planned,
            tokens_per_s=round(min(sum(rates), 1e9), 1) if rates else None,
        )
        if progress != self._told:
            self._told = progress
            self._on_progress(progress)

    async def keep_telling(self) -> None:
        """Tell every quarter of a second, until cancelled."""
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            self.tell()
