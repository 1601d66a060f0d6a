"""A result as a browser sees it."""

from datetime import datetime
from uuid import UUID

from obt_core.environment import Environment
from obt_core.hardware import HardwareSnapshot
from obt_core.jobs import JobError, JobStatus
from obt_core.results import (
    ClockSource,
    EndReason,
    Estimate,
    Flag,
    Grade,
    Metric,
    Sample,
    SampleRole,
    Summary,
)
from obt_core.suites import Suite
from obt_core.wire import WireModel


class ResultView(WireModel):
    """One result in a list. `reasons` are the codes behind its grade. `series` is equal for results of one story."""

    id: UUID
    session_id: UUID
    client_id: str
    client_name: str
    model: str
    model_digest: str
    quantization: str | None
    suite_name: str
    suite_hash: str
    series: str
    status: JobStatus
    grade: Grade
    reasons: list[str]
    started_at: datetime
    ended_at: datetime
    sample_count: int
    headline: dict[Metric, Estimate]


class Results(WireModel):
    """A page of results, in the order that was asked for. `next` asks for the page after it."""

    results: list[ResultView]
    next: str | None


class LatestResult(WireModel):
    """The newest completed result of a model on a client; the headline's medians, None where not measured."""

    client_id: str
    model: str
    model_digest: str
    result_id: UUID
    suite_name: str
    grade: Grade
    ended_at: datetime
    decode_tokens_per_s: float | None
    prefill_tokens_per_s: float | None
    ttft_ms: float | None


class LatestResults(WireModel):
    """One for each model on each client that has a completed result, in no order."""

    results: list[LatestResult]


class LatestColumns(WireModel):
    """The same of all clients, for who reads ten thousand of them: a list a field, one entry in each for each result.

    What many have alike stands once: `client`, `model`, `digest` and `suite` are places, from 0, in the lists of those.
    """

    clients: list[str]
    models: list[str]
    digests: list[str]
    suites: list[str]
    client: list[int]
    model: list[int]
    digest: list[int]
    suite: list[int]
    result_id: list[UUID]
    grade: list[Grade]
    ended_at: list[datetime]
    decode_tokens_per_s: list[float | None]


class FacetValue(WireModel):
    """How many results have this value; `value` filters by it, `name` is for people. An empty value means unknown."""

    value: str
    name: str
    total: int


class FacetCounts(WireModel):
    """The values of one parameter of the list of results, those with most results first."""

    facet: str
    values: list[FacetValue]


class ResultFacets(WireModel):
    """How many results match, and how many would with another choice in one facet.

    Not exact: counted among the newest `counted_most` of the time that was asked for, there are more.
    """

    total: int
    is_exact: bool
    counted_most: int
    facets: list[FacetCounts]


class ResultDetail(ResultView):
    """All that is known of one result, every sample included.

    `notes` are the client's own remarks. `telemetry_ticks` tells how much telemetry there is, by the job's own route.
    """

    summary: Summary
    environment: Environment | None
    hardware: HardwareSnapshot | None
    suite: Suite
    error: JobError | None
    notes: list[str]
    telemetry_ticks: int
    samples: list[Sample]
    samples_dropped_at: datetime | None = None
    """Since when its samples are in the archive alone."""


class SamplePoint(WireModel):
    """One sample as a chart of a running job needs it; its fields are those of `Sample`.

    `gap_max_ms` and `lasted_ms` (from the send to the last byte that came) stand for its chunks.
    """

    number: int
    workload: str
    role: SampleRole
    stream: int
    started_at: datetime
    end: EndReason
    error_code: str | None
    flags: tuple[Flag, ...]
    clock: ClockSource
    block: int
    merged_chunks: int
    generated_tokens: int | None
    lateness_ms: float | None
    ttft_ms: float | None
    first_answer_ms: float | None
    tpot_ms: float | None
    gap_max_ms: float | None
    e2e_ms: float | None
    lasted_ms: float | None
    decode_tokens_per_s: float | None
    prefill_tokens_per_s: float | None
    load_ms: float | None
    queue_ms: float | None


class SamplePoints(WireModel):
    """Samples of a job in the order of their numbers. `next` asks for those after them, if there are any now."""

    samples: list[SamplePoint]
    next: int | None
