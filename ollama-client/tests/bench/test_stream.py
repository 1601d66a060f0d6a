"""One measured request, against an Ollama that can be made to misbehave."""

import asyncio
import socket
import sys
import time
from collections.abc import Callable

import pytest

from obt_client.bench.clocks import BEST_CLOCK, Clocks
from obt_client.bench.stream import Limits, stream
from obt_core.metrics import Context, Trace, to_sample
from obt_core.results import ClockSource, EndReason, Flag, SampleRole
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind

_SHORT = Limits(first_chunk_timeout_s=0.15, idle_timeout_s=0.15)
_PATIENT = Limits(stall_ms=10_000, send_ms=10_000)
"""For tests that share a busy machine: a late loop is not what they are about."""


async def _ask(
    fake: FakeOllama, *, chat: bool = True, tokens: int = 6, limits: Limits = _PATIENT, **more: object
) -> Trace:
    asked = {"messages": [{"role": "user", "content": "one two"}]} if chat else {"prompt": "one two"}
    body = {"model": "tiny", **asked, "options": {"num_predict": tokens}, **more}
    return await stream(f"{fake.url}/api/{'chat' if chat else 'generate'}", body, limits=limits)


@pytest.mark.parametrize("chat", [True, False])
@pytest.mark.parametrize("clock", sorted({BEST_CLOCK, ClockSource.PROCESS}))
async def test_a_trace_holds_what_was_written_no_earlier_than_it_was(chat: bool, clock: ClockSource) -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=10, interval_ms=3)]) as fake:
        asked = {"messages": [{"role": "user", "content": "a"}]} if chat else {"prompt": "a"}
        body = {"model": "tiny", **asked, "options": {"num_predict": 6}}
        url = f"{fake.url}/api/{'chat' if chat else 'generate'}"
        trace = await stream(url, body, clock=clock, limits=_PATIENT)
        (request,) = fake.record.generations
    assert (trace.error_code, trace.clock, trace.flags) == (None, clock, frozenset())
    assert trace.connect_ms is not None
    assert len(trace.chunks) == 6
    assert all(chunk.text_chars > 0 and chunk.thinking_chars == 0 for chunk in trace.chunks)
    assert all(seen.stamp_ns >= written.at_ns for seen, written in zip(trace.chunks, request.content, strict=True))
    assert all(seen.stamp_ns >= (seen.created_at_ns or 0) > 0 for seen in trace.chunks)
    assert trace.first_byte_ns is not None
    assert trace.last_byte_ns is not None
    assert trace.sent_ns <= request.received_ns <= trace.first_byte_ns == trace.chunks[0].stamp_ns
    assert trace.chunks[-1].stamp_ns <= trace.last_byte_ns
    assert trace.final is not None
    assert {"response", "message", "context"}.isdisjoint(trace.final)
    assert (trace.final["eval_count"], trace.final["done_reason"]) == (6, "length")


async def test_thinking_is_told_from_text() -> None:
    model = FakeModel("tiny", capabilities=("completion", "thinking"), thinking_tokens=2)
    async with FakeOllama([model]) as fake:
        trace = await _ask(fake, tokens=4, think=True)
    assert [(bool(chunk.thinking_chars), bool(chunk.text_chars)) for chunk in trace.chunks] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
    ]


async def test_a_reply_that_is_not_streamed_is_one_chunk() -> None:
    async with FakeOllama() as fake:
        trace = await _ask(fake, stream=False)
    assert (len(trace.chunks), trace.error_code) == (1, None)
    assert trace.final is not None


async def test_chunks_that_come_in_one_read_are_marked() -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=3)]) as fake:
        fake.add_fault(Fault(FaultKind.MERGED_WRITES, size=3))
        trace = await _ask(fake)
    assert all(trace.chunks[index].merged for index in (0, 1, 3, 4))
    sample = to_sample(trace, Context(1, "w", SampleRole.MEASURED))
    assert sample.merged_chunks >= 4
    assert Flag.MERGED_READS in sample.flags


