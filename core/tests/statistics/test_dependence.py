"""Serial correlation, and what it does to a deviate."""

import random
from importlib import import_module
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tests.statistics.draws import INDEPENDENT, autoregressive
from obt_core.statistics import correlation, effective_size
from obt_core.statistics.dependence import (
    MOST_CORRELATION,
    inflation_of_ranks,
    inflation_of_signs,
    midranks,
    narrowed,
    widened,
)

stats: Any = import_module("scipy.stats")


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40))
def test_ranks_are_scipys(values: list[int]) -> None:
    assert midranks(values) == list(stats.rankdata(values))


@pytest.mark.parametrize(("rho", "n"), [(0.3, 20), (0.5, 20), (0.3, 50), (0.5, 50), (0.7, 50)])
def test_the_correlation_of_a_process_is_found_on_average(rho: float, n: int) -> None:
    """A strong one in twenty samples is found too low: 0.7 as 0.61."""
    chance = random.Random(20_261)
    found = fmean(correlation(autoregressive(rho).draw(chance, n)) for _ in range(400))
    assert found == pytest.approx(rho, abs=0.06)


def test_independent_samples_lose_little() -> None:
    chance = random.Random(20_261)
    found = [effective_size(INDEPENDENT["normal"].draw(chance, 50)) for _ in range(200)]
    assert fmean(found) > 44
    assert max(found) <= 50


@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=30, unique=True))
def test_only_the_order_of_sizes_counts(values: list[float]) -> None:
    assert correlation([rank**3 for rank in midranks(values)]) == correlation(values)
    assert 0 <= correlation(values) <= MOST_CORRELATION


def test_a_difference_between_groups_is_none_within() -> None:
    calm = [3.0, 1.0, 4.0, 1.5, 5.0, 2.0, 3.5, 1.2]
    assert correlation(calm, [value + 1000 for value in calm]) == correlation(calm, calm)
    assert correlation([*calm, *[value + 1000 for value in calm]]) > 0.5


def test_what_does_not_vary_does_not_correlate() -> None:
    assert correlation([7.0] * 10) == 0
    assert correlation([]) == 0
    assert (effective_size([7.0] * 10), effective_size([])) == (10, 0)


def test_inflation_by_hand() -> None:
    assert inflation_of_signs(0, 20) == inflation_of_ranks(0, 20) == 1
    # Two values: 1 + c(1); the signs of normal values with correlation 1/2 correlate by 1/3.
    assert inflation_of_signs(0.5, 2) == pytest.approx(1 + 1 / 3)
    assert inflation_of_ranks(0.5, 2) == pytest.approx(
        1 + stats.multivariate_normal.cdf([0, 0], cov=[[1, 0.25], [0.25, 1]]) * 12 - 3
    )


@given(st.floats(0.1, 4), st.floats(1.01, 8), st.integers(6, 200))
def test_narrowing_undoes_widening(deviate: float, inflation: float, n: int) -> None:
    wide = widened(deviate, inflation, n)
    assert narrowed(wide, inflation, n) == pytest.approx(deviate, rel=1e-9)
    assert narrowed(-wide, inflation, n) == pytest.approx(-deviate, rel=1e-9)
    assert wide >= deviate


@pytest.mark.parametrize("freedom", [6, 10, 40])
@pytest.mark.parametrize("level", [0.95, 0.99])
def test_a_widened_deviate_is_students_quantile(freedom: int, level: float) -> None:
    inflation, n = 2.0, 2 * freedom
    normal, student = stats.norm.ppf((1 + level) / 2), stats.t.ppf((1 + level) / 2, freedom)
    assert widened(normal, inflation, n) == pytest.approx(student * 2**0.5, rel=0.01)


def test_no_inflation_changes_nothing() -> None:
    assert widened(1.96, 1.0, 20) == narrowed(1.96, 1.0, 20) == 1.96
