"""Intervals of confidence: of the median without resampling, of anything else by the bootstrap.

Why not the bootstrap for the median: how often, in percent of 2,000 samples, 95 % intervals held the true median, and
their mean width in standard deviations (`python -m bench.statistics` has all sizes and distributions). "Interpolated"
is `median_interval` with `rho=0`. The standard error is 0.5 points, more where coverage is poor.

| samples            | n  | percentile   | BCa          | order statistics | interpolated | `median_interval` |
|--------------------|----|--------------|--------------|------------------|--------------|-------------------|
| normal             | 7  | 87.4  (1.51) | 87.4  (1.51) | 98.8  (2.69)     | 94.5  (1.82) | 96.4  (2.14)      |
| normal             | 10 | 93.4  (1.45) | 93.6  (1.46) | 97.9  (2.00)     | 95.3  (1.55) | 96.5  (1.90)      |
| normal             | 20 | 93.7  (1.04) | 93.8  (1.04) | 95.9  (1.17)     | 94.9  (1.10) | 96.2  (1.26)      |
| normal             | 50 | 94.4  (0.68) | 94.7  (0.68) | 96.5  (0.77)     | 95.1  (0.69) | 95.9  (0.73)      |
| lognormal          | 20 | 93.8  (1.06) | 93.5  (1.06) | 95.6  (1.20)     | 95.2  (1.13) | 96.4  (1.31)      |
| bimodal            | 7  | 87.4  (1.77) | 87.5  (1.78) | 98.1  (2.60)     | 92.6  (1.99) | 94.9  (2.21)      |
| bimodal            | 20 | 94.5  (1.48) | 94.5  (1.48) | 96.5  (1.61)     | 95.9  (1.55) | 96.9  (1.67)      |
| correlation of 0.3 | 20 | 86.6  (1.03) | 86.6  (1.03) | 89.7  (1.16)     | 88.0  (1.09) | 94.3  (1.75)      |
| correlation of 0.5 | 20 | 77.4  (1.00) | 77.1  (1.01) | 81.5  (1.13)     | 79.4  (1.07) | 93.7  (2.26)      |
| correlation of 0.5 | 50 | 78.4  (0.67) | 78.0  (0.67) | 83.8  (0.75)     | 79.7  (0.68) | 94.3  (1.21)      |
| correlation of 0.7 | 20 | 62.8  (0.96) | 63.6  (0.97) | 68.2  (1.09)     | 66.0  (1.03) | 91.3  (2.64)      |
| correlation of 0.7 | 50 | 65.2  (0.65) | 65.0  (0.65) | 70.5  (0.74)     | 65.9  (0.67) | 93.3  (1.96)      |

The price of the correction is 23 % more width at ten independent samples, 14 % at twenty, 5 % at fifty. What it cannot
mend: under ten samples nobody can tell a correlation, and one of 0.5 to 0.7 leaves 70 to 90 %.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, median

from obt_core.statistics.dependence import correlation, inflation_of_signs, widened
from obt_core.statistics.robust import at_rank, quantile

CONFIDENCE = 0.95
_EXACT_UP_TO = 1_000
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, in the unit of the values, covering the truth with a chance of `confidence`."""

    low: float
    high: float
    confidence: float


def median_interval(
    values: Sequence[float], *, confidence: float = CONFIDENCE, rho: float | None = None
) -> Interval | None:
    """Interval of the median of `values`, which are in the order in which they were taken.

    None where the sample is too small: even the whole range of n independent values covers the median with a chance of
    1 - 2^(1-n) only, so 95 % needs six. The ends lie between order statistics whose ranks come from the binomial
    distribution, interpolated (Hettmansperger and Sheather, "Confidence Intervals Based on Interpolated Order
    Statistics", 1986): no resampling, no shape assumed. Then both ranks move outwards as far as the values' own
    serial correlation (`rho` overrides it) widens the distribution, to the range at most. Raises ValueError unless
    0.5 <= confidence < 1.
    """
    if not 0.5 <= confidence < 1:
        raise ValueError("a confidence is at least 0.5 and less than 1")
    rho = correlation(values) if rho is None else rho
    reach = _reach(len(values), confidence, rho)
    if reach is None:
        return None
    middle = (len(values) + 1) / 2
    ranked = sorted(values)
    reach = min(reach, middle - 1)
    return Interval(at_rank(ranked, middle - reach), at_rank(ranked, middle + reach), confidence)


