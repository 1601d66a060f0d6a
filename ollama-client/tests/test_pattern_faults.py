"""Every fault of the fake in the middle of every load pattern: the job ends, tells it, keeps what was good."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from obt_core.jobs import JobPhase, JobProgress, OutcomeStatus
from obt_core.results import DISQUALIFYING, EndReason, Flag, Sample, SampleRole
from obt_core.suites import Workload
from tests.fake_ollama import FakeOllama, Fault, FaultKind

from .jobs import Done, Sink, a_suite, work
from .patterns import MODEL, PATTERNS

CODES = {
    FaultKind.HANG_BEFORE_HEADERS: {"total_timeout", "first_chunk_timeout"},
    FaultKind.HTTP_ERROR: {"http_500"},
    FaultKind.RESET_BEFORE_HEADERS: {"connection_reset"},
    FaultKind.HANG_MID_STREAM: {"total_timeout", "idle_timeout"},
    FaultKind.ERROR_LINE: {"ollama_error"},
    FaultKind.CUT: {"connection_reset"},
    FaultKind.CLOSE: {"connection_closed"},
    FaultKind.BAD_JSON: {"bad_json"},
    FaultKind.MISSING_COUNTS: {"missing_counts"},
    FaultKind.NO_DONE: {"no_final_line"},
    FaultKind.RESTART: {"connection_reset", "connect_refused"},
}
"""What each fault that spoils its request is called. The others only make it slow or its chunks uneven."""
TIMEOUT_S = 1.0
SEED = 11
ENDS_WITHIN_S = 60.0
"""Far above what any of these takes; without an end it would be for ever."""


def _after_good(count: int, act: Callable[[], object]) -> Callable[[Sample], None]:
    seen: list[Sample] = []

    def see(sample: Sample) -> None:
        if sample.role is not SampleRole.WARMUP and sample.end is EndReason.LENGTH:
            seen.append(sample)
            if len(seen) == count:
                act()

    return see


@dataclass(frozen=True)
class _Case:
    """What became of one pattern."""

    name: str
    workload: Workload
    done: Done
    hit: int

    @property
    def failed(self) -> list[Sample]:
        return [sample for sample in self.done.counted if sample.end is EndReason.ERROR]

    @property
    def good(self) -> list[Sample]:
        return [sample for sample in self.done.counted if sample.end is EndReason.LENGTH]


async def _each(act: Callable[[FakeOllama], object], *, after_good: int = 1, wait_s: float = 5) -> list[_Case]:
    """Every pattern beside the others, each with a fake of its own, to which this happens after so many good samples.

    0: before the first request that counts is sent.
    """

    async def one(name: str, workload: Workload) -> _Case:
        async with FakeOllama([MODEL]) as fake:
            happened: list[object] = []

            def happen() -> None:
                if not happened:
                    happened.append(act(fake))

            def begins(progress: JobProgress) -> None:
                if progress.phase is JobPhase.SAMPLING and not after_good:
                    happen()

            sink = Sink(seen=_after_good(after_good, happen))
            suite = a_suite(workload, warmup_max=2, request_timeout_s=TIMEOUT_S)
            done = await work(fake.url, suite, MODEL, sink=sink, wait_s=wait_s, on_progress=begins, seed=SEED)
            return _Case(name, workload, done, len([request for request in fake.record.requests if request.fault]))

    async with asyncio.timeout(ENDS_WITHIN_S):
        return await asyncio.gather(*(one(name, workload) for name, workload in PATTERNS.items()))


@pytest.mark.parametrize("kind", FaultKind)
async def test_a_fault_spoils_its_own_requests_only(kind: FaultKind) -> None:
    third = Fault(kind, skip=2, paths=("/api/chat",), after_chunks=2, factor=3)
    cases = await _each(lambda fake: fake.add_fault(third), after_good=0)
    codes = CODES.get(kind, set())
    for case in cases:
        assert (case.done.outcome.status, case.hit) == (OutcomeStatus.COMPLETED, 1), case.name
        assert {sample.error_code for sample in case.failed} <= codes, case.name
        assert bool(case.failed) == bool(codes), case.name
        # A restart cuts all that run with it, and refuses what comes meanwhile; any other fault is one request's.
        assert len(case.failed) == 1 or kind is FaultKind.RESTART or not codes, case.name
        made_good = len(case.failed) if case.workload.arrival else 0
        assert len(case.good) == case.workload.samples - made_good, case.name
        # What was good is none the worse for it; that this machine was busy with six patterns is another matter.
        flags = {flag for sample in case.good for flag in sample.flags}
        assert flags & DISQUALIFYING <= {Flag.CLIENT_STALLED, Flag.CLOCK_STEPPED}, case.name


async def test_an_ollama_that_dies_for_good_ends_every_pattern_with_what_was_good() -> None:
    for case in await _each(lambda fake: fake.restart_soon(3_600), wait_s=0.2):
        assert (case.done.outcome.status, case.done.error_code) == (OutcomeStatus.FAILED, "ollama_unreachable")
        assert case.good, case.name


async def test_errors_without_end_end_every_pattern() -> None:
    broken = Fault(FaultKind.HTTP_ERROR, times=None, message="CUDA error: out of memory")
    for case in await _each(lambda fake: fake.add_fault(broken)):
        assert case.good, case.name
        if case.workload.arrival and case.done.outcome.error is None:  # its last moments had come before that
            assert any("of them failed" in note for note in case.done.outcome.notes), case.name
            continue
        assert case.done.outcome.error is not None, case.name
        assert "CUDA error: out of memory" in case.done.outcome.error.message, case.name


async def test_a_full_queue_is_a_finding_of_an_open_loop_and_no_trouble() -> None:
    async with FakeOllama([MODEL]) as fake:
        busy = Fault(FaultKind.HTTP_ERROR, times=3, status=503, message="server busy, please try again")
        sink = Sink(seen=_after_good(2, lambda: fake.add_fault(busy)))
        done = await work(fake.url, a_suite(PATTERNS["constant"]), MODEL, sink=sink)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert [sample.error_code for sample in done.counted].count("http_503") == 3
    assert {sample.block for sample in done.counted} == {1}
    assert any("3 of them failed" in note for note in done.outcome.notes)
