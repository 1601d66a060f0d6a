"""Samples so far from each other that no test is needed."""

import random

import pytest

from obt_core.statistics import Verdict, compare, corrected

RISING = [24.0, 24.4, 24.9, 25.1, 25.6, 25.9, 26.3, 26.8]
"""Every sample depends on the one before: with so few no rank test trusts them."""


def test_a_model_twice_as_fast_is_faster_though_its_samples_depend_on_each_other() -> None:
    found = compare(RISING, [2.2 * rate for rate in RISING], higher_is_better=True)
    assert found.correlation > 0.3
    assert (found.verdict, found.is_apart) == (Verdict.FASTER, True)
    back = compare([2.2 * rate for rate in RISING], RISING, higher_is_better=True)
    assert back.verdict is Verdict.SLOWER


def test_it_stays_so_among_many_comparisons() -> None:
    nothing = compare(RISING, RISING, higher_is_better=True)
    apart = compare(RISING, [2.2 * rate for rate in RISING], higher_is_better=True)
    assert [c.verdict for c in corrected([apart, *[nothing] * 30])][:2] == [Verdict.FASTER, Verdict.NO_DIFFERENCE_FOUND]


@pytest.mark.parametrize("gap", [0.9, 1.1])
def test_the_gap_must_be_wider_than_either_sample(gap: float) -> None:
    values = [100.0, 101.0, 102.0, 103.0, 104.0, 110.0]
    shifted = [value + 10 + gap * 10 for value in values]
    assert compare([-1, *values], [-1, *shifted], higher_is_better=True).is_apart is False
    assert compare([v / 1e6 + 1 for v in values], [v / 1e6 + 1 for v in shifted], higher_is_better=True).is_apart is (
        gap > 1
    )


def test_a_hitch_of_the_machine_does_not_hide_a_model_twice_as_fast() -> None:
    """As it was seen: of sixteen samples two at half their speed, all of them depending on each other."""
    slow = [*RISING, *RISING]
    fast = [2.2 * rate for rate in slow]
    fast[3], fast[11] = 30.0, 27.0
    found = compare(slow, fast, higher_is_better=True)
    assert (found.verdict, found.is_apart) == (Verdict.FASTER, True)
    assert not compare(slow[:11], [*fast[:11]], higher_is_better=True).is_apart  # so few have none to spare


@pytest.mark.parametrize("samples", [8, 12, 16])
def test_it_hardly_ever_happens_by_chance(samples: int) -> None:
    """A slow wander is the worst case: 0.7 from one sample to the next."""
    dice, apart = random.Random(5), 0
    for _ in range(2_000):
        at, sides = dice.gauss(0, 1), list[list[float]]()
        for _ in range(2):
            values = list[float]()
            for _ in range(samples):
                at = 0.7 * at + 0.714 * dice.gauss(0, 1)
                values.append(100 + at)
            sides.append(values)
            at = dice.gauss(0, 1)
        apart += compare(*sides, higher_is_better=True).is_apart
    assert apart <= 6
