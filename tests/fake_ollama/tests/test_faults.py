"""Every fault, as a client sees it on the wire, and as the record tells it."""

import asyncio
import itertools
from collections.abc import Awaitable

import pytest

from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind
from tests.fake_ollama.tests.talk import generate, talk


async def _hangs(asking: Awaitable[object]) -> bool:
    try:
        await asyncio.wait_for(asking, 0.1)
    except TimeoutError:
        return True
    return False


async def test_http_error_comes_as_json_and_only_so_often() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.HTTP_ERROR, times=2, skip=1, status=503, message="server busy"))
        answers = [await generate(fake.url) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 503, 503, 200]
    assert answers[1].json == {"error": "server busy"}


async def test_a_fault_can_be_for_one_model_or_one_path() -> None:
    async with FakeOllama([FakeModel("a"), FakeModel("b")]) as fake:
        fake.add_fault(Fault(FaultKind.HTTP_ERROR, times=None, model="b:latest"))
        fake.add_fault(Fault(FaultKind.HTTP_ERROR, times=None, paths=("/api/tags",)))
        statuses = [(await generate(fake.url, name)).status for name in ("a", "b", "b")]
        assert statuses == [200, 500, 500]
        assert (await talk(fake.url, "GET", "/api/tags")).status == 500
        assert (await talk(fake.url, "GET", "/api/ps")).status == 200


async def test_a_hang_before_the_header_sends_nothing_and_ends_with_the_client() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.HANG_BEFORE_HEADERS))
        assert await _hangs(generate(fake.url))
        await asyncio.sleep(0)
        assert (await generate(fake.url)).complete
        first, second = fake.record.generations
    assert (first.chunks, first.outcome) == ([], "client_gone")
    assert second.outcome == "done"


async def test_a_hang_in_the_stream_comes_after_so_many_chunks_and_frees_its_slot() -> None:
    async with FakeOllama([FakeModel("tiny", slots=1)]) as fake:
        fake.add_fault(Fault(FaultKind.HANG_MID_STREAM, after_chunks=3))
        assert await _hangs(generate(fake.url))
        assert (await generate(fake.url)).complete
        assert len(fake.record.generations[0].chunks) == 3


async def test_reset_before_the_header() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.RESET_BEFORE_HEADERS))
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await generate(fake.url)


@pytest.mark.parametrize(("kind", "ended"), [(FaultKind.CUT, "reset"), (FaultKind.CLOSE, "closed")])
async def test_a_cut_connection(kind: FaultKind, ended: str) -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(kind, after_chunks=2))
        answer = await generate(fake.url)
        assert fake.record.generations[0].outcome == "cut"
    assert (len(answer.lines), answer.ended, answer.complete) == (2, ended, False)


async def test_an_error_line_ends_the_stream_in_good_order() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.ERROR_LINE, after_chunks=2, message="out of memory"))
        answer = await generate(fake.url)
        kinds = [chunk.kind for chunk in fake.record.generations[0].chunks]
    assert (answer.status, answer.complete, answer.lines[-1]) == (200, True, {"error": "out of memory"})
    assert kinds == ["content", "content", "error"]


async def test_bad_json_is_followed_by_the_rest() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.BAD_JSON, after_chunks=1))
        answer = await generate(fake.url)
    assert answer.complete
    with pytest.raises(ValueError, match="Unterminated string"):
        _ = answer.lines


async def test_missing_counts_and_a_missing_final_line() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.MISSING_COUNTS))
        fake.add_fault(Fault(FaultKind.NO_DONE))
        bare, none = [await generate(fake.url) for _ in range(2)]
    assert bare.lines[-1]["done"] is True
    assert "eval_count" not in bare.lines[-1]
    assert (len(none.lines), none.lines[-1]["done"], none.complete) == (5, False, True)


async def test_merged_and_split_writes_carry_the_same_text() -> None:
    async with FakeOllama() as fake:
        fake.add_fault(Fault(FaultKind.MERGED_WRITES, size=3))
        fake.add_fault(Fault(FaultKind.SPLIT_WRITES, delay_ms=1))
        merged, split, plain = [await generate(fake.url, tokens=7) for _ in range(3)]
        stamps = [chunk.at_ns for chunk in fake.record.generations[0].content]
    texts = [[line["response"] for line in answer.lines] for answer in (merged, split, plain)]
    assert texts[0] == texts[1] == texts[2]
    assert len(set(stamps)) == 3  # three, three and the last one with the final line


async def test_slow_and_pause_shift_the_schedule() -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=2, interval_ms=1)]) as fake:
        fake.add_fault(Fault(FaultKind.SLOW, factor=5))
        fake.add_fault(Fault(FaultKind.PAUSE, after_chunks=3, delay_ms=20))
        for _ in range(2):
            await generate(fake.url, tokens=5)
        slow, paused = [[chunk.due_monotonic_ns for chunk in one.content] for one in fake.record.generations]
    assert [after - before for before, after in itertools.pairwise(slow)] == [5_000_000] * 4
    assert [after - before for before, after in itertools.pairwise(paused)] == [
        1_000_000,
        1_000_000,
        21_000_000,
        1_000_000,
    ]


async def test_a_restart_in_the_stream_cuts_all_and_unloads() -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=20), FakeModel("other", ttft_ms=10_000)]) as fake:
        fake.add_fault(Fault(FaultKind.RESTART, model="tiny:latest"))
        other = asyncio.create_task(generate(fake.url, "other"))
        answer = await generate(fake.url)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await other
        assert (answer.ended, fake.store.loaded()) == ("reset", [])
        assert (await generate(fake.url)).complete


async def test_a_refused_port_comes_back_on_the_same_url() -> None:
    async with FakeOllama() as fake:
        fake.refuse()
        with pytest.raises(ConnectionRefusedError):
            await generate(fake.url)
        await fake.accept()
        assert (await generate(fake.url)).complete


async def test_a_client_that_leaves_frees_its_slot() -> None:
    async with FakeOllama([FakeModel("tiny", slots=1, ttft_ms=60_000)]) as fake:
        assert await _hangs(generate(fake.url))
        fake.put_model(FakeModel("tiny", slots=1))
        assert (await generate(fake.url)).complete
        assert [request.outcome for request in fake.record.generations] == ["client_gone", "done"]