async def test_a_chunk_in_two_reads_is_one_chunk() -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=3)]) as fake:
        fake.add_fault(Fault(FaultKind.SPLIT_WRITES, delay_ms=2))
        trace = await _ask(fake)
    assert (len(trace.chunks), trace.error_code) == (6, None)


@pytest.mark.parametrize(
    ("fault", "code", "words", "chunks"),
    [
        (Fault(FaultKind.HTTP_ERROR, status=500, message="no memory"), "http_500", "HTTP 500: no memory", 0),
        (Fault(FaultKind.RESET_BEFORE_HEADERS), "connection_reset", "cut", 0),
        (Fault(FaultKind.CUT, after_chunks=3), "connection_reset", "cut", 3),
        (Fault(FaultKind.CLOSE, after_chunks=3), "connection_closed", "before the end", 3),
        (Fault(FaultKind.ERROR_LINE, after_chunks=2, message="out of memory"), "ollama_error", "out of memory", 2),
        (Fault(FaultKind.BAD_JSON, after_chunks=2), "bad_json", "no JSON", 6),
        (Fault(FaultKind.MISSING_COUNTS), "missing_counts", "eval_count, eval_duration", 6),
        (Fault(FaultKind.NO_DONE), "no_final_line", "without its final line", 6),
        (Fault(FaultKind.HANG_BEFORE_HEADERS), "first_chunk_timeout", "first chunk timeout", 0),
        (Fault(FaultKind.HANG_MID_STREAM, after_chunks=4), "idle_timeout", "idle timeout", 4),
        (Fault(FaultKind.RESTART, after_chunks=2), "connection_reset", "cut", 2),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else "",
)
async def test_every_fault_has_its_code_and_keeps_what_came(fault: Fault, code: str, words: str, chunks: int) -> None:
    async with FakeOllama() as fake:
        fake.add_fault(fault)
        trace = await _ask(fake, limits=_SHORT if "hang" in fault.kind else _PATIENT)
    assert (trace.error_code, len(trace.chunks)) == (code, chunks)
    assert trace.error is not None
    assert words in trace.error
    assert to_sample(trace, Context(1, "w", SampleRole.MEASURED)).end is EndReason.ERROR


async def test_a_model_that_is_gone_and_a_port_that_is_shut() -> None:
    async with FakeOllama() as fake:
        fake.delete_model("tiny")
        gone = await _ask(fake)
        fake.refuse()
        shut = await _ask(fake)
    assert (gone.error_code, gone.error) == ("http_404", "HTTP 404: model 'tiny' not found")
    assert (shut.error_code, shut.connect_ms) == ("connect_refused", None)


async def test_a_request_that_is_cut_while_it_is_sent_is_a_connection_that_was_cut() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/generate"
        trace = await stream(url, {"prompt": "word " * 2_000_000}, limits=_PATIENT)
        server.close()
    assert trace.error_code == "connection_reset"


async def test_the_total_limit_ends_a_stream_that_goes_on() -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=20)]) as fake:
        trace = await _ask(fake, tokens=10_000, limits=Limits(total_timeout_s=0.15))
    assert trace.error_code == "total_timeout"
    assert trace.chunks
    assert trace.final is None


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http:///api/chat", "bad_url"),
        ("ftp://127.0.0.1/", "bad_url"),
        ("http://127.0.0.1:port/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("/api/chat", "bad_url"),
        (f"http://{'a' * 70}/api/chat", "bad_url"),
        ("http://[fe80::1%nowhere]/api/chat", "connect_failed"),
    ],
)
async def test_an_address_that_cannot_be_used_is_an_error_of_the_trace(url: str, code: str) -> None:
    assert (await stream(url, {})).error_code == code


@pytest.mark.skipif(sys.platform != "linux", reason="other systems say what became of it in another way")
async def test_a_listener_that_goes_while_it_is_connected_to_resets_the_connection() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        asking = asyncio.create_task(stream(f"http://127.0.0.1:{listener.getsockname()[1]}/api/chat", {}))
        await asyncio.sleep(0)  # it has sent its SYN, and has not looked what became of it
    assert (await asking).error_code == "connection_reset"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where Linux lets a connection wait")
