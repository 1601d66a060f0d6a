"""Many comparisons at once: with twenty metrics at 5 % one is a false alarm. Adjusted p-values keep the promise."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values, in the same order: below a level each, the chance of any false alarm is below it.

    Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979). Holds however the tests hang together.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        adjusted[index] = highest
    return tuple(adjusted)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values, in the same order: of those below a level, at most that share is false alarms on average.

    Benjamini and Hochberg, "Controlling the False Discovery Rate" (1995), for tests that are independent or positively
    dependent: a screen over many, where `holm` is a guarantee for each.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    adjusted = [0.0] * len(p_values)
    lowest = 1.0
    for place, index in enumerate(order):
        lowest = min(lowest, p_values[index] * len(p_values) / (len(p_values) - place))
        adjusted[index] = lowest
    return tuple(adjusted)
