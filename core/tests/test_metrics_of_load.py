"""What a sample tells of gaps, schedules, the third clock, and of prompts that were not read as asked."""

from dataclasses import replace

from core.tests.traces import MS, SENT_NS, a_chunk, a_context, a_final, a_sample, a_trace
from obt_core.metrics import to_sample
from obt_core.results import Flag
from obt_core.suites import Metric
from obt_core.values import value_of


def test_the_longest_gap_is_told_of_chunks_that_have_stamps_of_their_own() -> None:
    assert value_of(a_sample(chunk_ms=(25, 45, 95, 105)), Metric.GAP_MAX) == 50
    assert value_of(a_sample(chunk_ms=(25, 45, 95, 105), merged_chunks=1), Metric.GAP_MAX) is None
    assert value_of(a_sample(chunk_ms=(25,)), Metric.GAP_MAX) is None


def test_scheduled_latency_counts_from_the_intended_send() -> None:
    assert value_of(a_sample(e2e_ms=110, lateness_ms=7.5), Metric.SCHEDULED) == 117.5
    assert value_of(a_sample(e2e_ms=110), Metric.SCHEDULED) is None


def test_the_third_clock_is_that_of_the_chunks_themselves() -> None:
    made = tuple(replace(a_chunk(at), created_at_ns=SENT_NS + round((at - 2) * MS)) for at in (25, 45, 65, 85, 105))
    sample = to_sample(a_trace(chunks=made), a_context())
    assert (sample.created_ttft_ms, sample.created_tpot_ms) == (23, 20)


def test_clocks_disagree_where_created_at_tells_of_another_pace() -> None:
    fields = {"eval_count": 40, "eval_duration": 39 * 20 * MS}
    chunks = [a_chunk(25 + 20 * n) for n in range(40)]
    even = tuple(replace(chunk, created_at_ns=chunk.stamp_ns) for chunk in chunks)
    held_back = tuple(replace(c, created_at_ns=SENT_NS + round((25 + 19 * n) * MS)) for n, c in enumerate(chunks))
    for made, disagrees in ((even, False), (held_back, True)):
        sample = to_sample(a_trace(chunks=made, final=a_final(**fields)), a_context())
        assert (Flag.CLOCKS_DISAGREE in sample.flags) is disagrees


def test_a_prefill_faster_than_the_machine_is_no_prefill() -> None:
    assert to_sample(a_trace(), a_context(prefill_limit_tokens_per_s=1_500.0)).flags == ()
    assert to_sample(a_trace(), a_context(prefill_limit_tokens_per_s=1_499.0)).flags == (Flag.IMPOSSIBLE_PREFILL,)


def test_a_prompt_that_was_cut_is_told() -> None:
    assert to_sample(a_trace(), a_context(asked_prompt_tokens=40)).flags == ()
    assert to_sample(a_trace(), a_context(asked_prompt_tokens=41)).flags == (Flag.PROMPT_TRUNCATED,)
    cached = a_trace(final=a_final(prompt_eval_cached_count=20))
    assert to_sample(cached, a_context(asked_prompt_tokens=41)).flags == ()


def test_thinking_that_nobody_asked_for_is_told() -> None:
    trace = a_trace(chunks=(a_chunk(25, text=0, thinking=3), a_chunk(45)))
    assert to_sample(trace, a_context()).flags == (Flag.UNASKED_THINKING,)
    assert to_sample(trace, a_context(thinks=True)).flags == ()


def test_lateness_of_the_sender_is_kept_and_marked() -> None:
    assert to_sample(a_trace(), a_context(lateness_ms=5.0)).flags == ()
    late = to_sample(a_trace(), a_context(lateness_ms=5.1, block=3))
    assert (late.lateness_ms, late.block, late.flags) == (5.1, 3, (Flag.SENT_LATE,))
