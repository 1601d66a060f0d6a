"""Families of comparisons."""

from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.statistics import benjamini_hochberg, holm

stats: Any = import_module("scipy.stats")

_p_values = st.lists(st.floats(0, 1), max_size=20)


def test_holm_by_hand() -> None:
    # In order 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1, never falling.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()


@given(_p_values)
def test_holm_keeps_the_order_and_lies_between_the_raw_and_bonferroni(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    for raw, found in zip(p_values, adjusted, strict=True):
        assert raw <= found <= min(1.0, raw * len(p_values)) + 1e-12
    in_order = [adjusted[n] for n in sorted(range(len(p_values)), key=p_values.__getitem__)]
    assert in_order == sorted(in_order)


@given(_p_values)
def test_the_false_discovery_rate_is_scipys(p_values: list[float]) -> None:
    if p_values:
        assert benjamini_hochberg(p_values) == pytest.approx(tuple(stats.false_discovery_control(p_values)))
    assert all(
        found <= by_holm + 1e-12 for found, by_holm in zip(benjamini_hochberg(p_values), holm(p_values), strict=True)
    )
