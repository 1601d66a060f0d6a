"""Figures over time: throughput, goodput, slots, lateness; and what the suite tells a summary."""

from datetime import timedelta
from itertools import count
from typing import Any

from core.tests.traces import MOMENT, a_sample
from obt_core.results import EndReason, Flag, Sample, SampleRole
from obt_core.statistics import confidence_at_look, looks, summarize
from obt_core.suites import Limits, Metric, Precision, Suite, TextPrompt, Workload

_numbers = count(1)


def at(begin_s: float, **fields: Any) -> Sample:
    """A request of 2 s that begins so many seconds after the moment: 100 ms to the first of 20 tokens."""
    told = {"ttft_ms": 100, "tpot_ms": 95, "e2e_ms": 2_000, "generated_tokens": 20, **fields}
    return a_sample(next(_numbers), started_at=MOMENT + timedelta(seconds=begin_s), **told)


def a_suite(**fields: Any) -> Suite:
    prompt = TextPrompt(text="Hi")
    chat = Workload(name="chat", prompt=prompt, generate_tokens=20, samples=40, budget_s=60, **fields)
    return Suite(name="mine", title="Mine", workloads=(chat,))


def test_two_streams_have_twice_the_throughput_of_one() -> None:
    (one,) = summarize([at(0), at(2)]).workloads
    (two,) = summarize([at(0), at(0), at(2), at(2)]).workloads
    assert (one.requests_per_s, one.throughput_tokens_per_s, one.slots_seen) == (0.5, 10, 1)
    assert (two.requests_per_s, two.throughput_tokens_per_s, two.slots_seen) == (1, 20, 2)


def test_a_pause_between_bursts_is_no_time_of_theirs() -> None:
    (apart,) = summarize([at(0, block=1), at(100, block=2)]).workloads
    (together,) = summarize([at(0), at(100)]).workloads
    assert apart.requests_per_s == 0.5
    assert together.requests_per_s == 2 / 102


def test_requests_that_wait_for_a_slot_do_not_count_as_served_at_once() -> None:
    waiting = at(0, ttft_ms=2_100, e2e_ms=4_000)
    (found,) = summarize([at(0), waiting]).workloads
    assert found.slots_seen == 1


def test_goodput_counts_what_met_every_limit() -> None:
    suite = a_suite(limits=Limits(ttft_ms=150, e2e_ms=2_500))
    samples = [at(0), at(2, ttft_ms=151), at(4, e2e_ms=2_501), at(6, ttft_ms=None)]
    (found,) = summarize(samples, suite).workloads
    assert found.requests_per_s == 4 / 8
    assert found.goodput_per_s == 1 / 8
    (unlimited,) = summarize(samples, a_suite()).workloads
    assert unlimited.goodput_per_s is None


def test_a_late_sender_does_not_hide_a_slow_server() -> None:
    suite = a_suite(limits=Limits(ttft_ms=150))
    (found,) = summarize([at(0, lateness_ms=40.0), at(2, lateness_ms=60.0)], suite).workloads
    assert found.goodput_per_s == 1 / 4
    assert (found.lateness_p50_ms, found.lateness_p99_ms) == (50.0, 59.8)
    assert found.metrics[Metric.SCHEDULED].median == 2_050


def test_a_failed_request_takes_time_and_gives_nothing() -> None:
    failed = at(2, end=EndReason.ERROR, error_code="cut", generated_tokens=None)
    (found,) = summarize([at(0), failed]).workloads
    assert (found.requests_per_s, found.throughput_tokens_per_s) == (1 / 4, 5)


def test_cold_samples_have_no_figures_per_second() -> None:
    (found,) = summarize([at(0, role=SampleRole.COLD), at(9, role=SampleRole.COLD)]).workloads
    assert (found.requests_per_s, found.throughput_tokens_per_s, found.slots_seen) == (None, None, None)


def test_samples_that_were_never_answered_have_no_throughput() -> None:
    (found,) = summarize([at(0, ttft_ms=None, e2e_ms=None, end=EndReason.ERROR)]).workloads
    assert (found.requests_per_s, found.slots_seen) == (None, None)


def test_workloads_stand_in_the_order_of_the_suite_however_they_were_taken() -> None:
    suite = a_suite()
    two = suite.model_copy(
        update={"workloads": tuple(w.model_copy(update={"name": n}) for w in suite.workloads for n in "ab")}
    )
    found = summarize([at(0, workload="b"), at(2, workload="x"), at(4, workload="a")], two)
    assert [workload.workload for workload in found.workloads] == ["a", "b", "x"]


def rates(spread: float, suite: Suite | None) -> Any:
    samples = [at(2 * n, decode_tokens_per_s=100 + spread * (n * 7 % 12 - 5.5)) for n in range(12)]
    return summarize(samples, suite).workloads[0]


def test_precision_is_told_where_it_was_asked_for() -> None:
    suite = a_suite(precision=Precision(within=0.03))
    assert rates(0.1, suite).precise is True
    assert rates(3.0, suite).precise is False
    assert rates(0.1, a_suite()).precise is None
    assert rates(0.1, None).precise is None


def test_who_looks_often_gets_a_wider_interval() -> None:
    suite = a_suite(precision=Precision())
    assert confidence_at_look(len(looks(10, 40))) > 0.95
    fixed, looked = (rates(1.0, each).metrics[Metric.DECODE] for each in (a_suite(), suite))
    assert looked.low < fixed.low < fixed.median < fixed.high < looked.high


def test_quantiles_need_enough_samples_and_drift_is_told_where_it_is_more_than_noise() -> None:
    few, many = (
        [at(2 * n, ttft_ms=100 + n % 7) for n in range(9)],
        [at(2 * n, ttft_ms=100 + n + n * 37 % 29) for n in range(100)],
    )
    small = summarize(few).workloads[0].metrics[Metric.TTFT]
    large = summarize(many).workloads[0].metrics[Metric.TTFT]
    assert (small.p90, small.p99, small.drift, small.outliers) == (None, None, None, 0)
    assert large.p90 is not None
    assert large.p99 is not None
    assert large.median < large.p90 < large.p99
    assert large.drift is not None
    assert large.drift > 0.4


def test_a_sample_that_stands_apart_is_counted_in_and_told() -> None:
    samples = [at(2 * n, ttft_ms=100 + n % 3) for n in range(11)] + [at(22, ttft_ms=900)]
    found = summarize(samples).workloads[0].metrics[Metric.TTFT]
    assert (found.n, found.outliers) == (12, 1)


def test_flagged_samples_take_their_time_but_do_not_count() -> None:
    (found,) = summarize([at(0), at(2, flags=(Flag.MODEL_RELOADED,))]).workloads
    assert (found.counted, found.taken, found.requests_per_s) == (1, 2, 0.5)


def test_values_that_are_nothing_beside_each_other_have_a_summary() -> None:
    samples = [at(2 * n, ttft_ms=1e-300 if n < 8 else 1e9) for n in range(16)]
    assert summarize(samples).workloads[0].metrics[Metric.TTFT].drift is None
