"""Two results compared."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obt_core.statistics import Comparison, Verdict, compare, corrected

_samples = st.lists(st.integers(500, 1500).map(float), min_size=6, max_size=20)


def _around(level: float, n: int, seed: int, spread: float = 0.01) -> list[float]:
    chance = random.Random(seed)
    return [level * chance.lognormvariate(0, spread) for _ in range(n)]


BEFORE = _around(10.0, 25, 1)
SLOWER = _around(10.3, 25, 2)


def test_a_slowdown_of_three_percent_is_found() -> None:
    found = compare(BEFORE, SLOWER, higher_is_better=False)
    assert found.verdict is Verdict.SLOWER
    assert found.relative == pytest.approx(0.03, abs=0.01)
    assert found.interval is not None
    assert 0 < found.interval.low < 0.03 < found.interval.high < 0.05
    assert found.superiority is not None
    assert found.superiority < 0.1
    assert found.cliffs_delta == pytest.approx(2 * found.superiority - 1)
    assert found.p_value is not None
    assert found.p_value < 1e-5
    assert found.detectable is not None
    assert found.detectable < 0.03


def test_a_thing_is_not_different_from_itself() -> None:
    found = compare(BEFORE, BEFORE, higher_is_better=False)
    assert (found.verdict, found.relative, found.superiority, found.p_value) == (Verdict.NO_DIFFERENCE_FOUND, 0, 0.5, 1)


@settings(deadline=None, max_examples=60)
@given(_samples, _samples, st.booleans())
def test_swapped_sides_swap_the_verdict(before: list[float], after: list[float], higher: bool) -> None:
    there, back = compare(before, after, higher_is_better=higher), compare(after, before, higher_is_better=higher)
    swapped = {Verdict.FASTER: Verdict.SLOWER, Verdict.SLOWER: Verdict.FASTER}
    assert back.verdict is swapped.get(there.verdict, there.verdict)
    assert there.p_value == pytest.approx(back.p_value)
    assert there.relative is not None
    assert back.relative is not None
    assert (1 + there.relative) * (1 + back.relative) == pytest.approx(1)
    assert (there.superiority or 0) + (back.superiority or 0) == pytest.approx(1)


@settings(deadline=None, max_examples=60)
@given(_samples, _samples, st.integers(-8, 8))
def test_the_unit_does_not_matter(before: list[float], after: list[float], power: int) -> None:
    scale = 2.0**power
    one = compare(before, after, higher_is_better=True)
    other = compare([v * scale for v in before], [v * scale for v in after], higher_is_better=True)
    assert (one.verdict, one.p_value) == (other.verdict, other.p_value)
    assert one.relative == pytest.approx(other.relative, abs=1e-9)
    assert one.detectable == pytest.approx(other.detectable, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(_samples, _samples)
def test_times_and_their_rates_agree(before: list[float], after: list[float]) -> None:
    times = compare(before, after, higher_is_better=False)
    rates = compare([6e4 / v for v in before], [6e4 / v for v in after], higher_is_better=True)
    assert times.verdict is rates.verdict
    assert times.p_value == pytest.approx(rates.p_value)
    assert times.superiority == pytest.approx(rates.superiority)
    assert times.relative is not None
    assert rates.relative is not None
    assert (1 + times.relative) * (1 + rates.relative) == pytest.approx(1)


def test_a_minimum_effect_silences_what_is_smaller() -> None:
    assert compare(BEFORE, SLOWER, higher_is_better=False, minimum_effect=0.02).verdict is Verdict.SLOWER
    found = compare(BEFORE, SLOWER, higher_is_better=False, minimum_effect=0.05)
    assert found.verdict is Verdict.NO_DIFFERENCE_FOUND
    assert found.detectable is not None
    assert found.detectable > 0.05
    with pytest.raises(ValueError, match="is negative"):
        compare(BEFORE, SLOWER, higher_is_better=False, minimum_effect=-0.1)


def test_what_the_instrument_cannot_tell_apart_is_no_difference() -> None:
    before, after = _around(0.02, 25, 1), _around(0.03, 25, 2)
    assert compare(before, after, higher_is_better=False, resolution=0.005).verdict is Verdict.SLOWER
    found = compare(before, after, higher_is_better=False, resolution=0.1)
    assert found.verdict is Verdict.NO_DIFFERENCE_FOUND
    assert found.detectable is not None
    assert found.detectable >= 5
    with pytest.raises(ValueError, match="is negative"):
        compare(before, after, higher_is_better=False, resolution=-0.1)


def test_five_samples_are_too_few_and_six_can_do() -> None:
    few = compare(BEFORE[:5], SLOWER, higher_is_better=False)
    assert few == Comparison(Verdict.TOO_FEW, higher_is_better=False, n_before=5, n_after=25)
    apart = compare([1.0, 1.1, 1.02, 1.08, 1.04, 1.06], [1.2, 1.3, 1.22, 1.28, 1.24, 1.26], higher_is_better=True)
    assert apart.verdict is Verdict.FASTER


def test_equal_samples_are_compared_without_fuss() -> None:
    same = compare([7.0] * 8, [7.0] * 8, higher_is_better=True)
    assert (same.verdict, same.relative, same.p_value) == (Verdict.NO_DIFFERENCE_FOUND, 0, 1)
    other = compare([7.0] * 8, [8.0] * 8, higher_is_better=True)
    assert other.verdict is Verdict.FASTER
    assert other.relative == pytest.approx(1 / 7)


def test_what_may_be_zero_is_compared_without_a_share() -> None:
    found = compare([0.0] * 10, [5.3, 5.0, 5.8, 5.1, 5.6, 5.2, 5.9, 5.4, 5.0, 5.7], higher_is_better=False)
    assert (found.verdict, found.relative, found.interval, found.detectable) == (Verdict.SLOWER, None, None, None)
    half = compare([0.0, 4.0, 4.1, 3.9, 4.2, 4.0, 3.8], [4.0, 0.0, 4.1, 4.2, 3.9, 4.1, 4.0], higher_is_better=False)
    assert half.verdict is Verdict.NO_DIFFERENCE_FOUND
    assert half.relative == 0


def test_a_wider_spread_with_the_same_median_is_no_verdict() -> None:
    """The rank test alone would call this: most values of one side lie above the other's median."""
    before = [100.0] * 9 + [90.0 + n / 10 for n in range(2)]
    after = [100.0] * 6 + [110.0 + n for n in range(5)]
    assert compare(before, after, higher_is_better=True).verdict is Verdict.NO_DIFFERENCE_FOUND


