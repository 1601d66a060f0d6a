"""The schedule is absolute, the record is true, and both can be read from another process."""

import asyncio
import itertools
import time

import pytest

from tests.fake_ollama import FakeModel, FakeOllama, FakeOllamaProcess, Fault, FaultKind
from tests.fake_ollama.tests.talk import generate


def _gaps(moments: list[int]) -> list[int]:
    return [after - before for before, after in itertools.pairwise(moments)]


async def test_deadlines_are_absolute_and_no_chunk_is_early() -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=7.5, interval_ms=2.25)]) as fake:
        await generate(fake.url, tokens=20)
        (request,) = fake.record.generations
    due = [chunk.due_monotonic_ns for chunk in request.chunks]
    assert set(_gaps(due)) == {2_250_000}
    assert all(chunk.monotonic_ns >= chunk.due_monotonic_ns for chunk in request.chunks)
    assert due[0] >= request.received_monotonic_ns + 7_500_000


async def test_jitter_stays_in_its_bounds_and_repeats_by_seed() -> None:
    plans = list[list[int]]()
    for seed in (1, 1, 2):
        async with FakeOllama([FakeModel("tiny", ttft_ms=5, interval_ms=2, jitter_ms=0.9, seed=seed)]) as fake:
            await generate(fake.url, tokens=20)
            due = [chunk.due_monotonic_ns for chunk in fake.record.generations[0].content]
            plans.append([moment - due[0] for moment in due])
    assert plans[0] == plans[1] != plans[2]
    assert all(abs(moment - i * 2_000_000) <= 1_800_000 for i, moment in enumerate(plans[0]))
    assert all(gap >= 0 for gap in _gaps(plans[0]))


async def test_stamps_lie_between_asking_and_reading() -> None:
    async with FakeOllama() as fake:
        before = time.time_ns()
        await generate(fake.url, tokens=3)
        (request,) = fake.record.generations
    stamps = [request.received_ns, *(chunk.at_ns for chunk in request.chunks)]
    assert stamps == sorted(stamps)
    assert before <= stamps[0]
    assert stamps[-1] <= time.time_ns()
    assert [chunk.kind for chunk in request.chunks] == ["content"] * 3 + ["final"]


async def test_a_process_of_its_own_is_programmed_and_read_over_its_url() -> None:
    async with FakeOllamaProcess([FakeModel("mine", interval_ms=1)]) as fake:
        await fake.add_fault(Fault(FaultKind.HTTP_ERROR, status=503))
        assert (await generate(fake.url, "mine")).status == 503
        assert (await generate(fake.url, "mine", tokens=4)).complete
        refused, served = await fake.record()
        assert (refused.status, refused.fault) == (503, "http_error")
        assert [chunk.kind for chunk in served.chunks] == ["content"] * 4 + ["final"]
        assert served.body["model"] == "mine"
        await fake.clear_record()
        assert await fake.record() == []
        with pytest.raises(ValueError, match="unexpected keyword argument 'colour'"):
            await fake.control("PUT", "models", {"colour": "red"})
        await fake.restart()


async def test_a_burst_is_written_as_asked_and_every_chunk_is_recorded() -> None:
    async with FakeOllama() as fake:
        answer = await generate(fake.url, tokens=5_000)
        (request,) = fake.record.generations
    assert len(answer.lines) == 5_001
    assert len(request.content) == 5_000


async def test_a_reader_that_is_slow_loses_nothing_and_is_told_of() -> None:
    async with FakeOllama() as fake:
        reader, writer = await asyncio.open_connection("127.0.0.1", fake.port, limit=1_024)
        body = b'{"model":"tiny","messages":[{"content":"a"}],"options":{"num_predict":100000}}'
        writer.write(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        async with asyncio.timeout(60):
            while not (fake.record.requests and fake.record.requests[0].blocked_writes):
                await asyncio.sleep(0.01)
            lines = 0
            while (line := await reader.readline()) != b"0\r\n":
                lines += line.startswith(b'{"model"')
        writer.close()
        assert (lines, len(fake.record.requests[0].chunks)) == (100_001, 100_001)
