"""One judgement for everybody: which metrics, of which values, and the same verdict from both sides."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.judging import FLOW_TOKENS_MIN, further_metrics, is_unsettled, judge, judged_metrics
from obt_core.statistics import Verdict, corrected
from obt_core.suites import ConstantArrival, Metric, TextPrompt, Workload

VALUES = st.lists(st.floats(min_value=1, max_value=1e4), min_size=6, max_size=20)
MIRRORED = {Verdict.FASTER: Verdict.SLOWER, Verdict.SLOWER: Verdict.FASTER}


def a_workload(**fields: object) -> Workload:
    about = {"name": "chat", "prompt": TextPrompt(text="Why?"), "generate_tokens": 64, "samples": 10, "budget_s": 30}
    return Workload.model_validate({**about, **fields})


@pytest.mark.parametrize(
    ("workload", "metrics"),
    [
        (a_workload(), {Metric.DECODE, Metric.TTFT}),
        (a_workload(generate_tokens=FLOW_TOKENS_MIN - 1), {Metric.PREFILL, Metric.TTFT}),
        (a_workload(cold=True), {Metric.LOAD}),
        (a_workload(concurrency=4), {Metric.DECODE, Metric.TTFT, Metric.QUEUE, Metric.E2E}),
        (a_workload(arrival=ConstantArrival(rate_per_s=2)), {Metric.DECODE, Metric.TTFT, Metric.SCHEDULED}),
    ],
)
def test_a_workload_is_judged_by_what_it_is_there_for(workload: Workload, metrics: set[Metric]) -> None:
    assert set(judged_metrics(workload)) == metrics
    assert metrics.isdisjoint(further_metrics(workload))


def test_no_rate_of_a_handful_of_tokens_is_judged() -> None:
    short = a_workload(generate_tokens=FLOW_TOKENS_MIN - 1)
    assert {Metric.DECODE, Metric.TPOT}.isdisjoint({*judged_metrics(short), *further_metrics(short)})


@pytest.mark.parametrize(
    ("before", "after"), [([], [1.0] * 6), ([1.0] * 6, []), ([0.2] * 9, [0.9] * 9)], ids=["none", "gone", "no wait"]
)
def test_what_was_not_measured_or_never_waited_is_not_judged(before: list[float], after: list[float]) -> None:
    assert judge(Metric.QUEUE, before, after) is None


@given(before=VALUES, after=VALUES, metric=st.sampled_from([Metric.DECODE, Metric.TTFT]))
def test_swapping_the_sides_mirrors_the_verdict(before: list[float], after: list[float], metric: Metric) -> None:
    there, back = judge(metric, before, after), judge(metric, after, before)
    assert there
    assert back
    assert back.found.verdict is MIRRORED.get(there.found.verdict, there.found.verdict)
    assert (back.before, back.after) == (there.after, there.before)


def test_medians_that_stand_further_apart_than_could_be_seen_settle_nothing() -> None:
    few = judge(Metric.DECODE, [100, 101, 99, 100, 102, 100], [100, 101, 99, 130, 131, 132])
    many = judge(Metric.DECODE, [100.0 + n % 3 for n in range(60)], [100.0 + (n + 1) % 3 for n in range(60)])
    assert few
    assert many
    assert [is_unsettled(found) for found in corrected([few.found, many.found])] == [True, False]


def test_differences_below_the_minimum_effect_are_none() -> None:
    levels = [100.0, 100.8, 112.0]
    samples = [[level + 0.01 * (n % 7) for n in range(20)] for level in levels]
    found = [judge(Metric.DECODE, *pair) for pair in pairwise(samples)]
    assert [one.found.verdict for one in found if one] == [Verdict.NO_DIFFERENCE_FOUND, Verdict.FASTER]
