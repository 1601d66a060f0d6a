"""Comparisons and series as a browser sees them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from obt_core.jobs import JobStatus
from obt_core.results import Estimate, Grade, Metric, WorkloadSummary
from obt_core.wire import WireModel
from obt_server.analysis.facts import Value
from obt_server.results.schemas import ResultView

COMPARED_MAX = 50
POINTS_MAX = 500


class VerdictCode(StrEnum):
    """What a comparison came to. `no_difference` is no proof that there is none; `not_settled`: too few to tell."""

    FASTER = "faster"
    SLOWER = "slower"
    NO_DIFFERENCE = "no_difference"
    NOT_SETTLED = "not_settled"
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"


class Obstacle(StrEnum):
    """Why two results tell nothing of each other."""

    ANOTHER_SUITE = "another_suite"
    NOTHING_IN_COMMON = "nothing_in_common"


class FigureCode(StrEnum):
    """What a job has one figure of, so that a difference has neither interval nor verdict; units in the names."""

    ENERGY = "energy_j_per_token"
    THROUGHPUT = "throughput_tokens_per_s"
    GOODPUT = "goodput_per_s"
    VRAM = "vram_bytes"
    MEMORY = "memory_bytes"


class ComparisonLine(WireModel):
    """One metric of one workload against the baseline. Differences are relative: 0.12 is 12 % more than the baseline.

    `before` and `after` are medians in the metric's unit, of the baseline and of the result. `detectable` is the least
    worsening that such samples show in 80 of 100 comparisons. `is_main`: the workload is there to tell this; the
    others are judged more strictly, since they are further questions to the same samples.
    """

    workload: str
    metric: Metric
    verdict: VerdictCode
    before: float
    after: float
    relative: float | None
    low: float | None
    high: float | None
    detectable: float | None
    n_before: int
    n_after: int
    is_main: bool


class FigureLine(WireModel):
    """One figure of a job against the baseline's. `workload` is None for what is of the whole job."""

    code: FigureCode
    workload: str | None
    before: float
    after: float
    relative: float | None


class Pair(WireModel):
    """One result against the baseline. `headline` is the line that its verdict comes from."""

    result_id: UUID
    verdict: VerdictCode
    obstacle: Obstacle | None
    headline: ComparisonLine | None
    lines: list[ComparisonLine]
    figures: list[FigureLine]


class ThroughputPoint(WireModel):
    """What so many requests at once came to. `tokens_per_s` is of all of them together; None where not measured."""

    workload: str
    concurrency: int
    tokens_per_s: float | None
    requests_per_s: float | None
    decode: Estimate | None
    ttft: Estimate | None


class ComparedResult(WireModel):
    """One result of a comparison. `memory_bytes` is what the model took beside the GPU's memory.

    `throughput` has the points of the suite's sweep over concurrency, if it has one.
    """

    result: ResultView
    workloads: tuple[WorkloadSummary, ...]
    offload: str
    size_bytes: int | None
    vram_bytes: int | None
    memory_bytes: int | None
    throughput: list[ThroughputPoint]


class EnvironmentDifference(WireModel):
    """A fact that is not the same everywhere. `name` tells which of several; `values` are in the results' order."""

    code: str
    name: str
    values: list[Value | None]


class ComparisonView(WireModel):
    """Results against the first of them.

    `tests` were judged together: the chance of any false alarm among them is `significance`, and no difference below
    `minimum_effect` is called one. `alike` facts of the environment are known and the same in all, `unknown` ones
    are not known of all.
    """

    results: list[ComparedResult]
    pairs: list[Pair]
    tests: int
    significance: float
    minimum_effect: float
    differences: list[EnvironmentDifference]
    alike: int
    unknown: int


class ResultValues(WireModel):
    """The samples of one result that count, in the order in which they were taken; `total` where some are left out."""

    result_id: UUID
    values: list[float]
    total: int


class SampleValues(WireModel):
    """The values of one metric of one workload, result by result, each in the metric's unit."""

    workload: str
    metric: Metric
    results: list[ResultValues]


class SeriesView(WireModel):
    """One series on one client: what a trend is drawn of. `offload`: gpu, cpu, split or unknown."""

    series: str
    client_id: str
    client_name: str
    model: str
    model_digest: str
    quantization: str | None
    suite_name: str
    suite_hash: str
    offload: str
    result_count: int
    first_ended_at: datetime
    last_ended_at: datetime


class SeriesList(WireModel):
    """A page of series, that which was measured last first. `next` asks for the page after it."""

    series: list[SeriesView]
    next: str | None


class TrendPoint(WireModel):
    """One result of a series."""

    result_id: UUID
    ended_at: datetime
    status: JobStatus
    grade: Grade
    reasons: list[str]
    headline: dict[Metric, Estimate]


class TrendEvent(WireModel):
    """What changed before a result, seen from the result before it; `name` tells which of several.

    `series` is set where the model's name got another series: that is the one which begins here.
    """

    at: datetime
    code: str
    name: str
    before: Value | None
    after: Value | None
    result_id: UUID | None
    series: str | None


class Trend(WireModel):
    """A series on one client: its points, newest first, and what changed between them.

    `next` asks for older ones. `siblings` are the same client's other series of that model's name and suite.
    """

    series: SeriesView
    points: list[TrendPoint]
    events: list[TrendEvent]
    siblings: list[SeriesView]
    next: str | None
