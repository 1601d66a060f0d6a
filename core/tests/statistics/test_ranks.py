"""The rank test, against SciPy."""

from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obt_core.statistics import rank_test
from obt_core.statistics.ranks import SlidingTest, least_p_value

stats: Any = import_module("scipy.stats")
numpy: Any = import_module("numpy")

_apart = st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=24, unique=True)
_tied = st.lists(st.integers(0, 4), min_size=2, max_size=5)


@settings(deadline=None)
@given(_apart, st.integers(1, 23))
def test_untied_values_have_scipys_exact_p_value(values: list[float], cut: int) -> None:
    first, second = values[: cut % (len(values) - 1) + 1], values[cut % (len(values) - 1) + 1 :]
    expected = stats.mannwhitneyu(second, first, method="exact")
    found = rank_test(first, second)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6)
    assert found.superiority * len(first) * len(second) == pytest.approx(expected.statistic)


@settings(deadline=None, max_examples=40)
@given(_tied, _tied)
def test_tied_values_have_the_p_value_of_all_permutations(first: list[int], second: list[int]) -> None:
    ranks = stats.rankdata([*first, *second])

    def rank_sum(x: Any, axis: int) -> Any:
        return numpy.sum(x, axis=axis)

    def rank_sum_of_second(_: Any, y: Any, axis: int) -> Any:
        return rank_sum(y, axis)

    groups = (ranks[: len(first)], ranks[len(first) :])
    expected = stats.permutation_test(groups, rank_sum_of_second, n_resamples=numpy.inf, vectorized=True)
    assert rank_test(first, second).p_value == pytest.approx(float(expected.pvalue), rel=1e-6)


@given(st.lists(st.integers(0, 30), min_size=3, max_size=60), st.lists(st.integers(0, 30), min_size=3, max_size=60))
def test_the_approximation_is_scipys(first: list[int], second: list[int]) -> None:
    found = rank_test(first, second, exact=False)
    if len({*first, *second}) == 1:
        assert found.p_value == 1
        return
    expected = stats.mannwhitneyu(second, first, method="asymptotic", use_continuity=True)
    assert found.p_value == pytest.approx(float(expected.pvalue), rel=1e-6)


def test_many_values_are_approximated_as_well_as_counted() -> None:
    first, second = [float(n) for n in range(20)], [n + 4.5 for n in range(20)]
    counted, normal = rank_test(first, second), rank_test(first, second, exact=False)
    assert counted.p_value == pytest.approx(normal.p_value, rel=0.05)
    assert counted.z > 0


def test_correlated_samples_weigh_less() -> None:
    first, second = [float(n) for n in range(10)], [n + 6.5 for n in range(10)]
    free, held = rank_test(first, second), rank_test(first, second, rho=0.5)
    assert free.p_value < 0.005 < held.p_value
    assert free.superiority == held.superiority


def test_a_group_without_values_is_refused() -> None:
    with pytest.raises(ValueError, match="two groups"):
        rank_test([], [1.0])


_few = st.lists(st.integers(0, 9), min_size=1, max_size=30)


@given(_few, _few, st.integers(-12, 12).map(lambda halves: halves / 2), st.sampled_from((0.0, 0.3, 0.9)))
def test_a_group_that_slides_has_the_deviate_of_one_that_was_moved(
    first: list[int], second: list[int], distance: float, rho: float
) -> None:
    moved = rank_test(first, [value + distance for value in second], rho=rho, exact=False)
    assert SlidingTest(first, second, rho).deviate(distance) == moved.z


@pytest.mark.parametrize("rho", [0.0, 0.5])
@pytest.mark.parametrize("sizes", [(1, 1), (6, 6), (20, 20), (20, 21), (50, 7)])
def test_nothing_is_rarer_than_groups_that_lie_apart(sizes: tuple[int, int], rho: float) -> None:
    n, m = sizes
    apart = rank_test(range(n), range(n, n + m), rho=rho)
    assert least_p_value(n, m, rho) == pytest.approx(apart.p_value, rel=1e-12)
