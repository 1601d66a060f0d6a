"""Steps in a series of results over time: when did it become slower, and did it stay so.

Of 1,500 series at rest of 10 to 80 results, about 1 % or fewer showed a step where the noise was normal, lognormal or
exponential, 3 % where it was bimodal. Where neighbours correlate by 0.5 it was 6 % of the series of 10 and of 20
results and 2 % of those of 40; by 0.7, up to 12 %. A step of three standard deviations in the middle of independent
noise was found, alone and within two places, in 4 to 6 of 10 series of 10 results and in 9 of 10 or more from 40 on
(`python -m bench.statistics`).
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, pi, sqrt
from statistics import NormalDist, fmean, median

from obt_core.statistics.dependence import correlation, inflation_of_ranks
from obt_core.statistics.robust import OUTLIER_SCORE, quantile

LEVEL_MIN = 3
"""Results that make a level: one stray result, or two, are no step."""
PENALTY = 6.0
"""Of a step, in mean absolute deviations of the noise; the logarithm of the series' length comes on top."""
_ROUNDS = 3
_QUARTILE_TO_MEAN = 1 / sqrt(pi) / NormalDist().inv_cdf(0.875)
"""Third quartile of the difference of two normal values to the mean absolute deviation of one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of level between two neighbouring results of a series."""

    index: int
    """Of the first result at the new level; the last one at the old level is `index - 1`."""
    before: float
    """Median of the level before, in the unit of the values."""
    after: float
    relative: float | None
    """(after - before) / before; None where before is not positive."""
    lasts: bool
    """No later level came back, by more than half of the step, towards the one before."""


def steps(values: Sequence[float], *, minimum_effect: float = 0.0) -> tuple[Step, ...]:
    """Find where the level of a series changed, oldest result first. Steps of less than `minimum_effect` are left out.

    Optimal partitioning (Jackson and others, "An Algorithm for Optimal Partitioning of Data on an Interval", 2005) of
    the least sum of absolute deviations from each level's median, stray results set aside before, with a penalty for
    every step that grows with the logarithm of the length. The noise is told by the differences of
    neighbours; what neighbours share (serial correlation of the residuals) raises the penalty. On logarithms where all
    values are positive. Levels are three results or longer. Takes n² log n: a second for a thousand results.
    """
    if len(values) < 2 * LEVEL_MIN:
        return ()
    scaled = [log(value) for value in values] if min(values) > 0 else list(values)
    starts = _starts(_without_strays(scaled))
    return tuple(step for step in _described(values, starts) if _is_large(step, minimum_effect))


def _without_strays(values: Sequence[float]) -> list[float]:
    """Replace by the median of the five around it what is far from that: Hampel's filter.

    Of five, two may be wild, and three are a level; at the ends the five are the first and the last.
    """
    far = OUTLIER_SCORE * sqrt(pi / 2) * _noise(values)
    width = 2 * LEVEL_MIN - 1
    kept: list[float] = []
    for place, value in enumerate(values):
        first = min(max(0, place - width // 2), max(0, len(values) - width))
        middle = median(values[first : first + width])
        kept.append(middle if abs(value - middle) > far else value)
    return kept


def _starts(values: Sequence[float]) -> list[int]:
    """First indices of the levels, beginning with 0."""
    noise = _noise(values)
    if not noise:
        return [0]
    cost = _costs(values)
    penalty = PENALTY + log(len(values))
    starts = _partition(len(values), cost, penalty * noise)
    for _ in range(_ROUNDS):
        rho = correlation(*_residuals(values, starts))
        wider = noise / sqrt(1 - rho)
        found = _partition(len(values), cost, penalty * wider * inflation_of_ranks(rho, len(values)))
        if found == starts:
            break
        starts = found
    return starts


def _noise(values: Sequence[float]) -> float:
    """Mean absolute deviation within a level, from differences of neighbours, of which few span a step."""
    apart = [abs(b - a) for a, b in pairwise(values)]
    return quantile(apart, 0.75) * _QUARTILE_TO_MEAN or fmean(apart) / 2


def _costs(values: Sequence[float]) -> list[list[float]]:
    """costs[i][j - i]: the sum of absolute deviations of values[i:j] from their median."""
    return [_growing(values[start:]) for start in range(len(values))]


def _growing(values: Sequence[float]) -> list[float]:
    ranked: list[float] = []
    costs, cost = [0.0], 0.0
    for value in values:
        if ranked:
            half = len(ranked) // 2
            low, high = (ranked[half], ranked[half]) if len(ranked) % 2 else (ranked[half - 1], ranked[half])
            cost += max(0.0, low - value, value - high)
        insort(ranked, value)
        costs.append(cost)
    return costs


def _partition(n: int, costs: list[list[float]], penalty: float) -> list[int]:
    best = [-penalty] + [float("inf")] * n
    origin = [0] * (n + 1)
    for end in range(LEVEL_MIN, n + 1):
        for start in range(end - LEVEL_MIN + 1):
            total = best[start] + costs[start][end - start] + penalty
            if total < best[end]:
                best[end], origin[end] = total, start
    starts = [origin[n]]
    while starts[-1]:
        starts.append(origin[starts[-1]])
    return starts[::-1]


def _residuals(values: Sequence[float], starts: Sequence[int]) -> list[list[float]]:
    """What each level leaves unexplained."""
    levels = _levels(values, starts)
    return [[value - median(level) for value in level] for level in levels]


def _levels(values: Sequence[float], starts: Sequence[int]) -> list[Sequence[float]]:
    return [values[start:end] for start, end in pairwise([*starts, len(values)])]


def _described(values: Sequence[float], starts: Sequence[int]) -> list[Step]:
    medians = [median(level) for level in _levels(values, starts)]
    found: list[Step] = []
    for place, (before, after) in enumerate(pairwise(medians), 1):
        halfway = (before + after) / 2
        lasts = all((later > halfway) == (after > halfway) for later in medians[place + 1 :])
        relative = (after - before) / before if before > 0 else None
        found.append(Step(starts[place], before, after, relative, lasts))
    return found


def _is_large(step: Step, minimum_effect: float) -> bool:
    """Up or down by a factor, so that a rate and its time step alike."""
    if not step.before or not step.after or step.before * step.after < 0:
        return True
    ratio = abs(step.after / step.before)
    return max(ratio, 1 / ratio) >= 1 + minimum_effect