def test_a_drifting_pair_is_judged_with_care() -> None:
    rising = [10 + n / 40 for n in range(20)]
    found = compare(rising, [value + 0.2 for value in rising], higher_is_better=False)
    assert found.correlation > 0.7
    assert found.verdict is Verdict.NO_DIFFERENCE_FOUND
    shuffled = random.Random(20_261).sample(rising, 20)
    assert compare(shuffled, [value + 0.5 for value in shuffled], higher_is_better=False).verdict is Verdict.SLOWER


def test_more_samples_detect_less() -> None:
    sizes = [compare(_around(10, n, 1), _around(10, n, 2), higher_is_better=True).detectable for n in (10, 25, 100)]
    assert all(few is not None and many is not None and few > many for few, many in pairwise(sizes))


def test_the_verdict_is_said_in_words() -> None:
    words = compare(BEFORE, SLOWER, higher_is_better=False).in_words()
    assert words.startswith("Slower by ")
    assert "95 % interval +" in words
    assert compare(SLOWER, BEFORE, higher_is_better=False).in_words().startswith("Faster by ")
    nothing = compare(BEFORE, _around(10.0, 25, 3), higher_is_better=False).in_words()
    assert nothing.startswith("No difference found (median ")
    assert "would be found in 80 % of such comparisons" in nothing
    few = compare(BEFORE[:3], SLOWER, higher_is_better=False).in_words()
    assert few == "Too few samples to compare: 3 before and 25 after; 6 of each are the least."


def test_a_family_of_comparisons_keeps_its_error_rate() -> None:
    sure = compare(BEFORE, SLOWER, higher_is_better=False)
    scarce = compare([1.0, 1.1, 1.02, 1.08, 1.04, 1.06], [1.2, 1.3, 1.22, 1.28, 1.24, 1.26], higher_is_better=True)
    nothing = compare(BEFORE, BEFORE, higher_is_better=False)
    few = compare(BEFORE[:3], SLOWER, higher_is_better=False)
    assert corrected([scarce]) == (scarce,)
    family = corrected([few, scarce, *[nothing] * 5, sure])
    assert [one.verdict for one in family[:2]] == [Verdict.TOO_FEW, Verdict.NO_DIFFERENCE_FOUND]
    assert family[-1].verdict is Verdict.SLOWER
    assert scarce.p_value is not None
    assert family[1].p_value == pytest.approx(6 * scarce.p_value)
    assert scarce.detectable is not None
    assert family[1].detectable is None  # six a side cannot be significant among seven
    assert (family[-1].detectable or 0) > (sure.detectable or 0)
