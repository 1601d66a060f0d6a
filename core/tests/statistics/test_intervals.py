"""Intervals of the median and of anything else."""

import random
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from statistics import fmean, median, stdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.statistics import Interval, bca_interval, median_interval
from obt_core.statistics.intervals import margins

numpy: Any = import_module("numpy")
stats: Any = import_module("scipy.stats")

_values = st.lists(st.integers(-10_000, 10_000).map(float), min_size=6, max_size=40)
_chance = random.Random(20_261)
_skewed = [_chance.lognormvariate(0, 0.8) for _ in range(25)]


def found_in(values: Sequence[float], confidence: float = 0.95) -> Interval:
    interval = median_interval(values, confidence=confidence)
    assert interval is not None
    return interval


@given(_values)
def test_an_interval_of_a_median_holds_it_and_lies_within_the_values(values: list[float]) -> None:
    interval = found_in(values)
    assert min(values) <= interval.low <= median(values) <= interval.high <= max(values)
    assert interval.confidence == 0.95


@given(_values, st.integers(-5, 5), st.integers(-1000, 1000))
def test_another_unit_gives_the_same_interval_in_that_unit(values: list[float], power: int, offset: int) -> None:
    interval, moved = found_in(values), found_in([2.0**power * value + offset for value in values])
    assert (moved.low, moved.high) == pytest.approx(
        (2.0**power * interval.low + offset, 2.0**power * interval.high + offset), rel=1e-9, abs=1e-6
    )


@given(_values)
def test_more_confidence_is_never_narrower(values: list[float]) -> None:
    for wide, narrow in pairwise(found_in(values, level) for level in (0.968, 0.95, 0.9, 0.8)):
        assert wide.low <= narrow.low + 1e-9
        assert wide.high >= narrow.high - 1e-9


@pytest.mark.parametrize(("n", "confidence"), [(5, 0.95), (7, 0.99), (0, 0.5), (1, 0.5)])
def test_too_few_values_have_no_interval(n: int, confidence: float) -> None:
    assert median_interval([float(k) for k in range(n)], confidence=confidence) is None
    assert median_interval([float(k) for k in range(n + 3)], confidence=confidence) is not None


@pytest.mark.parametrize("n", [6, 10, 25, 100, 1_000, 1_001, 5_000])
def test_the_ends_lie_between_the_ranks_of_the_sign_test(n: int) -> None:
    """SciPy's interval is the one of whole ranks that covers at least; the next one inwards covers less."""
    ranks = [float(k) for k in range(1, n + 1)]
    chance = random.Random(20_261)
    chance.shuffle(ranks)
    whole = stats.quantile_test(ranks, q=0, p=0.5).confidence_interval(0.95)
    interval = median_interval(ranks, rho=0)
    assert interval is not None
    assert whole.low - 0.02 <= interval.low <= whole.low + 1
    assert whole.high - 1 <= interval.high <= whole.high + 0.02


def test_an_interval_by_hand() -> None:
    """Ten values: [2nd, 9th] cover 1 - 22/1024, [3rd, 8th] 1 - 112/1024; Hettmansperger and Sheather's weight."""
    outer, inner = 1 - 22 / 1024, 1 - 112 / 1024
    share = (outer - 0.95) / (outer - inner)
    weight = 8 * share / (2 + 6 * share)
    interval = median_interval([float(k) for k in (7, 1, 9, 4, 2, 10, 3, 6, 8, 5)], rho=0)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((2 + weight, 9 - weight))


@pytest.mark.parametrize("confidence", [0.4, 1.0, -1.0])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        median_interval([1.0] * 10, confidence=confidence)


def test_samples_that_follow_each_other_say_less() -> None:
    slowly = [float(k) for k in range(20)]
    shuffled = random.Random(20_261).sample(slowly, 20)
    wide, narrow = found_in(slowly), found_in(shuffled)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_equal_values_leave_no_doubt() -> None:
    assert median_interval([7.0] * 10) == Interval(7.0, 7.0, 0.95)


def test_margins_reach_past_the_range_where_ranks_run_out() -> None:
    values = [3.0, 1.0, 4.0, 2.0, 5.0]
    below, above = margins(values, 0.0)
    # The range of five covers 93.75 %: stretched by the ratio of the normal deviates.
    assert below == above == pytest.approx(2 * stats.norm.ppf(0.975) / stats.norm.ppf(1 - 1 / 32))
    assert margins(values, 0.5)[0] > below


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0]])
def test_margins_need_three_values(values: list[float]) -> None:
    with pytest.raises(ValueError, match="three values"):
        margins(values, 0.0)


@pytest.mark.parametrize(("ours", "theirs"), [(fmean, "mean"), (stdev, "std")])
def test_bca_is_scipys(ours: Any, theirs: str) -> None:
    """Both resample: with 9,999 resamples the ends differ by chance by about a hundredth of the width."""

    def statistic(values: Any, axis: int = -1) -> Any:
        return getattr(numpy, theirs)(values, axis=axis, **({"ddof": 1} if theirs == "std" else {}))

    expected = stats.bootstrap(
        (_skewed,), statistic, n_resamples=9_999, method="BCa", random_state=1
    ).confidence_interval
    found = bca_interval(_skewed, ours, resamples=9_999)
    near = 0.04 * (expected.high - expected.low)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=near)
    percentile = stats.bootstrap((_skewed,), statistic, method="percentile", random_state=1).confidence_interval
    assert abs(found.high - percentile.high) > 2 * near  # the correction is no small change here


def test_bca_is_the_same_each_time_and_bears_equal_values() -> None:
    assert bca_interval(_skewed, median) == bca_interval(_skewed, median)
    assert bca_interval([7.0] * 5, fmean) == Interval(7.0, 7.0, 0.95)


def test_bca_of_one_value_is_refused() -> None:
    with pytest.raises(ValueError, match="two values"):
        bca_interval([1.0], fmean)
