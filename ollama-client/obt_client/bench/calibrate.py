"""Measures OBT itself on this very machine: its reader against a stand-in whose true times are known."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from obt_client.bench.calibration import CalibratedLevel, Calibration, of_this_client
from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.gate import Gate
from obt_client.bench.load import LEAD_NS, Turn, open_loop
from obt_client.bench.standin.asked import Times
from obt_client.bench.standin.process import Report, StandIn, Truth
from obt_client.bench.standin.record import quantile
from obt_client.bench.stream import stream
from obt_core.metrics import Trace
from obt_core.results import ClockSource, Flag

LEVELS = (1, 8, 32, 128)
SECONDS = 9.0
"""Of streaming, over all levels; the whole takes a second more."""
QUICK_LEVELS = (1, 8)
QUICK_SECONDS = 1.5
_FEW_STREAMS_TIMES, _MANY_STREAMS_TIMES = Times(20, 10, tokens=16), Times(20, 10, tokens=48)
"""Short answers give one stream enough of them to tell of TTFT; many streams would be all connecting."""
_MANY_STREAMS = 32

Progress = Callable[[int, int, int], None]
"""Told of each request that ended: the level's streams, how many have ended, of how many."""


_Ask = Callable[[str, Gate | None], Awaitable[Trace]]


class CalibrationError(Exception):
    """A request to the stand-in failed; the text says how."""


@dataclass(frozen=True, slots=True)
class _Request:
    """One request: what was seen, and how late it was sent."""

    label: str
    trace: Trace
    late_ms: float | None


async def calibrate(
    levels: Sequence[int] = LEVELS, seconds: float = SECONDS, progress: Progress | None = None
) -> Calibration:
    """Measure OBT's own error at rising numbers of streams, in about `seconds` and one more.

    Requests go out at fixed moments, so that about as many streams are open as the level says; what the generator is
    late by is measured too. Raises CalibrationError and StandInError.
    """
    async with StandIn() as standin:
        measured = [await _level(standin, streams, seconds / len(levels), progress) for streams in sorted(levels)]
    return of_this_client(tuple(measured), measured[-1].measured_at)


async def _level(standin: StandIn, streams: int, seconds: float, progress: Progress | None) -> CalibratedLevel:
    times = _MANY_STREAMS_TIMES if streams >= _MANY_STREAMS else _FEW_STREAMS_TIMES
    answer_s = times.answer_ms / 1e3
    period_s = answer_s / streams
    count = max(streams, round((seconds - answer_s) / period_s))

    async def ask(label: str, gate: Gate | None = None) -> Trace:
        return await stream(f"{standin.url}/api/generate", {"model": times.model, "prompt": label}, gate=gate)

    await ask("warm up")  # once through all code on both sides before anything is timed
    await standin.clear()
    cpu_s, begin_s = time.process_time(), time.perf_counter()
    requests = await _requests(ask, count, period_s, lambda done: progress and progress(streams, done, count))
    took_s, cpu_s = time.perf_counter() - begin_s - LEAD_NS / 1e9, time.process_time() - cpu_s
    delivered = ((count - 1) * period_s + answer_s) / took_s
    seen = _Seen(requests, {truth.label: truth for truth in await standin.truths()}, await standin.report())
    return seen.level(streams, delivered, cpu_s)


async def _requests(ask: _Ask, count: int, period_s: float, ended: Callable[[int], object]) -> list[_Request]:
    """Send at fixed moments, as a suite's open loop does; tell of each that ended how many have."""
    numbers, done = iter(range(count)), list[_Request]()

    async def one(turn: Turn) -> None:
        label = f"n{turn.number}"
        trace = await ask(label, turn.gate)
        done.append(_Request(label, trace, turn.gate.lateness_ms if turn.gate else None))
        ended(len(done))

    offsets_s = [number * period_s for number in range(count)]
    await open_loop(offsets_s, lambda: next(numbers, None), one, lambda: False)
    return done


class _Seen:
    """What one level told, held against the truth."""

    def __init__(self, requests: list[_Request], truths: dict[str, Truth], report: Report) -> None:
        if failed := [request.trace for request in requests if request.trace.error_code]:
            raise CalibrationError(f"{len(failed)} of {len(requests)} requests failed: {failed[0].error}")
        self._pairs = [(request, truths[request.label]) for request in requests]
        self._traces = [request.trace for request in requests]
        self._report = report

    def level(self, streams: int, delivered: float, cpu_s: float) -> CalibratedLevel:
        """Put it into figures."""
        ttft, gap = _ranked_us(self._ttft_errors_ns()), _ranked_us(self._gap_errors_ns())
        late_ms = sorted(one.late_ms for one, _ in self._pairs if one.late_ms is not None)
        tokens = sum(len(trace.chunks) for trace in self._traces)
        clocks = {trace.clock for trace in self._traces}
        return CalibratedLevel(
            streams=streams,
            ttft_p50_us=_at(ttft, 0.5),
            ttft_p99_us=_at(ttft, 0.99),
            ttft_max_us=_at(ttft, 1.0),
            gap_p50_us=_at(gap, 0.5),
            gap_p99_us=_at(gap, 0.99),
            gap_max_us=_at(gap, 1.0),
            lateness_p50_ms=_at(late_ms, 0.5),
            lateness_p99_ms=_at(late_ms, 0.99),
            clock=BEST_CLOCK if clocks == {BEST_CLOCK} else ClockSource.PROCESS,
            measured_at=datetime.now(UTC),
            requests=len(self._pairs),
            flagged=sum(Flag.CLIENT_STALLED in trace.flags for trace in self._traces),
            merged_share=sum(chunk.merged for trace in self._traces for chunk in trace.chunks) / tokens,
            delivered_of_ideal=round(delivered, 4),
            cpu_s_per_1000_tokens=round(cpu_s / tokens * 1e3, 5),
            standin_late_p99_ms=self._report.late_p99_ms,
            standin_cpu_share=self._report.cpu_share,
        )

    def _ttft_errors_ns(self) -> Iterable[int]:
        """Told, less the time from the request's arrival to the first token's departure: the way of both counts."""
        for one, truth in self._pairs:
            told_ns = one.trace.chunks[0].stamp_ns - one.trace.sent_ns
            yield told_ns - (truth.written_ns[0] - truth.received_ns)

    def _gap_errors_ns(self) -> Iterable[int]:
        for one, truth in self._pairs:
            seen = [chunk.stamp_ns for chunk in one.trace.chunks]
            for (a, b), (x, y) in zip(pairwise(seen), pairwise(truth.written_ns), strict=True):
                yield (b - a) - (y - x)


def _ranked_us(errors_ns: Iterable[int]) -> list[float]:
    return sorted(abs(error) / 1e3 for error in errors_ns)


def _at(ranked: list[float], share: float) -> float:
    value = quantile(ranked, share)
    assert value is not None  # noqa: S101  every request has tokens
    return round(value, 3)
