"""Location, spread and strays of a sample, by order statistics: a spike of the machine moves them little."""

from collections.abc import Sequence
from statistics import fmean, median

MAD_TO_SIGMA = 1.482602218505602
"""1 / the third quartile of the standard normal: makes the MAD of normal data estimate its standard deviation."""
_MEAN_DEVIATION_TO_SIGMA = 1.2533141373155001
"""√(π/2): the same for the mean absolute deviation."""
OUTLIER_SCORE = 3.5
"""Robust standard deviations from the median at which Iglewicz and Hoaglin call a value an outlier."""


def quantile(values: Sequence[float], q: float) -> float:
    """The `q` quantile of `values`, in their unit, 0 <= q <= 1.

    Linear between order statistics: type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), the
    default of NumPy and R. Raises ValueError for no values or a `q` out of range.
    """
    if not values or not 0 <= q <= 1:
        raise ValueError("a quantile needs at least one value and 0 <= q <= 1")
    return at_rank(sorted(values), 1 + (len(values) - 1) * q)


def at_rank(ranked: Sequence[float], rank: float) -> float:
    """The value at a rank between 1 and n, linear between neighbours. `ranked` is sorted, smallest first."""
    below = int(rank)
    share = rank - below
    low = ranked[below - 1]
    if not share or low == ranked[below]:
        return low
    return low * (1 - share) + ranked[below] * share


def robust_spread(values: Sequence[float]) -> float:
    """1.4826 times the median absolute deviation from the median, in the unit of `values`.

    Estimates the standard deviation of normal data and bears up to half of the values being wild (Hampel, "The
    Influence Curve and its Role in Robust Estimation", 1974). Raises ValueError for no values.
    """
    if not values:
        raise ValueError("a spread needs at least one value")
    middle = median(values)
    return MAD_TO_SIGMA * median(abs(value - middle) for value in values)


def outliers(values: Sequence[float]) -> tuple[int, ...]:
    """Indices of the values more than 3.5 robust standard deviations from the median: marked, never removed.

    The modified z-score of Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993). Where more than half of
    the values are equal the MAD is 0 and the mean absolute deviation takes its place, as they say.
    """
    if len(values) < 3:
        return ()
    middle = median(values)
    spread = robust_spread(values) or _MEAN_DEVIATION_TO_SIGMA * fmean(abs(value - middle) for value in values)
    return tuple(n for n, value in enumerate(values) if abs(value - middle) > OUTLIER_SCORE * spread)
