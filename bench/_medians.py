"""Ways to an interval of a median, to hold ours against. Each gives (low, high), or None where it has none."""

from collections.abc import Callable, Sequence
from math import comb
from statistics import NormalDist

import numpy as np

from obt_core.statistics import median_interval

RESAMPLES = 500
_NORMAL = NormalDist()
_chance = np.random.default_rng(20_251)

Method = Callable[[Sequence[float]], tuple[float, float] | None]


def percentile(values: Sequence[float]) -> tuple[float, float]:
    """Bootstrap, percentile (Efron 1979)."""
    low, high = np.quantile(_medians(values), [0.025, 0.975])
    return float(low), float(high)


def bca(values: Sequence[float]) -> tuple[float, float]:
    """Bootstrap, bias-corrected and accelerated (Efron 1987)."""
    medians, n = _medians(values), len(values)
    centre = float(np.median(values))
    below = float((medians < centre).mean() + (medians == centre).mean() / 2)
    bias = _NORMAL.inv_cdf(min(max(below, 0.5 / RESAMPLES), 1 - 0.5 / RESAMPLES))
    left_out = np.array([np.median(np.delete(values, k)) for k in range(n)])
    away = left_out.mean() - left_out
    squares = float((away**2).sum())
    acceleration = float((away**3).sum()) / (6 * squares**1.5) if squares else 0.0
    shifted = [bias + _NORMAL.inv_cdf(level) for level in (0.025, 0.975)]
    low, high = np.quantile(medians, [_NORMAL.cdf(bias + z / (1 - acceleration * z)) for z in shifted])
    return float(low), float(high)


def exact_bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Percentiles of the bootstrap distribution itself, without resampling (Maritz and Jarrett 1978).

    P(median* <= x(k)) is the chance that at least half of n draws fall among the k lowest; of an even n the lower
    median is taken at the low end and the upper one at the high end.
    """
    n, ranked = len(values), sorted(values)
    needed = (n + 1) // 2
    below = next(k for k in range(1, n + 1) if _at_least(needed, n, k / n) > 0.025)
    return ranked[below - 1], ranked[n - below]


def whole_ranks(values: Sequence[float]) -> tuple[float, float] | None:
    """Order statistics whose binomial coverage is at least 95 %: the sign test."""
    n, ranked = len(values), sorted(values)
    ranks = [k for k in range(1, n // 2 + 1) if 1 - 2 * _at_least(n - k + 1, n, 0.5) >= 0.95]
    return (ranked[ranks[-1] - 1], ranked[n - ranks[-1]]) if ranks else None


def interpolated(values: Sequence[float]) -> tuple[float, float] | None:
    """Ours without its correction for serial correlation: Hettmansperger and Sheather (1986)."""
    interval = median_interval(values, rho=0.0)
    return (interval.low, interval.high) if interval else None


def ours(values: Sequence[float]) -> tuple[float, float] | None:
    """What OBT reports."""
    interval = median_interval(values)
    return (interval.low, interval.high) if interval else None


METHODS: dict[str, Method] = {
    "percentile": percentile,
    "BCa": bca,
    "exact bootstrap": exact_bootstrap,
    "order statistics": whole_ranks,
    "interpolated": interpolated,
    "OBT": ours,
}


def _medians(values: Sequence[float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    drawn = np.asarray(values)[_chance.integers(0, len(values), (RESAMPLES, len(values)))]
    return np.median(drawn, axis=1)


def _at_least(needed: int, n: int, share: float) -> float:
    """P(binomial(n, share) >= needed)."""
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(needed, n + 1))
