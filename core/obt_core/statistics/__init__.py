"""Samples to numbers with their uncertainty, comparisons, trends. Pure functions of their input."""

from obt_core.statistics.comparison import Comparison, Verdict, compare, corrected
from obt_core.statistics.corrections import benjamini_hochberg, holm
from obt_core.statistics.dependence import correlation, effective_size
from obt_core.statistics.drift import Drift, drift
from obt_core.statistics.intervals import CONFIDENCE, Interval, bca_interval, median_interval
from obt_core.statistics.looks import confidence_at_look, looks, precise_enough
from obt_core.statistics.ranks import RankTest, rank_test
from obt_core.statistics.robust import outliers, quantile, robust_spread
from obt_core.statistics.series import Step, steps
from obt_core.statistics.summary import SAMPLES_FOR_INTERVAL, estimate, summarize

__all__ = [
    "CONFIDENCE",
    "SAMPLES_FOR_INTERVAL",
    "Comparison",
    "Drift",
    "Interval",
    "RankTest",
    "Step",
    "Verdict",
    "bca_interval",
    "benjamini_hochberg",
    "compare",
    "confidence_at_look",
    "corrected",
    "correlation",
    "drift",
    "effective_size",
    "estimate",
    "holm",
    "looks",
    "median_interval",
    "outliers",
    "precise_enough",
    "quantile",
    "rank_test",
    "robust_spread",
    "steps",
    "summarize",
]
