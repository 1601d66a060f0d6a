"""What a client must speak to run a suite: one table."""

from collections.abc import Callable
from dataclasses import dataclass

from obt_core.suites import Suite


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a suite may ask for, and the first protocol whose clients understand it."""

    name: str
    since: int
    is_used: Callable[[Suite], bool]


FEATURES: tuple[Feature, ...] = (Feature("suites of the first release", 1, lambda _: True),)
"""Every suite uses one at least. What a client does besides (telemetry, notes, conditions) is asked of nobody."""


def needs_protocol(suite: Suite) -> Feature:
    """Return the youngest of the features that a suite uses: its `since` is the least protocol that runs it."""
    return max((feature for feature in FEATURES if feature.is_used(suite)), key=lambda feature: feature.since)
