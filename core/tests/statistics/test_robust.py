"""Quantiles, spread and strays, against NumPy and SciPy."""

from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.statistics import outliers, quantile, robust_spread

numpy: Any = import_module("numpy")
stats: Any = import_module("scipy.stats")

_values = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30)


@given(_values, st.floats(0, 1))
def test_a_quantile_is_that_of_numpy(values: list[float], q: float) -> None:
    size = max(map(abs, values))
    assert quantile(values, q) == pytest.approx(float(numpy.quantile(values, q)), rel=1e-9, abs=1e-9 * size)


@given(_values)
def test_quantiles_rise_and_end_at_the_extremes(values: list[float]) -> None:
    found = [quantile(values, q / 10) for q in range(11)]
    assert (found[0], found[-1]) == (min(values), max(values))
    assert all(low <= high + 1e-6 for low, high in pairwise(found))


@pytest.mark.parametrize(("values", "q"), [([], 0.5), ([1.0], -0.1), ([1.0], 1.1)])
def test_what_is_no_quantile_is_refused(values: list[float], q: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile(values, q)


@given(_values)
def test_the_spread_is_scipys_scaled_mad(values: list[float]) -> None:
    expected = float(stats.median_abs_deviation(values, scale="normal"))
    assert robust_spread(values) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_no_values_have_no_spread() -> None:
    with pytest.raises(ValueError, match="at least one"):
        robust_spread([])


def test_a_spike_is_marked_and_its_neighbours_are_not() -> None:
    assert outliers([10.0, 10.2, 9.9, 10.1, 14.0, 10.0, 9.8, 3.0]) == (4, 7)


def test_half_of_the_values_may_be_equal() -> None:
    assert outliers([7.0] * 9 + [7.5]) == (9,)
    assert outliers([7.0] * 10) == ()


def test_two_values_have_no_stray() -> None:
    assert outliers([1.0, 1e9]) == ()


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30), st.integers(1, 50), st.integers(-100, 100))
def test_marks_do_not_hang_on_the_unit(values: list[int], scale: int, offset: int) -> None:
    assert outliers([value * 2**scale + offset * 2**scale for value in values]) == outliers(values)
