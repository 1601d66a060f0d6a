"""A suite as a browser sees it."""

from obt_core.suites import Suite
from obt_core.wire import WireModel


class SuiteView(WireModel):
    """A suite with what follows from it. `budget_s`: the longest its sampling of one model may take."""

    suite: Suite
    hash: str
    samples_planned: int
    budget_s: float
    shipped: bool


class Suites(WireModel):
    """All suites: shipped ones first."""

    suites: list[SuiteView]
