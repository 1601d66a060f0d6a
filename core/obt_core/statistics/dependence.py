"""How much less samples say that follow one another than independent ones would.

Requests of one job share the machine's clock, heat and neighbours: a slow one is followed by a slow one. Everything
here reads ranks, so spikes and skew do not matter, and takes the dependence for a first-order autoregression, of which
twenty samples can just tell the one parameter.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import asin, copysign, expm1, log1p, pi, sin, sqrt

MOST_CORRELATION = 0.95
"""Above it a job-long sample is one level; the estimate is held here."""
_MOST_EXPONENT = 100.0
"""Keeps a hopelessly wide interval finite."""


def midranks(values: Sequence[float]) -> list[float]:
    """The rank of each value among all, from 1; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    first = 0
    for last in range(len(order)):
        if last + 1 == len(order) or values[order[last + 1]] != values[order[first]]:
            for index in order[first : last + 1]:
                ranks[index] = (first + last) / 2 + 1
            first = last + 1
    return ranks


def correlation(*groups: Sequence[float]) -> float:
    """Correlation of a sample with the next one, between 0 and 0.95, from one or several groups taken in order.

    The lag-one serial correlation of ranks (Wald and Wolfowitz, "An Exact Test for Randomness in the Non-Parametric
    Case", 1943), each group ranked by itself so that a difference between groups is none within; its bias of
    -(1 + 3r)/n (Marriott and Pope, "Bias in the Estimation of Autocorrelations", 1954) taken back; carried from ranks
    to a normal process by 2 sin(πr/6) (Pearson, 1907). Negative correlation counts as none: it would narrow intervals
    on the word of a noisy estimate.
    """
    products = squares = 0.0
    sizes: list[int] = []
    for group in groups:
        centred = [rank - (len(group) + 1) / 2 for rank in midranks(group)]
        products += sum(a * b for a, b in pairwise(centred)) / max(1, len(group)) ** 2
        squares += sum(rank * rank for rank in centred) / max(1, len(group)) ** 2
        sizes.append(len(group))
    if not squares:
        return 0.0
    raw = products / squares
    unbiased = raw + (1 + 3 * max(0.0, raw)) * len(sizes) / sum(sizes)
    return min(MOST_CORRELATION, max(0.0, 2 * sin(pi * min(1.0, unbiased) / 6)))


def inflation_of_signs(rho: float, n: int) -> float:
    """How many times the variance of "how many of n lie below the median" is that of independent samples.

    1 + 2 Σ (1 - k/n) c(k), where the signs of a normal process with correlation r^k correlate by c(k) = 2/π asin r^k
    (Sheppard, 1899). n divided by it is the effective sample size of the median.
    """
    return _inflation(rho, n, lambda lagged: 2 / pi * asin(lagged))


def inflation_of_ranks(rho: float, n: int) -> float:
    """The same for a mean rank: ranks of a normal process correlate by c(k) = 6/π asin(r^k / 2) (Pearson, 1907)."""
    return _inflation(rho, n, lambda lagged: 6 / pi * asin(lagged / 2))


def _inflation(rho: float, n: int, carried: Callable[[float], float]) -> float:
    total, lagged = 1.0, 1.0
    for lag in range(1, n):
        lagged *= rho
        if lagged < 1e-6:
            break
        total += 2 * (1 - lag / n) * carried(lagged)
    return total


def widened(deviate: float, inflation: float, n: int) -> float:
    """How many naive standard errors a normal `deviate` is where the variance is `inflation` times as much.

    Its square root, and more as the inflation is itself an estimate: Student's quantile takes the place of the normal
    one, with n / (2 (inflation - 1)) degrees of freedom. Satterthwaite's number for an inflation of (1 + r)/(1 - r) is
    n (1 - r^2) / 2, much the same between r = 0.2 and 0.6; ours is the normal quantile where nothing is inflated, and
    proved right in the simulation of `bench/statistics.py`. The quantile is by Wallace's approximation, "Bounds on
    Normal Approximations to Student's and the Chi-Square Distributions" (1959).
    """
    if inflation <= 1:
        return deviate
    freedom = _freedom(inflation, n)
    exponent = (deviate * (8 * freedom + 3) / (8 * freedom + 1)) ** 2 / freedom
    return copysign(sqrt(inflation * freedom * expm1(min(exponent, _MOST_EXPONENT))), deviate)


def narrowed(deviate: float, inflation: float, n: int) -> float:
    """The inverse of `widened`: the normal deviate that so many naive standard errors are worth."""
    if inflation <= 1:
        return deviate
    freedom = _freedom(inflation, n)
    squared = freedom * log1p(deviate * deviate / inflation / freedom)
    return copysign(sqrt(squared) * (8 * freedom + 1) / (8 * freedom + 3), deviate)


def _freedom(inflation: float, n: int) -> float:
    return n / (2 * (inflation - 1))


def effective_size(values: Sequence[float]) -> float:
    """How many independent samples would tell the median as well as these, taken in this order, do."""
    return len(values) / inflation_of_signs(correlation(values), len(values)) if values else 0.0