async def test_a_listener_that_never_answers_the_connection_times_out() -> None:
    with socket.socket() as full, socket.socket() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting.connect(full.getsockname())  # the queue holds one; the next SYN is not answered
        url = f"http://127.0.0.1:{full.getsockname()[1]}/api/chat"
        with socket.socket() as more:
            more.setblocking(False)
            more.connect_ex(full.getsockname())
            trace = await stream(url, {}, limits=Limits(connect_timeout_s=0.1))
    assert trace.error_code == "connect_timeout"


async def test_something_else_than_http_is_said_to_be_so() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await writer.drain()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        trace = await stream(f"http://127.0.0.1:{port}/api/chat", {})
        server.close()
    assert trace.error_code == "bad_http"


@pytest.mark.parametrize("clock", sorted({BEST_CLOCK, ClockSource.PROCESS}))
async def test_cancelling_closes_the_connection(clock: ClockSource) -> None:
    async with FakeOllama([FakeModel("tiny", slots=1, ttft_ms=3_600_000)]) as fake:
        body = {"model": "tiny", "prompt": "a"}
        asking = asyncio.create_task(stream(f"{fake.url}/api/generate", body, clock=clock))
        await _until(lambda: bool(fake.record.generations))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await _until(lambda: fake.record.generations[0].outcome == "client_gone")


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.001)


async def test_a_stall_of_this_process_marks_the_sample() -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=5)]) as fake:
        body = {"model": "tiny", "prompt": "a", "options": {"num_predict": 10}}

        def stall(lines: int) -> None:
            if lines == 2:
                time.sleep(0.06)

        trace = await stream(f"{fake.url}/api/generate", body, on_chunk=stall)
    assert Flag.CLIENT_STALLED in trace.flags


async def test_a_step_of_the_wall_clock_is_seen_between_the_two_clocks() -> None:
    sent = Clocks(real_ns=1_000_000_000, monotonic_ns=50)
    assert sent.step_ns(Clocks(real_ns=1_000_000_100, monotonic_ns=150)) == 0
    assert sent.step_ns(Clocks(real_ns=999_000_100, monotonic_ns=150)) == -1_000_000
    async with FakeOllama() as fake:
        body = {"model": "tiny", "prompt": "a"}
        never_sure = Limits(stall_ms=10_000, send_ms=10_000, clock_step_ms=-1)  # any difference at all counts as a step
        stepped = await stream(f"{fake.url}/api/generate", body, limits=never_sure)
        counted = await stream(f"{fake.url}/api/generate", body, limits=never_sure, clock=ClockSource.PROCESS)
    assert (Flag.CLOCK_STEPPED in stepped.flags) == (BEST_CLOCK is ClockSource.KERNEL)
    assert Flag.CLOCK_STEPPED not in counted.flags


async def test_lines_are_told_while_they_come_and_long_prompts_are_sent_whole() -> None:
    told = list[int]()
    async with FakeOllama([FakeModel("tiny", interval_ms=2)]) as fake:
        messages = [{"role": "user", "content": "word " * 200_000}]
        body = {"model": "tiny", "messages": messages, "options": {"num_predict": 4}}
        trace = await stream(f"{fake.url}/api/chat", body, limits=_PATIENT, on_chunk=told.append)
    assert (trace.error_code, told[-1], told == sorted(told)) == (None, 5, True)
    assert trace.final is not None
    assert trace.final["prompt_eval_count"] == 200_005


async def test_many_at_once_keep_apart() -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=1, slots=8)]) as fake:
        traces = await asyncio.gather(*(_ask(fake, tokens=tokens) for tokens in range(1, 9)))
    assert [len(trace.chunks) for trace in traces] == list(range(1, 9))
    assert all(trace.error_code is None for trace in traces)
