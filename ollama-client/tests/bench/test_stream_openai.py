"""One measured request to the OpenAI-compatible endpoints: the same trace, as far as they tell."""

import pytest

from obt_client.bench.stream import Limits, stream
from obt_core.metrics import Context, Trace, to_sample
from obt_core.results import EndReason, SampleRole
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind

_PATIENT = Limits(stall_ms=10_000, send_ms=10_000)
_CHAT, _TEXT = "/v1/chat/completions", "/v1/completions"


async def _ask(
    fake: FakeOllama, path: str = _CHAT, *, tokens: int = 6, limits: Limits = _PATIENT, **more: object
) -> Trace:
    asked = {"messages": [{"role": "user", "content": "one two"}]} if path == _CHAT else {"prompt": "one two"}
    usage = {"stream": True, "stream_options": {"include_usage": True}}
    return await stream(
        f"{fake.url}{path}", {"model": "tiny", **asked, "max_tokens": tokens, **usage, **more}, limits=limits
    )


@pytest.mark.parametrize("path", [_CHAT, _TEXT])
async def test_a_trace_holds_chunks_counts_and_reason_and_no_durations(path: str) -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=10, interval_ms=3)]) as fake:
        trace = await _ask(fake, path)
        (request,) = fake.record.generations
    assert trace.error_code is None
    assert all(seen.stamp_ns >= written.at_ns for seen, written in zip(trace.chunks, request.content, strict=True))
    assert all(chunk.created_at_ns is None and chunk.text_chars > 0 for chunk in trace.chunks)
    assert trace.final is not None
    assert trace.final["usage"] == {"prompt_tokens": 7, "completion_tokens": 6, "total_tokens": 13}
    assert (trace.final["prompt_eval_count"], trace.final["eval_count"]) == (7, 6)
    assert (trace.final["finish_reason"], trace.final["done_reason"]) == ("length", "length")
    sample = to_sample(trace, Context(1, "w", SampleRole.MEASURED))
    assert (sample.end, sample.generated_tokens, sample.prompt_tokens) == (EndReason.LENGTH, 6, 7)
    assert (sample.decode_tokens_per_s, sample.prefill_tokens_per_s, sample.queue_ms) == (None, None, None)
    assert sample.ttft_ms is not None
    assert sample.tpot_ms is not None


async def test_reasoning_is_thinking() -> None:
    model = FakeModel("tiny", capabilities=("completion", "thinking"), thinking_tokens=2)
    async with FakeOllama([model]) as fake:
        trace = await _ask(fake, tokens=4)
        without = await _ask(fake, tokens=4, reasoning_effort="none")
    assert [(bool(chunk.thinking_chars), bool(chunk.text_chars)) for chunk in trace.chunks] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
    ]
    assert not any(chunk.thinking_chars for chunk in without.chunks)


@pytest.mark.parametrize("path", [_CHAT, _TEXT])
async def test_a_reply_that_is_not_streamed_is_one_chunk(path: str) -> None:
    async with FakeOllama() as fake:
        trace = await _ask(fake, path, stream=False)
    assert (trace.error_code, len(trace.chunks)) == (None, 1)
    assert trace.final is not None
    assert trace.final["eval_count"] == 6


async def test_counts_that_were_not_asked_for_are_missing() -> None:
    async with FakeOllama() as fake:
        trace = await _ask(fake, stream_options=None)
    assert (trace.error_code, len(trace.chunks)) == ("missing_counts", 6)


async def test_the_argument_goes_before_the_path() -> None:
    async with FakeOllama() as fake:
        body = {"model": "tiny", "prompt": "a", "stream": True, "max_tokens": 3}
        trace = await stream(f"{fake.url}{_TEXT}", body, limits=_PATIENT, openai=False)
    assert trace.error_code == "bad_json"  # an event is no line of Ollama's own


@pytest.mark.parametrize(
    ("fault", "code", "words", "chunks"),
    [
        (Fault(FaultKind.HTTP_ERROR, status=500, message="no memory"), "http_500", "HTTP 500: no memory", 0),
        (Fault(FaultKind.RESET_BEFORE_HEADERS), "connection_reset", "cut", 0),
        (Fault(FaultKind.CUT, after_chunks=3), "connection_reset", "cut", 3),
        (Fault(FaultKind.CLOSE, after_chunks=3), "connection_closed", "before the end", 3),
        (Fault(FaultKind.ERROR_LINE, after_chunks=2), "no_final_line", "without its final line", 3),
        (Fault(FaultKind.BAD_JSON, after_chunks=2), "bad_json", "no JSON", 6),
        (Fault(FaultKind.MISSING_COUNTS), "missing_counts", "eval_count", 6),
        (Fault(FaultKind.NO_DONE), "no_final_line", "without its final line", 6),
        (Fault(FaultKind.HANG_MID_STREAM, after_chunks=4), "idle_timeout", "idle timeout", 4),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else "",
)
async def test_every_fault_has_its_code_and_keeps_what_came(fault: Fault, code: str, words: str, chunks: int) -> None:
    async with FakeOllama() as fake:
        fake.add_fault(fault)
        limits = Limits(first_chunk_timeout_s=0.15, idle_timeout_s=0.15) if "hang" in fault.kind else _PATIENT
        trace = await _ask(fake, limits=limits)
    assert (trace.error_code, len(trace.chunks)) == (code, chunks)
    assert words in str(trace.error)


async def test_a_model_that_is_gone_is_said_in_words() -> None:
    async with FakeOllama() as fake:
        fake.delete_model("tiny")
        gone = await _ask(fake)
    assert (gone.error_code, gone.error) == ("http_404", "HTTP 404: model 'tiny' not found")
