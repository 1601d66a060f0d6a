"""Whether values of one group tend to lie above those of another: Mann and Whitney's test."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import NormalDist

from obt_core.statistics.dependence import inflation_of_ranks, midranks, narrowed

_EXACT_UP_TO = 40
"""Values in both groups; more, and the normal approximation is as good."""
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class RankTest:
    """The outcome: `superiority` is the chance that a value of the second group lies above one of the first."""

    superiority: float
    """Ties count half; 0.5 is no difference. Cliff's delta is 2 * superiority - 1."""
    p_value: float
    """Two-sided, for groups that do not differ."""
    z: float
    """The normal deviate that belongs to the p-value; above 0 where the second group lies higher."""


def rank_test(first: Sequence[float], second: Sequence[float], *, rho: float = 0.0, exact: bool = True) -> RankTest:
    """Mann and Whitney, "On a Test of whether one of Two Random Variables is Stochastically Larger" (1947).

    Exact over all divisions of the pooled midranks up to 40 values (Streitberg and Röhmel, 1986), ties or not; above,
    or with `exact` off, the normal approximation with tie and continuity correction. X
    """
    if not first or not second:
        raise ValueError("a rank test needs two groups with values")
    ranks = midranks([*first, *second])
    n, m = len(first), len(second)
    u = sum(ranks[n:]) - m * (m + 1) / 2
    small = exact and n + m <= _EXACT_UP_TO
    z = _exact_z(ranks, m, u > n * m / 2) if small else _normal_z(ranks, n, m, u)
    inflation = (inflation_of_ranks(rho, n) / n + inflation_of_ranks(rho, m) / m) / (1 / n + 1 / m)
    z = narrowed(z, inflation, n + m)
    return RankTest(u / (n * m), min(1.0, 2 * _NORMAL.cdf(-abs(z))), z)


def least_p_value(n: int, m: int, rho: float = 0.0) -> float:
    """The p-value of so many values a group that lie wholly apart: no test of such groups gives less."""
    return rank_test(range(n), range(n, n + m), rho=rho).p_value


def _normal_z(ranks: Sequence[float], n: int, m: int, u: float) -> float:
    total = n + m
    ties = sum(count**3 - count for count in Counter(ranks).values())
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    away = u - n * m / 2
    if variance <= 0 or abs(away) <= 0.5:
        return 0.0
    return (away - 0.5 if away > 0 else away + 0.5) / variance**0.5


def _exact_z(ranks: Sequence[float], m: int, above: bool) -> float:
    """Deviate whose two-sided chance is twice the share of divisions as extreme as this one."""
    tail = _tail(ranks, m, above)
    p_value = min(1.0, 2 * tail / comb(len(ranks), m))
    z = -_NORMAL.inv_cdf(p_value / 2)
    return z if above else -z


def _tail(ranks: Sequence[float], m: int, above: bool) -> int:
    """How many of the ways to choose m of the ranks have a sum as high (or, not `above`, as low) as the last m have.

    Counts by the generating function Π (1 + y x^rank); each polynomial in x is one integer whose fields of `width` bits
    are its coefficients, so that a shift and an addition handle them all.
    """
    whole = [round(2 * rank) - 2 for rank in ranks]
    width = comb(len(ranks), m).bit_length()
    ways = [1] + [0] * m
    for rank in whole:
        for chosen in range(m, 0, -1):
            ways[chosen] += ways[chosen - 1] << (rank * width)
    seen = sum(whole[len(ranks) - m :])
    counts = ways[m] >> (seen * width) if above else ways[m] & ((1 << ((seen + 1) * width)) - 1)
    field = (1 << width) - 1
    found = 0
    while counts:
        found += counts & field
        counts >>= width
    return found
