"""By how much one sample lies above another: the difference of medians, its interval, and what could have been seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1, hypot, log, log1p
from statistics import NormalDist, median

from obt_core.statistics.intervals import CONFIDENCE, margins
from obt_core.statistics.ranks import SlidingTest, least_p_value

_NORMAL = NormalDist()
_HALVINGS = 16
STRAYS_ONE_IN, STRAYS_SAMPLES_MIN = 8, 12
_LOG_MAX = 700.0
"""The logarithm of the largest ratio that a float holds is 709."""


@dataclass(frozen=True, slots=True)
class Shift:
    """The difference of medians of two samples on the scale where it was taken: logarithms (then ratios) or plain."""

    first: tuple[float, ...]
    second: tuple[float, ...]
    logarithmic: bool
    difference: float
    low: float
    high: float
    standard_error: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval leaves no doubt about the direction."""
        return self.low > 0 or self.high < 0

    @property
    def is_apart(self) -> bool:
        """Whether a gap lies between the two that is wider than either of them, strays aside."""
        low, high = sorted((without_strays(self.first), without_strays(self.second)), key=min)
        return min(high) - max(low) > max(max(part) - min(part) for part in (low, high))

    def relative(self, difference: float) -> float | None:
        """A difference on this scale, relative to the first median (0.03: 3 %).

        None where that is not positive, or so near to 0 that no float holds the ratio.
        """
        if self.logarithmic:
            return expm1(difference) if difference < _LOG_MAX else None
        base = median(self.first)
        return difference / base if base > 0 else None

    def of_relative(self, relative: float) -> float:
        """The size on this scale of a relative effect; for a rate as for its time, 3 % is a factor of 1.03."""
        return log1p(relative) if self.logarithmic else relative * abs(median(self.first))

    def is_at_least(self, relative: float) -> bool:
        """Whether the difference is at least that of a relative effect, up or down."""
        return abs(self.difference) >= self.of_relative(relative)


def without_strays(values: Sequence[float]) -> list[float]:
    """Leave out one in `STRAYS_ONE_IN`, those farthest from the median: a hitch of the machine is no model's speed.

    Fewer than `STRAYS_SAMPLES_MIN` have none to spare: samples that wander look apart too easily then.
    """
    centre = median(values)
    kept = len(values) - (len(values) // STRAYS_ONE_IN if len(values) >= STRAYS_SAMPLES_MIN else 0)
    return sorted(values, key=lambda value: abs(value - centre))[:kept]


def shift(first: Sequence[float], second: Sequence[float], rho: float, confidence: float = CONFIDENCE) -> Shift:
    """Difference of the medians of two samples with its interval, from the intervals of the two medians.

    The method of variance estimates recovery (Zou and Donner, "Construction of Confidence Limits about Effect
    Measures", 2008): the interval reaches as far below the difference as the first median may lie higher and the second
    lower, added as the sides of a right angle. `rho` is the serial correlation within each sample. On logarithms where
    all values are positive. Needs three values of each.
    """
    logarithmic = min(*first, *second) > 0
    a, b = (tuple(map(log, values)) if logarithmic else tuple(values) for values in (first, second))
    (a_below, a_above), (b_below, b_above) = margins(a, rho, confidence), margins(b, rho, confidence)
    difference = median(b) - median(a)
    low, high = difference - hypot(a_above, b_below), difference + hypot(a_below, b_above)
    standard_error = (high - low) / 2 / _NORMAL.inv_cdf((1 + confidence) / 2)
    return Shift(a, b, logarithmic, difference, low, high, standard_error)


def detectable_shift(
    moved: Shift, rho: float, significance: float, minimum_effect: float, power: float, confidence: float = CONFIDENCE
) -> float | None:
    """The least difference, on the scale of `moved`, that such samples show with a chance of `power`.

    Each of the three conditions of a verdict must be met by a margin that noise eats up in 1 - power of the cases only:
    the interval and the minimum effect by their normal approximation; the rank test by laying both samples on one
    median and moving one of them until its deviate is large enough. None where not even samples that lie wholly apart
    are significant.
    """
    reserve = _NORMAL.inv_cdf(power)
    by_ranks = _shift_for_ranks(moved, rho, significance, -_NORMAL.inv_cdf(significance / 2) + reserve)
    if by_ranks is None:
        return None
    by_interval = (_NORMAL.inv_cdf((1 + confidence) / 2) + reserve) * moved.standard_error
    return max(by_ranks, by_interval, moved.of_relative(minimum_effect) + reserve * moved.standard_error)


def _shift_for_ranks(moved: Shift, rho: float, significance: float, deviate: float) -> float | None:
    first = [value - median(moved.first) for value in moved.first]
    second = [value - median(moved.second) for value in moved.second]
    span = max(first) - min(second)
    if least_p_value(len(first), len(second), rho) > significance:
        return None
    moving = SlidingTest(first, second, rho)
    needed = min(deviate, moving.deviate(span + 1))
    low, high = 0.0, span
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if moving.deviate(middle) >= needed else (middle, high)
    return high
