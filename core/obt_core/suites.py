"""A suite: what to measure. Versioned by the hash of its content. As a file: `obt_core.suite_files`."""

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from obt_core.wire import Label, Message, Slug, WireModel


class TextPrompt(WireModel):
    """A prompt as a person would write it. A nonce is put before it, so that no cache serves it."""

    kind: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=200_000, pattern=r"^[^\x00]*$")


class SyntheticPrompt(WireModel):
    """A prompt of about so many tokens for the model at hand, made of common words after a nonce."""

    kind: Literal["synthetic"] = "synthetic"
    tokens: int = Field(ge=8, le=1_000_000)


Prompt = Annotated[TextPrompt | SyntheticPrompt, Field(discriminator="kind")]


class Metric(StrEnum):
    """What can be measured, in the unit of its name. Definitions: `obt_core.metrics`."""

    DECODE = "decode_tokens_per_s"
    PREFILL = "prefill_tokens_per_s"
    TTFT = "ttft_ms"
    FIRST_ANSWER = "first_answer_ms"
    TPOT = "tpot_ms"
    GAP_MAX = "gap_max_ms"
    E2E = "e2e_ms"
    SCHEDULED = "scheduled_ms"
    LOAD = "load_ms"
    QUEUE = "queue_ms"

    @property
    def higher_is_better(self) -> bool:
        """Rates are better high, times low."""
        return self.value.endswith("_per_s")


class ConstantArrival(WireModel):
    """A request every 1/rate seconds, whether or not the ones before have ended (open loop)."""

    kind: Literal["constant"] = "constant"
    rate_per_s: float = Field(gt=0, le=1_000)


class PoissonArrival(WireModel):
    """Requests at random moments, independent of each other, so many a second on average (open loop)."""

    kind: Literal["poisson"] = "poisson"
    rate_per_s: float = Field(gt=0, le=1_000)


class ReplayRequest(WireModel):
    """One request of a recorded trace. `at_s` counts from the begin of the replay."""

    at_s: float = Field(ge=0, le=86_400)
    prompt_tokens: int = Field(ge=8, le=1_000_000)
    generate_tokens: int = Field(ge=1, le=65_536)


class ReplayArrival(WireModel):
    """The arrival times and lengths of a recorded trace; the workload's prompt and length stand aside."""

    kind: Literal["replay"] = "replay"
    requests: tuple[ReplayRequest, ...] = Field(min_length=1, max_length=10_000)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [request.at_s for request in self.requests]
        if times != sorted(times):
            raise ValueError("the requests of a trace stand in the order of their at_s")
        return self


Arrival = Annotated[ConstantArrival | PoissonArrival | ReplayArrival, Field(discriminator="kind")]


class Precision(WireModel):
    """When a workload knows enough: the 95 % interval of the metric's median is within this share of it, on each side.

    It is looked at after a fixed schedule of sample counts, from `samples_min` on, at a level corrected for the number
    of looks (`obt_core.statistics`).
    """

    metric: Metric = Metric.DECODE
    within: float = Field(default=0.03, ge=0.001, le=0.5)
    samples_min: int = Field(default=10, ge=6, le=1_000)


class Limits(WireModel):
    """What a request must meet to count for goodput. None: no such limit."""

    ttft_ms: float | None = Field(default=None, gt=0, le=1e9)
    tpot_ms: float | None = Field(default=None, gt=0, le=1e9)
    e2e_ms: float | None = Field(default=None, gt=0, le=1e9)


class Workload(WireModel):
    """One kind of request: what is asked, how much is generated, who sends when, how often.

    Without `arrival`, `concurrency` requests are kept under way, each sent when the one before it has ended (closed
    loop). `cold` unloads the model before every sample, so that its load is measured. `cache`: `defeat` puts a nonce
    that was never used before every prompt; `reuse` sends the very same prompt again, to measure what a cache saves.
    `num_ctx` replaces that of the options. Sampling ends when `precision` is reached (without it: never early), after
    `samples` requests, or after `budget_s` seconds, whichever comes first.
    """

    name: Slug
    purpose: Message = ""
    prompt: Prompt
    generate_tokens: int = Field(ge=1, le=65_536)
    endpoint: Literal["chat", "generate", "openai_chat", "openai_completions"] = "chat"
    concurrency: int = Field(default=1, ge=1, le=256)
    arrival: Arrival | None = None
    cold: bool = False
    cache: Literal["defeat", "reuse"] = "defeat"
    num_ctx: int | None = Field(default=None, ge=64, le=4_194_304)
    limits: Limits | None = None
    precision: Precision | None = None
    samples: int = Field(ge=1, le=10_000)
    budget_s: float = Field(ge=1, le=86_400)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.cold and (self.concurrency > 1 or self.arrival):
            raise ValueError("a cold workload has a concurrency of 1 and no arrival: a model is loaded by one request")
        if self.cold and self.cache == "reuse":
            raise ValueError("a cold workload cannot reuse a cache: unloading a model empties it")
        if self.arrival and self.concurrency > 1:
            raise ValueError("a workload has either an arrival (open loop) or a concurrency (closed loop)")
        if self.arrival and self.precision:
            raise ValueError("a workload with an arrival takes all of its samples: leave its precision out")
        if self.precision and self.precision.samples_min > self.samples:
            raise ValueError(f"precision.samples_min is {self.precision.samples_min}, more than samples {self.samples}")
        return self


class ModelOptions(WireModel):
    """Options of Ollama that are always set, since its defaults change with memory and version."""

    num_ctx: int = Field(default=2048, ge=64, le=4_194_304)
    temperature: float = Field(default=0.0, ge=0, le=5)
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    think: bool = False
    keep_alive_s: int = Field(default=300, ge=1, le=86_400)


class Suite(WireModel):
    """Workloads with the options they share. `warmup_max` bounds the requests before the first sample.

    With `blocks` above 1 every workload's samples are taken in so many parts, and in each block the workloads follow
    each other in an order that is shuffled anew, so that a drift of the machine does not look like a difference.
    """

    name: Slug
    title: Label
    description: Message = ""
    workloads: tuple[Workload, ...] = Field(min_length=1, max_length=50)
    options: ModelOptions = ModelOptions()
    blocks: int = Field(default=1, ge=1, le=100)
    warmup_max: int = Field(default=5, ge=1, le=50)
    request_timeout_s: float = Field(default=300, ge=1, le=86_400)

    @model_validator(mode="after")
    def _workload_names_differ(self) -> Self:
        names = [workload.name for workload in self.workloads]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"workload names must differ; repeated: {', '.join(repeated)}")
        return self

    def hash(self) -> str:
        """SHA-256 of all that changes a measurement; titles and explanations do not.

        Defaults are left out, so that a field added later (its default: today's behaviour) keeps the hash of every
        suite that does not use it. A default is therefore never changed.
        """
        content = self.model_dump(
            mode="json",
            exclude_defaults=True,
            exclude={"title": True, "description": True, "workloads": {"__all__": {"purpose"}}},
        )
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def samples_planned(self) -> int:
        """How many measured requests the suite makes of one model when no budget cuts it short."""
        return sum(workload.samples for workload in self.workloads)

    def budget_s(self) -> float:
        """The longest time that sampling one model may take, in seconds, without warm-up and loading."""
        return sum(workload.budget_s for workload in self.workloads)
