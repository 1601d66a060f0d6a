"""When to look at a growing sample, and how sure to be at each look, so that stopping there is no cheating.

Who looks after every sample and stops once the interval is narrow has intervals that cover far less than they say.
Here the looks are few and fixed beforehand, and each is made at a level so strict that the interval covers its nominal
level wherever one stops.
"""

from collections.abc import Sequence
from math import ceil
from statistics import median

from obt_core.statistics.intervals import CONFIDENCE, median_interval

MOST_LOOKS = 6
GROWTH = 1.4
"""A sample grows at least by so much between two looks: fewer new samples hardly tell more."""


def looks(minimum: int, maximum: int) -> tuple[int, ...]:
    """The sample counts at which to look: from `minimum` to `maximum`, growing by the same factor each, six at most.

    Raises ValueError unless 1 <= minimum <= maximum.
    """
    if not 1 <= minimum <= maximum:
        raise ValueError("looks need 1 <= minimum <= maximum")
    factor = max(GROWTH, (maximum / minimum) ** (1 / (MOST_LOOKS - 1)))
    found = [minimum]
    while found[-1] < maximum:
        following = ceil(round(found[-1] * factor, 6))
        # A last step of a few samples would cost a look and tell nothing new.
        found.append(maximum if following * (1 + factor) / 2 > maximum else following)
    return tuple(found)


def confidence_at_look(number_of_looks: int, confidence: float = CONFIDENCE) -> float:
    """The level for the interval at each of so many looks: confidence^(1/looks).

    Šidák, "Rectangular Confidence Regions for the Means of Multivariate Normal Distributions" (1967): the chance that
    all of them cover is then at least `confidence` however the looks hang together, so that of the one where sampling
    stopped is, too. Raises ValueError for no look.
    """
    if number_of_looks < 1:
        raise ValueError("there is at least one look")
    return confidence ** (1 / number_of_looks)


def precise_enough(values: Sequence[float], target: float, confidence: float = CONFIDENCE) -> bool:
    """Whether half the width of the median's interval is at most `target` times the median (0.03: ±3 %).

    `values` in the order in which they were taken; `confidence` from `confidence_at_look`. False where the sample is
    too small for an interval, or its median is 0 while the interval is not.
    """
    interval = median_interval(values, confidence=confidence)
    return interval is not None and (interval.high - interval.low) / 2 <= target * abs(median(values))
