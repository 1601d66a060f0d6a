"""Did it change? Two results' samples of one metric, and a verdict that can be relied on.

The verdict "faster" or "slower" needs three things at once: a rank test that takes a thing for different from itself
once in 200 comparisons (`SIGNIFICANCE`), a 95 % interval of the relative difference of medians without 0, and a
difference of at least `minimum_effect`. All of it is computed on logarithms, so that a time and its rate (10 ms a
token, 100 tokens a second) give the same verdict; on plain values only where some are 0 or negative.

A few samples that seem to depend on each other pass no rank test, however far the two sides are from each other: ranks
know no distance. So samples that lie wholly apart, by more than the wider of them reaches from its least to its most,
are different without the test and the interval.

What two results cannot tell: the samples of one job know the noise within that job. Where a machine is 1 % faster after
every other restart of Ollama, that difference between two jobs is real, and not caused by what was changed.
`minimum_effect` is the guard against it; repeated jobs are the cure.

False alarms in 1,000 comparisons of a thing with itself, in percent (`python -m bench.statistics`); "rank test" is that
test alone at the same level, without the correction for serial correlation:

| samples             | 7 a side | 10  | 20  | 30  | 50  | rank test, 7 to 50 |
|---------------------|----------|-----|-----|-----|-----|--------------------|
| normal              | 0.3      | 0.0 | 0.2 | 0.1 | 0.4 | 0.1 to 0.6         |
| lognormal           | 0.2      | 0.2 | 0.4 | 0.3 | 0.2 | 0.3 to 0.6         |
| bimodal             | 0.1      | 0.1 | 0.2 | 0.2 | 0.4 | 0.1 to 0.5         |
| correlation of 0.3  | 0.9      | 1.2 | 0.9 | 0.7 | 0.4 | 2 to 3             |
| correlation of 0.5  | 2.2      | 1.8 | 1.2 | 0.4 | 0.3 | 8 to 10            |
| correlation of 0.7  | 5.5      | 3.5 | 1.3 | 1.1 | 0.7 | 19 to 24           |

So the promise of 0.5 % holds for independent samples, and about 1 % for correlated ones from 20 a side on; fewer cannot
tell how strongly they hang together, and under 20 a side a strong correlation costs up to 5 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist, median

from obt_core.statistics.corrections import holm
from obt_core.statistics.dependence import correlation
from obt_core.statistics.intervals import CONFIDENCE, Interval
from obt_core.statistics.ranks import least_p_value, rank_test
from obt_core.statistics.shift import Shift, detectable_shift, shift

SIGNIFICANCE = 0.005
SAMPLES_MIN = 6
"""Of each side: five against five, wholly apart, happen by chance in 0.8 %."""
POWER = 0.8
"""How often a difference of the size `detectable` is found."""
_NORMAL = NormalDist()


class Verdict(StrEnum):
    """What a comparison found. `no_difference_found` is no proof that there is none: see `detectable`."""

    FASTER = "faster"
    SLOWER = "slower"
    NO_DIFFERENCE_FOUND = "no_difference_found"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two samples of one metric compared. Relative differences are (after - before) / before: 0.03 is 3 % more."""

    verdict: Verdict
    higher_is_better: bool
    n_before: int
    n_after: int
    relative: float | None = None
    """Of the medians. None where there are too few samples, or no positive median to relate to."""
    interval: Interval | None = None
    """Of `relative`."""
    superiority: float | None = None
    """The chance that a sample of after is better than one of before; 0.5 is no difference."""
    p_value: float | None = None
    """Two-sided, of the rank test; by `corrected` adjusted for the number of comparisons."""
    p_least: float | None = None
    """What it would be if the samples lay wholly apart: above the significance nothing can be found."""
    correlation: float = 0.0
    """Of a sample with the next one of its job, as found in both and reckoned with."""
    detectable: float | None = None
    """The least relative worsening that such samples show in 80 of 100 comparisons. None: none of any size."""
    significance: float = SIGNIFICANCE
    is_apart: bool = False
    """The samples lie apart by more than either of them reaches: no rank test is needed to see that."""

    @property
    def cliffs_delta(self) -> float | None:
        """Effect size from -1 (every sample worse) to 1 (every sample better): Cliff, "Dominance Statistics" (1993)."""
        return None if self.superiority is None else 2 * self.superiority - 1

    def in_words(self) -> str:
        """One sentence for a person."""
        if self.verdict is Verdict.TOO_FEW:
            taken = f"{self.n_before} before and {self.n_after} after"
            return f"Too few samples to compare: {taken}; {SAMPLES_MIN} of each are the least."
        if self.verdict is Verdict.NO_DIFFERENCE_FOUND:
            return f"No difference found{self._measured()}; {self._would_have_shown()}."
        by = "" if self.relative is None else f" by {_percent(abs(self.relative))}"
        return f"{self.verdict.capitalize()}{by}{self._measured()}."

    def _measured(self) -> str:
        if self.relative is None or self.interval is None:
            return ""
        reach = f"{_signed(self.interval.low)} to {_signed(self.interval.high)}"
        return f" (median {_signed(self.relative)}; {_percent(self.interval.confidence)} interval {reach})"

    def _would_have_shown(self) -> str:
        if self.detectable is None:
            return "so few samples show none of any size"
        return f"a worsening by {_percent(self.detectable)} would be found in {_percent(POWER)} of such comparisons"


