"""What a browser is shown before it asks: every pair with its state, and how long it will take."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from obt_core.jobs import JobError
from obt_core.results import Estimate
from obt_core.suites import Metric, Suite
from obt_core.wire import WireModel
from obt_server.jobs.schemas import SkipReason
from obt_server.sessions.fitting import Fit
from obt_server.suites.schemas import SuiteView


class PairState(StrEnum):
    """`measured`: it can be measured, and a fresh clean result of the same series is there already."""

    POSSIBLE = "possible"
    MEASURED = "measured"
    IMPOSSIBLE = "impossible"


class MeasuredBefore(WireModel):
    """A fresh clean result of the same series. `age_s`: since its measurement ended, by the client's clock."""

    result_id: UUID
    ended_at: datetime
    age_s: float
    ollama_version: str | None
    sample_count: int
    headline: dict[Metric, Estimate]


class PlannedPair(WireModel):
    """One model on one client.

    `reason`: why it is impossible, with `error` where a sentence says what to do. `waits`: its client is not there now,
    so its job would wait for it. `estimate_s`: how long it will take, by the newest completed result of this suite and
    model on this client; None where there is none (the suite's budget is the bound then).
    """

    client_id: str
    model: str
    model_digest: str | None
    state: PairState
    reason: SkipReason | None
    error: JobError | None
    waits: bool
    fit: Fit | None
    measured: MeasuredBefore | None
    estimate_s: float | None


class PlannedClient(WireModel):
    """What a client would have to do: `jobs_ahead` are those that wait for it or that it works on already.

    `estimate_s` is the sum of its pairs that would be measured, those of unknown length with the suite's budget;
    `is_bound`: at least one of them is such a bound.
    """

    client_id: str
    client_name: str
    jobs: int
    jobs_ahead: int
    estimate_s: float
    is_bound: bool


class SessionPlan(WireModel):
    """A session as it would become now. Nothing of it is stored.

    `estimate_s` is over all: clients work at the same time, so many of them as the server lets. The time of jobs that
    are ahead is not in it. `fresh_for_s`: how long a clean result stands for a measurement; `offline_wait_s`: how long
    a job waits for a client that is not there.
    """

    suite: SuiteView
    pairs: list[PlannedPair]
    clients: list[PlannedClient]
    counts: dict[PairState, int]
    estimate_s: float
    is_bound: bool
    fresh_for_s: float
    offline_wait_s: float


class Again(WireModel):
    """What it takes to run exactly what an earlier result measured.

    `digest_now` is what the tag points to on that client now, None where it is not installed; `tags_now` are the tags
    that point to the digest of the result. `order_seed` gives the same order of workloads and arrivals.
    """

    result_id: UUID
    client_id: str
    client_name: str
    is_archived: bool
    model: str
    model_digest: str
    digest_now: str | None
    tags_now: list[str]
    suite: Suite
    suite_hash: str
    order_seed: int | None
    ended_at: datetime
    ollama_version: str | None
    ollama_version_now: str | None
