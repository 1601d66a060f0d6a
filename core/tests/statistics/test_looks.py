"""The schedule of looks at a growing sample."""

import random
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.statistics import confidence_at_look, looks, precise_enough
from obt_core.statistics.looks import MOST_LOOKS

numpy: Any = import_module("numpy")


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_looks_rise_from_the_least_to_the_most_sample_count(minimum: int, more: int) -> None:
    schedule = looks(minimum, minimum + more)
    assert schedule[0] == minimum
    assert schedule[-1] == minimum + more
    assert len(schedule) <= MOST_LOOKS
    assert all(before < after for before, after in pairwise(schedule))


def test_a_schedule_by_hand() -> None:
    assert looks(10, 10) == (10,)
    assert looks(10, 50) == (10, 14, 20, 28, 40, 50)
    assert looks(10, 12) == (10, 12)


@pytest.mark.parametrize(("minimum", "maximum"), [(0, 5), (6, 5)])
def test_an_impossible_schedule_is_refused(minimum: int, maximum: int) -> None:
    with pytest.raises(ValueError, match="looks need"):
        looks(minimum, maximum)


@pytest.mark.parametrize("number_of_looks", [1, 2, 3, 6])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_means_at_all_looks_are_covered_together_as_often_as_said(number_of_looks: int, confidence: float) -> None:
    """Of 40,000 growing samples: four standard errors are 0.6 percentage points at most."""
    chance = numpy.random.default_rng(20_261)
    sizes = numpy.round(16 * 1.5 ** numpy.arange(number_of_looks)).astype(int)
    grown = numpy.cumsum(
        chance.standard_normal((40_000, number_of_looks)) * numpy.diff(sizes, prepend=0) ** 0.5, axis=1
    )
    bound = import_module("scipy.stats").norm.ppf((1 + confidence_at_look(number_of_looks, confidence)) / 2)
    covered = float((abs(grown / sizes**0.5) <= bound).all(axis=1).mean())
    assert covered == pytest.approx(confidence, abs=0.006)


def test_more_looks_are_made_with_more_confidence() -> None:
    levels = [confidence_at_look(number) for number in range(1, 9)]
    assert levels == sorted(set(levels))
    assert levels[0] == 0.95
    assert all(level <= 0.95 ** (1 / number) + 1e-4 for number, level in enumerate(levels, 1))
    with pytest.raises(ValueError, match="one look"):
        confidence_at_look(0)


def test_precise_enough_is_half_the_width_over_the_median() -> None:
    chance = random.Random(20_261)
    values = [chance.gauss(100, 1) for _ in range(30)]
    assert precise_enough(values, 0.01)
    assert not precise_enough(values, 0.001)
    assert not precise_enough(values[:5], 0.5)
    assert not precise_enough(values[:7], 0.5, 0.99)
    assert precise_enough([7.0] * 6, 0.0)


def test_no_median_is_no_precision() -> None:
    assert not precise_enough([-3.0, 3.0, 2.0, -2.0, 1.0, -1.0, 0.0], 0.5)
    assert precise_enough([0.0] * 7, 0.03)