def compare(
    before: Sequence[float],
    after: Sequence[float],
    *,
    higher_is_better: bool,
    minimum_effect: float = 0.0,
    resolution: float = 0.0,
    confidence: float = CONFIDENCE,
    significance: float = SIGNIFICANCE,
) -> Comparison:
    """Compare two samples of one metric, each in the order in which it was taken.

    `minimum_effect` is relative (0.03: differences under 3 % are never called one); `resolution` is in the unit of the
    values: what the instrument cannot tell apart, such as tenths of a millisecond of queueing. Difference of medians
    with its interval: `shift`. p-value and superiority: `rank_test`, its distribution widened by the serial correlation
    of both samples. Swapping the sides swaps the verdict. Raises ValueError where either threshold is negative.
    """
    if minimum_effect < 0 or resolution < 0:
        raise ValueError("neither a minimum effect nor a resolution is negative")
    if min(len(before), len(after)) < SAMPLES_MIN:
        return Comparison(Verdict.TOO_FEW, higher_is_better, len(before), len(after), significance=significance)
    rho = correlation(before, after)
    moved = shift(before, after, rho, confidence)
    ranks = rank_test(before, after, rho=rho)
    is_sure = ranks.p_value <= significance and moved.excludes_zero and moved.difference * ranks.z > 0
    is_apart = moved.is_apart
    is_real = is_sure or is_apart
    is_large = moved.is_at_least(minimum_effect) and abs(median(after) - median(before)) >= resolution
    return Comparison(
        verdict=_verdict(is_real and is_large, (moved.difference > 0) == higher_is_better),
        higher_is_better=higher_is_better,
        n_before=len(before),
        n_after=len(after),
        relative=moved.relative(moved.difference),
        interval=_relative_interval(moved, confidence),
        superiority=ranks.superiority if higher_is_better else 1 - ranks.superiority,
        p_value=ranks.p_value,
        p_least=least_p_value(len(before), len(after), rho),
        correlation=rho,
        detectable=_detectable(moved, rho, significance, _floor(before, minimum_effect, resolution), higher_is_better),
        significance=significance,
        is_apart=is_apart,
    )


def _verdict(is_found: bool, is_better: bool) -> Verdict:
    if not is_found:
        return Verdict.NO_DIFFERENCE_FOUND
    return Verdict.FASTER if is_better else Verdict.SLOWER


def _relative_interval(moved: Shift, confidence: float) -> Interval | None:
    low, high = moved.relative(moved.low), moved.relative(moved.high)
    return None if low is None or high is None else Interval(low, high, confidence)


def _floor(before: Sequence[float], minimum_effect: float, resolution: float) -> float:
    """Both thresholds as one, relative to the median before."""
    base = abs(median(before))
    return max(minimum_effect, resolution / base) if base else minimum_effect


def _detectable(moved: Shift, rho: float, significance: float, floor: float, higher_is_better: bool) -> float | None:
    found = detectable_shift(moved, rho, significance, floor, POWER)
    relative = None if found is None else moved.relative(-found if higher_is_better else found)
    return None if relative is None else abs(relative)


def corrected(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """The same comparisons, judged as a family: the chance of any false alarm among all of them is that of one.

    p-values are adjusted by `holm`; a verdict falls where its own is then above the significance. `detectable` becomes
    what the first and strictest step of it would show.
    """
    tested = [comparison for comparison in comparisons if comparison.p_value is not None]
    if len(tested) < 2:
        return tuple(comparisons)
    adjusted = iter(holm([comparison.p_value for comparison in tested if comparison.p_value is not None]))
    return tuple(c if c.p_value is None else _adjusted(c, next(adjusted), len(tested)) for c in comparisons)


def _adjusted(comparison: Comparison, p_value: float, family: int) -> Comparison:
    needs = [-_NORMAL.inv_cdf(level / 2) for level in (comparison.significance, comparison.significance / family)]
    growth = (needs[1] + _NORMAL.inv_cdf(POWER)) / (needs[0] + _NORMAL.inv_cdf(POWER))
    is_kept = p_value <= comparison.significance or comparison.is_apart
    verdict = comparison.verdict if is_kept else Verdict.NO_DIFFERENCE_FOUND
    is_hopeless = (comparison.p_least or 0.0) * family > comparison.significance
    detectable = None if is_hopeless else _grown(comparison, growth)
    return replace(comparison, verdict=verdict, p_value=p_value, detectable=detectable)


def _grown(comparison: Comparison, growth: float) -> float | None:
    """Grown as the logarithm grows: no rate can worsen by more than 100 %."""
    least = comparison.detectable
    if least is None:
        return None
    return 1 - (1 - min(1.0, least)) ** growth if comparison.higher_is_better else (1 + least) ** growth - 1


def _percent(share: float) -> str:
    digits = 0 if share >= 0.1 or share in {CONFIDENCE, POWER} else 1 if share >= 0.01 else 2
    return f"{100 * share:.{digits}f} %"


def _signed(share: float) -> str:
    return ("+" if share >= 0 else "-") + _percent(abs(share))
