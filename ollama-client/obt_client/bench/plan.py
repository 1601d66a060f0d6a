"""What one workload still needs: how many requests, for how long, and whether enough is known already."""

import asyncio
import time

from obt_client.bench.order import share
from obt_core.results import EndReason, Sample
from obt_core.statistics import confidence_at_look, looks, precise_enough
from obt_core.suites import ReplayArrival, Workload
from obt_core.values import counts_for, is_disturbed, value_of

REPLACED_MAX = 5
"""So many failed or disturbed requests of each stream, or half as many as samples, are made good by others; more are
not."""


class Plan:
    """How much of a workload is done and to be done. Its time in a block begins with the first request there.

    A request that failed, or met a machine that was not quiet, does not count as one of the planned, except under an
    arrival rate: there every request has its moment. One that would not end in time, by how long the last one took, is
    not begun.
    """

    def __init__(self, workload: Workload, blocks: int) -> None:
        self.workload = workload
        self.refused: str | None = None
        """Why it is not measured at all."""
        self.begun = self.good = self.failed = self.disturbed = self.timeouts = 0
        self.took_s = 0.0
        self.precise_after: int | None = None
        self._blocks, self._target = blocks, 0
        self._spent_s, self._allowed_s = 0.0, 0.0
        self._begin_s: float | None = None
        self._values: list[float] = []
        wanted = workload.precision
        self._looks = list(looks(wanted.samples_min, workload.samples)) if wanted else []
        self._confidence = confidence_at_look(len(self._looks)) if self._looks else 0.0

    @property
    def planned(self) -> int:
        """How many samples are to be had at most."""
        arrival = self.workload.arrival
        trace = len(arrival.requests) if isinstance(arrival, ReplayArrival) else self.workload.samples
        return min(trace, self.workload.samples)

    @property
    def done(self) -> int:
        """How many of the planned ones are done."""
        return self.good + (self.failed if self.workload.arrival else 0)

    def begin_block(self, block: int) -> None:
        """From here on it may go as far as this block's share. A trace is replayed whole, in the first one."""
        replays = isinstance(self.workload.arrival, ReplayArrival)
        self._target = self.planned if replays else share(self.planned, self._blocks, block)
        self._allowed_s = self.workload.budget_s * (1 if replays else block / self._blocks) - self._spent_s

    def begin(self) -> None:
        """Its time in this block begins now, unless it has begun already."""
        if self._begin_s is None:
            self._begin_s = time.monotonic()

    def end_block(self) -> None:
        """Its time in this block is over."""
        if self._begin_s is not None:
            self._spent_s += time.monotonic() - self._begin_s
            self._begin_s = None

    @property
    def open(self) -> bool:
        """Whether another request is to be begun in this block."""
        if self.refused or self.precise_after is not None or self.begun >= self._begun_max:
            return False
        counted = self.begun - (0 if self.workload.arrival else self.failed + self.disturbed)
        return counted < self._target and self._is_in_time()

    def is_over(self, block: int) -> bool:
        """Whether nothing more will be done after that block."""
        last = block == self._blocks or self.done >= self.planned
        return last or bool(self.refused) or self.precise_after is not None or self.begun >= self._begun_max

    @property
    def _begun_max(self) -> int:
        return self.planned + max(REPLACED_MAX * self.workload.concurrency, self.planned // 2)

    def _is_in_time(self) -> bool:
        spent_s = time.monotonic() - self._begin_s if self._begin_s is not None else 0.0
        return spent_s + self.took_s < self._allowed_s

    def take(self) -> int:
        """Begin a request; return its number, from 0."""
        self.begun += 1
        return self.begun - 1

    def take_back(self) -> None:
        """It was not sent after all."""
        self.begun -= 1

    def saw(self, sample: Sample) -> bool:
        """Count a request that has ended; whether it was one of the planned."""
        bad = sample.end in {EndReason.ERROR, EndReason.CANCELLED}
        to_replace = not bad and is_disturbed(sample) and self.workload.arrival is None
        self.failed, self.disturbed = self.failed + bad, self.disturbed + to_replace
        self.good += not bad and not to_replace
        if (wanted := self.workload.precision) and counts_for(sample, wanted.metric) and not is_disturbed(sample):
            value = value_of(sample, wanted.metric)
            self._values += [] if value is None else [value]
        return (not bad and not to_replace) or self.workload.arrival is not None

    async def look(self) -> None:
        """If it is time to, see whether enough is known. Computed in a thread: other streams may be timed meanwhile."""
        wanted = self.workload.precision
        if not wanted or not self._looks or len(self._values) < self._looks[0]:
            return
        values = self._values[: self._looks.pop(0)]
        if await asyncio.to_thread(precise_enough, values, wanted.within, self._confidence):
            self.precise_after = self.precise_after or len(values)

    def how_it_ended(self, *, was_stopped: bool = False) -> str:
        """One line for people. `was_stopped`: the job was cut short by others."""
        name, wanted = self.workload.name, self.workload.precision
        if self.refused:
            return f"{name}: left out: {self.refused}"
        if self.precise_after and wanted:
            return f"{name}: precise after {self.precise_after} samples ({wanted.metric} within ±{wanted.within:.1%})"
        failed = f", {self.failed} of them failed" if self.failed and self.workload.arrival else ""
        if self.done >= self.planned:
            return f"{name}: all {self.planned} samples taken{failed}{', not precise' if wanted else ''}"
        if self.begun >= self._begun_max:
            disturbed = f", {self.disturbed} were disturbed" if self.disturbed else ""
            return f"{name}: given up after {self.begun} requests, {self.failed} of which failed{disturbed}"
        why = "stopped" if was_stopped else "time was over"
        return f"{name}: {why} after {self.done} of {self.planned} requests{failed}"
