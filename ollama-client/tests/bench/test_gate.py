"""A request goes when it was meant to go, not before, and tells how late it was."""

import asyncio
import time

import pytest

from obt_client.bench.gate import Gate
from obt_client.bench.stream import stream
from tests.fake_ollama import FakeModel, FakeOllama

_BODY = {"model": "tiny", "prompt": "one two", "options": {"num_predict": 4}}


@pytest.mark.parametrize("spins", [True, False])
async def test_nothing_is_sent_before_its_time_and_the_connection_stands_by_then(spins: bool) -> None:
    async with FakeOllama([FakeModel("tiny")]) as fake:
        gates = [Gate(time.perf_counter_ns() + ms * 1_000_000, spins=spins) for ms in (60, 30, 0)]
        traces = await asyncio.gather(*(stream(f"{fake.url}/api/generate", _BODY, gate=gate) for gate in gates))
        requests = fake.record.generations
    # The connections were made in the order of the calls, the requests came in that of their gates.
    assert [request.connection for request in requests] == [3, 2, 1]
    for gate, trace in zip(gates, traces, strict=True):
        assert trace.error_code is None
        assert gate.sent_ns is not None
        assert gate.sent_ns >= gate.intended_ns
        assert gate.lateness_ms == (gate.sent_ns - gate.intended_ns) / 1e6


async def test_what_was_never_sent_is_not_late() -> None:
    async with FakeOllama() as fake:
        fake.refuse()
        gate = Gate(time.perf_counter_ns())
        trace = await stream(f"{fake.url}/api/generate", _BODY, gate=gate)
    assert trace.error_code == "connect_refused"
    assert gate.lateness_ms is None
