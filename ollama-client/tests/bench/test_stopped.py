"""A measuring process that is stopped in the middle: every sample it was timing then says so, and no other does."""

import asyncio
import json
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from obt_client.bench.clocks import BEST_CLOCK
from obt_core.results import ClockSource, Flag
from tests.fake_ollama import FakeModel, FakeOllamaProcess, RequestRecord

_PROGRAM = Path(__file__).with_name("measuring_process.py")
_STREAMS, _REQUESTS = 3, 12
_STOPPED_NS = 200_000_000


class _Told(NamedTuple):
    prompt: str
    error: str | None
    sent_ns: int
    flags: list[str]
    chunks: list[tuple[int, bool]]


async def _until(fake: FakeOllamaProcess, true: Callable[[list[RequestRecord]], bool]) -> None:
    async with asyncio.timeout(30):
        while not true(await fake.record()):
            pass


async def _measure_and_stop(fake: FakeOllamaProcess, clock: ClockSource) -> tuple[list[_Told], int, int]:
    """Return what was measured, and when the process was stopped and when it went on (ns of CLOCK_REALTIME)."""
    command = (sys.executable, str(_PROGRAM), fake.url, clock.value, str(_STREAMS), str(_REQUESTS))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(_STREAMS * 2)]
    begun = len(await fake.record())
    await _until(fake, lambda records: len(records) > begun)  # one has just been sent
    process.send_signal(signal.SIGSTOP)
    stopped_ns = time.time_ns()
    # Answers go on being written while it stands still, until all that were asked for are; then time is all there is.
    while time.time_ns() < stopped_ns + _STOPPED_NS:
        await fake.record()
    went_on_ns = time.time_ns()
    process.send_signal(signal.SIGCONT)
    lines += (await process.stdout.read()).splitlines()
    assert await process.wait() == 0
    return [_Told(**json.loads(line)) for line in lines], stopped_ns, went_on_ns


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGSTOP")
@pytest.mark.parametrize("clock", sorted({BEST_CLOCK, ClockSource.PROCESS}))
async def test_every_sample_that_a_stop_touched_is_flagged_and_no_other(clock: ClockSource) -> None:
    async with FakeOllamaProcess([FakeModel("tiny", ttft_ms=20, interval_ms=5, slots=_STREAMS)]) as fake:
        told, stopped_ns, went_on_ns = await _measure_and_stop(fake, clock)
        written = {str(record.body["prompt"]): record for record in await fake.record()}
    assert len(told) == _STREAMS * _REQUESTS
    assert [sample.error for sample in told if sample.error] == []
    flagged = {sample.prompt for sample in told if Flag.CLIENT_STALLED in sample.flags}
    touched = {
        sample.prompt
        for sample in told
        if sample.sent_ns < went_on_ns and written[sample.prompt].chunks[-1].at_ns > stopped_ns
    }
    assert 1 <= len(touched) <= _STREAMS
    assert touched <= flagged
    assert len(flagged) <= _STREAMS  # one a stream was under way; its last byte may have come just before the stop
    if clock is ClockSource.KERNEL:
        for sample in told:
            _assert_true_or_merged(sample, written[sample.prompt])


def _assert_true_or_merged(sample: _Told, record: RequestRecord) -> None:
    """A stamp that is not marked is from before the next write, however late it was read."""
    moments = [chunk.at_ns for chunk in record.chunks]
    for index, (stamp_ns, merged) in enumerate(sample.chunks):
        assert stamp_ns >= moments[index]
        assert merged or stamp_ns <= moments[index + 1]
