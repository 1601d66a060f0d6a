"""Did a job's own numbers move while it ran: warming up, throttling, a neighbour that came."""

from collections.abc import Sequence
from dataclasses import dataclass

from obt_core.statistics.dependence import correlation
from obt_core.statistics.intervals import CONFIDENCE, Interval
from obt_core.statistics.ranks import rank_test
from obt_core.statistics.shift import shift

DRIFT_SIGNIFICANCE = 0.01
DRIFT_SAMPLES_MIN = 15
"""Thirds of five: with four, not even thirds that lie wholly apart are significant."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The relative change of the median from the first third of a job's samples to the last (0.03: 3 % more)."""

    relative: float
    interval: Interval
    p_value: float
    is_real: bool
    """Whether it is more than noise: by the rank test of the thirds and by the interval. True of 1 in 100 at rest."""


def drift(values: Sequence[float], *, confidence: float = CONFIDENCE) -> Drift | None:
    """Compare the first third of `values`, in the order in which they were taken, with the last.

    None under 15 values, or where the first third's median is not positive. Serial correlation is measured within the
    thirds, so that the drift itself does not count as one.
    """
    size = len(values) // 3
    if len(values) < DRIFT_SAMPLES_MIN:
        return None
    first, last = values[:size], values[-size:]
    rho = correlation(first, values[size:-size], last)
    moved = shift(first, last, rho, confidence)
    relative, low, high = (moved.relative(part) for part in (moved.difference, moved.low, moved.high))
    if relative is None or low is None or high is None:
        return None
    ranks = rank_test(first, last, rho=rho)
    is_real = ranks.p_value <= DRIFT_SIGNIFICANCE and moved.excludes_zero
    return Drift(relative, Interval(low, high, confidence), ranks.p_value, is_real)
