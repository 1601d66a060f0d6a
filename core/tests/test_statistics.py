"""From samples to numbers with their uncertainty."""

import random
from statistics import median
from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.tests.traces import a_sample
from obt_core.results import EndReason, Flag, Metric, Sample, SampleRole
from obt_core.statistics import SAMPLES_FOR_INTERVAL, estimate, summarize
from obt_core.values import chosen, counts_for

_values = st.lists(st.floats(0, 1e12), min_size=1, max_size=15)


@hypothesis_settings(max_examples=40, deadline=None)
@given(_values, st.randoms(use_true_random=False))
def test_an_interval_holds_the_median_and_lies_within_the_samples(values: list[float], chance: random.Random) -> None:
    found = estimate(values)
    assert (found.median, found.n) == (median(values), len(values))
    if len(values) < SAMPLES_FOR_INTERVAL:
        assert (found.low, found.high) == (None, None)
        return
    assert found.low is not None
    assert found.high is not None
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert estimate(values) == found
    chance.random()  # the interval does not hang on a generator that others turn
    assert estimate(list(values)) == found


# Summaries


def samples_of(workload: str, values: list[float], first: int = 1, **fields: Any) -> list[Sample]:
    return [
        a_sample(number, workload=workload, decode_tokens_per_s=value, ttft_ms=value * 2, **fields)
        for number, value in enumerate(values, first)
    ]


def test_a_summary_by_hand() -> None:
    summary = summarize(samples_of("chat", [10, 30, 20, 40, 50]))
    (chat,) = summary.workloads
    assert (chat.workload, chat.taken, chat.counted) == ("chat", 5, 5)
    decode = chat.metrics[Metric.DECODE]
    assert (decode.median, decode.n) == (30, 5)
    assert chat.metrics[Metric.TTFT].median == 60
    assert set(chat.metrics) == {Metric.DECODE, Metric.TTFT}  # the others were not measured


def test_the_order_in_which_samples_arrive_does_not_matter() -> None:
    samples = [*samples_of("chat", [10, 30, 20]), *samples_of("prompt", [7, 8], first=4)]
    assert summarize(reversed(samples)) == summarize(samples)
    assert [workload.workload for workload in summarize(reversed(samples)).workloads] == ["chat", "prompt"]


def test_the_headline_is_the_first_workload_that_measured_the_metric() -> None:
    prefill = a_sample(4, workload="prompt", prefill_tokens_per_s=900.0, ttft_ms=500.0)
    summary = summarize([*samples_of("chat", [10, 20, 30]), prefill])
    assert summary.headline[Metric.DECODE].median == 20
    assert summary.headline[Metric.TTFT].median == 40
    assert summary.headline[Metric.PREFILL].median == 900


def test_a_cold_workload_heads_only_what_no_warm_one_measured() -> None:
    cold = a_sample(1, workload="load", role=SampleRole.COLD, ttft_ms=9_000.0, load_ms=8_000.0)
    summary = summarize([cold, *samples_of("chat", [10], first=2)])
    assert summary.headline[Metric.TTFT].median == 20
    assert summary.headline[Metric.LOAD].median == 8_000
    assert summarize([cold]).headline[Metric.TTFT].median == 9_000


def test_what_does_not_count_is_taken_and_left_out() -> None:
    samples = [
        *samples_of("chat", [10, 20, 30]),
        *samples_of("chat", [1_000], first=4, end=EndReason.ERROR),
        *samples_of("chat", [1_000], first=5, flags=(Flag.MODEL_RELOADED,)),
        *samples_of("chat", [1_000], first=6, role=SampleRole.WARMUP),
    ]
    (chat,) = summarize(samples).workloads
    assert (chat.taken, chat.counted, chat.metrics[Metric.DECODE].median) == (5, 3, 20)


def test_a_workload_of_warm_ups_is_none() -> None:
    assert summarize(samples_of("chat", [10], role=SampleRole.WARMUP)).workloads == ()


_some_samples = st.lists(
    st.builds(
        a_sample,
        st.integers(1, 100),
        workload=st.sampled_from(["a", "b"]),
        role=st.sampled_from(SampleRole),
        end=st.sampled_from(EndReason),
        flags=st.lists(st.sampled_from(Flag), max_size=2).map(tuple),
        generated_tokens=st.none() | st.integers(0, 200),
        ttft_ms=st.none() | st.floats(0, 1e6),
        decode_tokens_per_s=st.none() | st.floats(0, 1e6),
        load_ms=st.none() | st.floats(0, 1e6),
    ),
    max_size=10,
    unique_by=lambda sample: sample.number,
)


@hypothesis_settings(max_examples=40, deadline=None)
@given(_some_samples)
def test_every_estimate_is_made_of_what_counts(samples: list[Sample]) -> None:
    summary = summarize(samples)
    measured = [sample for sample in samples if sample.role is not SampleRole.WARMUP]
    assert {workload.workload for workload in summary.workloads} == {sample.workload for sample in measured}
    assert sum(workload.taken for workload in summary.workloads) == len(measured)
    for workload in summary.workloads:
        own = chosen([sample for sample in samples if sample.workload == workload.workload])
        assert workload.counted == sum(any(counts_for(sample, metric) for metric in Metric) for sample in own)
        for metric, found in workload.metrics.items():
            assert 1 <= found.n <= workload.counted
            assert summary.headline[metric] in [other.metrics.get(metric) for other in summary.workloads]
