"""Every definition of a metric, by examples computed by hand, and what holds for any trace."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from core.tests.traces import MS, SENT_NS, a_chunk, a_context, a_final, a_sample, a_trace
from obt_core.metrics import Chunk, Context, to_sample
from obt_core.results import DISQUALIFYING, ClockSource, EndReason, Flag, Metric, Sample, SampleRole
from obt_core.values import counts_for, value_of

ALL_METRICS = frozenset(Metric)
TOLD_BY_OLLAMA = {Metric.DECODE, Metric.PREFILL, Metric.LOAD, Metric.QUEUE}


def test_a_whole_request_by_hand() -> None:
    sample = to_sample(a_trace(), a_context())
    assert sample.end is EndReason.LENGTH
    assert sample.ttft_ms == 25
    assert sample.first_answer_ms == 25
    assert sample.tpot_ms == 20  # (105 - 25) / (5 - 1)
    assert sample.e2e_ms == 110
    assert sample.decode_tokens_per_s == 62.5  # 5 / 0.08
    assert sample.prefill_tokens_per_s == 1_500  # 30 / 0.02
    assert sample.queue_ms == 4  # 105 - 1 - 20 - 80
    assert sample.load_ms is None  # it was warm
    assert (sample.prompt_tokens, sample.generated_tokens, sample.cached_tokens) == (30, 5, None)
    assert sample.chunk_ms == (25, 45, 65, 85, 105)
    assert sample.connect_ms == 0.5


def test_a_chunk_of_thinking_ends_the_wait_and_is_no_answer() -> None:
    chunks = (a_chunk(25, text=0, thinking=3), a_chunk(45), a_chunk(65))
    sample = to_sample(a_trace(chunks=chunks), a_context())
    assert (sample.ttft_ms, sample.first_answer_ms) == (25, 45)


def test_thinking_alone_has_no_answer() -> None:
    sample = to_sample(a_trace(chunks=(a_chunk(25, text=0, thinking=3),)), a_context())
    assert (sample.ttft_ms, sample.first_answer_ms) == (25, None)


def test_chunks_without_content_count_for_nothing() -> None:
    empty, late = a_chunk(5, text=0), a_chunk(500, text=0)
    sample = to_sample(a_trace(chunks=(empty, *a_trace().chunks, late)), a_context())
    assert (sample.ttft_ms, sample.tpot_ms, len(sample.chunk_ms)) == (25, 20, 5)


def test_cached_prompt_tokens_were_not_read() -> None:
    sample = to_sample(a_trace(final=a_final(prompt_eval_cached_count=10)), a_context())
    assert sample.prefill_tokens_per_s == 1_000  # (30 - 10) / 0.02
    assert (sample.prompt_tokens, sample.cached_tokens) == (30, 10)


@pytest.mark.parametrize(
    ("missing", "metrics"),
    [
        ("eval_count", {"tpot_ms", "decode_tokens_per_s", "generated_tokens"}),
        ("eval_duration", {"decode_tokens_per_s", "queue_ms"}),
        ("prompt_eval_count", {"prefill_tokens_per_s", "prompt_tokens"}),
        ("prompt_eval_duration", {"prefill_tokens_per_s", "queue_ms"}),
        ("load_duration", {"queue_ms", "load_ms"}),
        ("total_duration", {"queue_ms"}),
    ],
)
@pytest.mark.parametrize("instead", [None, "many", True, -1, [5]])
def test_what_is_not_told_is_none(missing: str, metrics: set[str], instead: JsonValue) -> None:
    context = a_context(role=SampleRole.COLD)
    whole = to_sample(a_trace(), context)
    sample = to_sample(a_trace(final=a_final(**{missing: instead})), context)
    changed = {name for name in Sample.model_fields if getattr(sample, name) != getattr(whole, name)}
    assert changed - {"ollama", "flags"} == metrics
    assert all(getattr(sample, name) is None for name in metrics)


def test_no_time_is_no_rate() -> None:
    sample = to_sample(a_trace(final=a_final(eval_duration=0, prompt_eval_duration=0)), a_context())
    assert (sample.decode_tokens_per_s, sample.prefill_tokens_per_s) == (None, None)


def test_a_prompt_served_by_the_cache_has_no_prefill_rate() -> None:
    sample = to_sample(a_trace(final=a_final(prompt_eval_cached_count=30)), a_context())
    assert sample.prefill_tokens_per_s is None


def test_one_token_has_no_time_per_token() -> None:
    sample = to_sample(a_trace(chunks=(a_chunk(25),), final=a_final(eval_count=1)), a_context())
    assert (sample.ttft_ms, sample.tpot_ms) == (25, None)


def test_a_request_that_was_cut_has_no_end() -> None:
    sample = to_sample(a_trace(final=None, error_code="connection_closed", error="gone"), a_context())
    assert (sample.end, sample.error_code, sample.error) == (EndReason.ERROR, "connection_closed", "gone")
    assert (sample.ttft_ms, sample.e2e_ms, sample.decode_tokens_per_s, sample.tpot_ms) == (25, None, None, None)


def test_an_answer_without_its_last_line_is_an_error() -> None:
    assert to_sample(a_trace(final=None), a_context()).end is EndReason.ERROR


@pytest.mark.parametrize(
    ("final", "error_code", "end"),
    [
        (a_final(), None, EndReason.LENGTH),
        (a_final(done_reason="stop"), None, EndReason.STOP),
        (a_final(done_reason=None), None, EndReason.STOP),
        (a_final(), "ollama_error", EndReason.ERROR),
        (a_final(), "cancelled", EndReason.CANCELLED),
    ],
)
def test_how_it_ended(final: dict[str, JsonValue], error_code: str | None, end: EndReason) -> None:
    assert to_sample(a_trace(final=final, error_code=error_code), a_context()).end is end


def test_a_clock_that_was_set_back_gives_none_and_not_zero() -> None:
    chunks = (a_chunk(25), a_chunk(-40))
    sample = to_sample(a_trace(chunks=chunks, last_byte_ns=SENT_NS - MS), a_context())
    assert (sample.tpot_ms, sample.e2e_ms) == (None, None)
    assert to_sample(a_trace(chunks=(a_chunk(-1), a_chunk(5))), a_context()).ttft_ms is None


def test_tokens_of_one_read_do_not_tell_their_pace() -> None:
    chunks = (a_chunk(25, merged=True), a_chunk(25, merged=True), a_chunk(25))
    sample = to_sample(a_trace(chunks=chunks), a_context())
    assert (sample.tpot_ms, sample.merged_chunks) == (None, 2)
    assert sample.flags == (Flag.MERGED_READS,)


def test_an_error_is_cut_and_cleaned_to_what_a_database_keeps() -> None:
    sample = to_sample(a_trace(final=None, error_code="bad_line", error="a\x00b\ud800" + "x" * 5_000), a_context())
    assert sample.error is not None
    assert len(sample.error) == 4_000
    assert "\x00" not in sample.error
    assert Sample.model_validate_json(sample.model_dump_json()) == sample


@pytest.mark.parametrize("odd", [math.inf, 2**40, 10**400])
def test_a_figure_beyond_all_reason_is_told_as_one(odd: float) -> None:
    """The reader makes an error of it; only a number that is no count at all is left out."""
    final = a_final(eval_count=odd)
    if odd == 10**400:
        assert to_sample(a_trace(final=final), a_context()).generated_tokens is None
    else:
        with pytest.raises(ValidationError, match=r"eval_count|generated_tokens"):
            to_sample(a_trace(final=final), a_context())


# Flags


def test_the_clocks_of_ollama_and_of_the_client_may_differ_by_3_percent() -> None:
    """TPOT is 20 ms: 50 tokens/s. Below 32 tokens the step that only Ollama counts would speak, not the clocks."""
    cases = ((40, 800, False), (40, 777.6, False), (40, 775, True), (40, 825, True), (31, 775, False))
    for tokens, eval_duration, disagrees in cases:
        chunks = tuple(a_chunk(100 + 20 * number) for number in range(tokens))
        final = a_final(eval_count=tokens, eval_duration=round(eval_duration * MS))
        flags = to_sample(a_trace(chunks=chunks, final=final), a_context()).flags
        assert (Flag.CLOCKS_DISAGREE in flags) is disagrees, eval_duration


def test_more_cached_tokens_than_stand_before_the_nonce_are_flagged() -> None:
    for cached, allowed, flagged in ((4, 4, False), (5, 4, True), (5, None, False), (None, 4, False)):
        sample = to_sample(a_trace(final=a_final(prompt_eval_cached_count=cached)), a_context(cacheable_tokens=allowed))
        assert (Flag.CACHED_PROMPT in sample.flags) is flagged


def test_a_load_where_the_model_was_in_memory_is_flagged() -> None:
    for reload_ms, flagged in ((0.9, True), (1, False), (None, False)):
        sample = to_sample(a_trace(), a_context(reload_ms=reload_ms))
        assert (Flag.MODEL_RELOADED in sample.flags) is flagged


def test_a_cold_request_is_meant_to_load() -> None:
    sample = to_sample(a_trace(), a_context(role=SampleRole.COLD, reload_ms=0.5))
    assert sample.load_ms == 1
    assert Flag.MODEL_RELOADED not in sample.flags


def test_flags_of_the_reader_are_kept() -> None:
    flags = frozenset({Flag.CLIENT_STALLED, Flag.CLOCK_STEPPED})
    assert set(to_sample(a_trace(flags=flags), a_context()).flags) >= flags


# Which samples count for what


def counted(**fields: Any) -> set[Metric]:
    sample = a_sample(**fields)
    return {metric for metric in Metric if counts_for(sample, metric)}


def test_what_counts_for_what() -> None:
    assert counted() == ALL_METRICS
    assert counted(role=SampleRole.WARMUP) == set()
    assert counted(end=EndReason.ERROR) == set()
    assert counted(end=EndReason.CANCELLED) == set()
    assert counted(role=SampleRole.COLD) == {Metric.LOAD, Metric.TTFT, Metric.E2E}
    of_its_length = {Metric.E2E, Metric.SCHEDULED}
    assert counted(end=EndReason.STOP, generated_tokens=64) == ALL_METRICS - of_its_length
    assert counted(end=EndReason.STOP, generated_tokens=63) == ALL_METRICS - of_its_length - {
        Metric.DECODE,
        Metric.TPOT,
    }
    assert counted(end=EndReason.STOP) == ALL_METRICS - of_its_length - {Metric.DECODE, Metric.TPOT}


@pytest.mark.parametrize("flag", Flag)
def test_what_a_flag_leaves_out(flag: Flag) -> None:
    blurred = flag is Flag.SEND_DELAYED
    expected = set[Metric]() if flag in DISQUALIFYING else TOLD_BY_OLLAMA if blurred else ALL_METRICS
    assert counted(flags=(flag,)) == expected


def test_a_stall_leaves_out_our_stamps_where_the_kernel_did_not_keep_them_apart() -> None:
    stalled = {"flags": (Flag.CLIENT_STALLED,)}
    assert counted(**stalled) == ALL_METRICS
    assert counted(**stalled, merged_chunks=1) == TOLD_BY_OLLAMA
    assert counted(**stalled, clock=ClockSource.PROCESS) == TOLD_BY_OLLAMA
    assert counted(merged_chunks=1) == counted(clock=ClockSource.PROCESS) == ALL_METRICS


def test_each_metric_reads_its_own_field() -> None:
    for number, metric in enumerate(set(Metric) - {Metric.GAP_MAX, Metric.SCHEDULED}):
        assert value_of(a_sample(1, **{metric.value: float(number)}), metric) == number
        assert value_of(a_sample(), metric) is None


# What holds for any trace

_stamps = st.integers(SENT_NS - 10**12, SENT_NS + 10**13)
_chunks = st.builds(Chunk, _stamps, st.none() | _stamps, st.integers(0, 9), st.integers(0, 9), st.booleans())
_odd = st.sampled_from([None, True, -1, -0.5, 0, "7", [7]])
_counts = _odd | st.integers(0, 2**31)
_durations = _odd | st.integers(3_000_000, 2**49)
_finals = st.none() | st.fixed_dictionaries(
    {},
    optional={name: _durations if name.endswith("duration") else _counts for name in a_final()}
    | {"prompt_eval_cached_count": _counts, "done_reason": st.sampled_from(["length", "stop", 3])},
)
_contexts = st.builds(
    a_context,
    role=st.sampled_from(SampleRole),
    cacheable_tokens=st.none() | st.integers(0, 100),
    reload_ms=st.none() | st.floats(0, 1e6),
)


@given(st.lists(_chunks, max_size=8), _finals, st.none() | _stamps, _contexts)
def test_no_trace_gives_a_negative_or_endless_figure(
    chunks: list[Chunk], final: dict[str, JsonValue] | None, last: int | None, context: Context
) -> None:
    sample = to_sample(a_trace(chunks=tuple(chunks), final=final, last_byte_ns=last), context)
    values = [value for metric in Metric if (value := value_of(sample, metric)) is not None]
    assert all(math.isfinite(value) and value >= 0 for value in (*values, *sample.chunk_ms))
    assert sample.load_ms is None or sample.role is SampleRole.COLD
    assert (sample.ttft_ms is None) >= (not sample.chunk_ms)
    assert final is not None or {sample.e2e_ms, sample.generated_tokens, sample.decode_tokens_per_s} == {None}
    assert Sample.model_validate_json(sample.model_dump_json()) == sample
