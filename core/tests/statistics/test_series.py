"""Steps in a series of results over time."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tests.statistics.draws import INDEPENDENT, autoregressive
from obt_core.statistics import steps


def _levels(*levels: tuple[float, int], seed: int = 20_261) -> list[float]:
    chance = random.Random(seed)
    return [level * chance.gauss(1, 0.01) for level, n in levels for _ in range(n)]


def test_a_level_that_did_not_recover_is_found_where_it_began() -> None:
    (step,) = steps(_levels((100, 20), (94, 15)))
    assert step.index == 20
    assert step.lasts
    assert step.relative == pytest.approx(-0.06, abs=0.01)
    assert (step.before, step.after) == pytest.approx((100, 94), abs=1)


def test_a_level_that_recovered_says_so() -> None:
    down, up = steps(_levels((100, 15), (90, 8), (100, 12)))
    assert (down.index, up.index) == (15, 23)
    assert (down.lasts, up.lasts) == (False, True)


def test_two_steps_the_same_way_both_last() -> None:
    assert [step.lasts for step in steps(_levels((100, 12), (90, 12), (80, 12)))] == [True, True]


def test_stray_results_are_no_level() -> None:
    values = _levels((100, 30))
    values[10] = values[20] = values[21] = 60
    assert steps(values) == ()


def test_equal_results_have_no_step_until_one_comes() -> None:
    assert steps([10.0] * 20) == ()
    (step,) = steps([10.0] * 8 + [10.3] * 5)
    assert (step.index, step.before, step.after) == (8, 10.0, 10.3)


def test_steps_below_the_minimum_are_left_out() -> None:
    values = _levels((100, 20), (94, 20))
    assert len(steps(values, minimum_effect=0.03)) == 1
    assert steps(values, minimum_effect=0.1) == ()


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 1.0, 1.0, 2.0, 2.0]])
def test_a_series_too_short_for_two_levels_has_no_step(values: list[float]) -> None:
    assert steps(values) == ()


def test_a_rate_and_its_time_step_alike() -> None:
    rates = _levels((100, 15), (95, 10), (120, 10))
    by_rate, by_time = steps(rates), steps([1000 / rate for rate in rates])
    assert [step.index for step in by_rate] == [step.index for step in by_time] == [15, 25]


def test_a_step_from_nothing_has_no_share() -> None:
    (step,) = steps([0.0] * 10 + [5.0] * 10)
    assert (step.index, step.relative) == (10, None)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([1.0, 2.0, 5.0]), max_size=25))
def test_steps_lie_in_order_at_least_a_level_apart(values: list[float]) -> None:
    edges = [0, *(step.index for step in steps(values)), len(values)]
    if len(edges) > 2:
        assert all(after - before >= 3 for before, after in pairwise(edges))
    mirrored = [len(values) - step.index for step in steps(values[::-1])]
    assert len(mirrored) == len(edges) - 2


@pytest.mark.parametrize("name", INDEPENDENT)
def test_noise_makes_no_steps(name: str) -> None:
    """At most 8 of 150 series at rest may show one: a chance of 2 % gives more once in 300, 8 % nearly always."""
    chance = random.Random(20_261)
    assert sum(bool(steps(INDEPENDENT[name].draw(chance, 30))) for _ in range(150)) <= 8


def test_noise_that_hangs_together_makes_few() -> None:
    chance = random.Random(20_261)
    assert sum(bool(steps(autoregressive(0.5).draw(chance, 40))) for _ in range(150)) <= 12
