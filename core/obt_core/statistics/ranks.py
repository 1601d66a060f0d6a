"""Whether values of one group tend to lie above those of another: Mann and Whitney's test."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
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
    z = _exact_z(ranks, m, u > n * m / 2) if small else _normal_z(n, m, u, _ties(ranks))
    z = narrowed(z, _inflation(rho, n, m), n + m)
    return RankTest(u / (n * m), _two_sided(z), z)


def least_p_value(n: int, m: int, rho: float = 0.0) -> float:
    """The p-value of so many values a group that lie wholly apart: no test of such groups gives less."""
    small = n + m <= _EXACT_UP_TO
    z = -_NORMAL.inv_cdf(1 / comb(n + m, m)) if small else _normal_z(n, m, n * m, 0)
    return _two_sided(narrowed(z, _inflation(rho, n, m), n + m))


class SlidingTest:
    """`rank_test` with `exact` off of two groups, the second moved by one distance after another.

    A moved value lies above one of the first where the distance exceeds their difference, so that all distances share
    one sorted list of differences. Raises ValueError for a group without values.
    """

    def __init__(self, first: Sequence[float], second: Sequence[float], rho: float) -> None:
        if not first or not second:
            raise ValueError("a rank test needs two groups with values")
        self._first, self._second, self._rho = first, second, rho
        self._differences = sorted(a - b for a in first for b in second)
        self._ties_within = _ties(first) + _ties(second)
        self._widening = _inflation(rho, len(first), len(second))

    def deviate(self, distance: float) -> float:
        """Return the normal deviate where the second group is moved up so far."""
        n, m = len(self._first), len(self._second)
        below = bisect_left(self._differences, distance)
        if below != bisect_right(self._differences, distance):  # ties across the groups: rare
            return rank_test(self._first, [b + distance for b in self._second], rho=self._rho, exact=False).z
        return narrowed(_normal_z(n, m, below, self._ties_within), self._widening, n + m)


def _inflation(rho: float, n: int, m: int) -> float:
    return (inflation_of_ranks(rho, n) / n + inflation_of_ranks(rho, m) / m) / (1 / n + 1 / m)


def _two_sided(z: float) -> float:
    return min(1.0, 2 * _NORMAL.cdf(-abs(z)))


def _ties(values: Iterable[Hashable]) -> int:
    return sum(count**3 - count for count in Counter(values).values())


def _normal_z(n: int, m: int, u: float, ties: int) -> float:
    total = n + m
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