def _reach(n: int, confidence: float, rho: float) -> float | None:
    """How many ranks from the middle one the interval reaches, even beyond the range where it would have to."""
    rank = _low_rank(n, confidence)
    if rank is None:
        return None
    deviate = _NORMAL.inv_cdf((1 + confidence) / 2)
    return ((n + 1) / 2 - rank) * widened(deviate, inflation_of_signs(rho, n), n) / deviate


def attainable(n: int) -> float:
    """The most confidence that `n` independent values can give about their median: that of their whole range."""
    return 1 - 2.0 ** (1 - n) if n else 0.0


@lru_cache(maxsize=4_096)
def _low_rank(n: int, confidence: float) -> float | None:
    """Rank, between 1 and n/2, at which the interval of the median of n independent values begins."""
    if attainable(n) < confidence:
        return None
    if n > _EXACT_UP_TO:
        return (n + 1) / 2 - _NORMAL.inv_cdf((1 + confidence) / 2) * n**0.5 / 2
    ways, below, outer, rank = 1, 1, 1.0, 0
    while (inner := 1 - 2 * below / 2**n) >= confidence:
        rank += 1
        outer = inner
        ways = ways * (n - rank + 1) // rank
        below += ways
    share = (outer - confidence) / (outer - inner)
    return rank + (n - rank) * share / (rank + (n - 2 * rank) * share)


def bca_interval(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float],
    *,
    confidence: float = CONFIDENCE,
    resamples: int = 2_000,
    seed: int = 20_251,
) -> Interval:
    """Bias-corrected and accelerated bootstrap interval of any `statistic` of independent `values`.

    Efron, "Better Bootstrap Confidence Intervals" (1987); the acceleration by the jackknife. The same `seed` gives the
    same interval. For the median `median_interval` covers better and takes a thousandth of the time. Raises ValueError
    for fewer than two values.
    """
    if len(values) < 2:
        raise ValueError("a bootstrap interval needs at least two values")
    rng = random.Random(seed)  # noqa: S311 - reproducible resampling, no secret
    seen = [statistic(rng.choices(values, k=len(values))) for _ in range(resamples)]
    centre = statistic(values)
    below = sum(value < centre for value in seen) + sum(value == centre for value in seen) / 2
    bias = _NORMAL.inv_cdf(min(max(below, 0.5), resamples - 0.5) / resamples)
    acceleration = _acceleration(values, statistic)
    low, high = (_bca_level(tail, bias, acceleration) for tail in ((1 - confidence) / 2, (1 + confidence) / 2))
    return Interval(quantile(seen, low), quantile(seen, high), confidence)


def _bca_level(level: float, bias: float, acceleration: float) -> float:
    shifted = bias + _NORMAL.inv_cdf(level)
    return _NORMAL.cdf(bias + shifted / (1 - acceleration * shifted))


def _acceleration(values: Sequence[float], statistic: Callable[[Sequence[float]], float]) -> float:
    left_out = [statistic([*values[:n], *values[n + 1 :]]) for n in range(len(values))]
    centre = sum(left_out) / len(left_out)
    squares = sum((centre - value) ** 2 for value in left_out)
    return sum((centre - value) ** 3 for value in left_out) / (6 * squares**1.5) if squares else 0.0


def margins(values: Sequence[float], rho: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """How far the interval of the median reaches below and above it; not held within the range of the values.

    Where the sample cannot reach `confidence`, or would need ranks that it does not have, its widest interval is
    stretched as a normal one would be. Raises ValueError for fewer than three values.
    """
    if len(values) < 3:
        raise ValueError("the margins of a median need at least three values")
    level = min(confidence, attainable(len(values)))
    interval, reach = median_interval(values, confidence=level, rho=rho), _reach(len(values), level, rho)
    if interval is None or reach is None:
        raise AssertionError("the attainable level was not attained")
    beyond = max(1.0, reach / ((len(values) - 1) / 2))
    stretch = beyond * _NORMAL.inv_cdf((1 + confidence) / 2) / _NORMAL.inv_cdf((1 + level) / 2)
    middle = median(values)
    return stretch * (middle - interval.low), stretch * (interval.high - middle)
