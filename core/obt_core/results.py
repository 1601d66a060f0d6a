"""What a job measured: samples, their environment, their summary."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue

from obt_core.suites import Metric
from obt_core.telemetry import EnergySource
from obt_core.wire import Message, Slug, UtcDatetime, WireModel, known_or

Ms = Annotated[float, Field(ge=0, le=1e9)]
"""Milliseconds."""
Rate = Annotated[float, Field(ge=0, le=1e12)]
"""Tokens per second."""
Count = Annotated[int, Field(ge=0, le=2**31)]
"""A number of tokens, chunks or reads."""


def _storable(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Refuse what no database keeps: NUL, and halves of surrogate pairs."""
    if any("\x00" in text or not _is_utf8(text) for text in _texts(value)):
        raise ValueError("holds a NUL character or half of a surrogate pair")
    return value


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value:
            yield from _texts(part)
        for part in value.values() if isinstance(value, dict) else ():
            yield from _texts(part)


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


class ClockSource(StrEnum):
    """Who stamped the chunks: the kernel as the packet came, or this process after it had read it."""

    KERNEL = "kernel"
    PROCESS = "process"


Clock = Annotated[ClockSource, known_or(ClockSource, ClockSource.PROCESS)]


class EndReason(StrEnum):
    """How a request ended. `length` is the wanted end: all tokens were generated."""

    LENGTH = "length"
    STOP = "stop"
    ERROR = "error"
    CANCELLED = "cancelled"


class SampleRole(StrEnum):
    """Why a request was made. Warm-ups are kept, and never counted."""

    WARMUP = "warmup"
    COLD = "cold"
    MEASURED = "measured"


class Flag(StrEnum):
    """What makes a sample doubtful; a flagged sample is kept and shown."""

    CLOCK_STEPPED = "clock_stepped"
    CLIENT_STALLED = "client_stalled"
    """Our own process stood still for a while."""
    SEND_DELAYED = "send_delayed"
    """The request left this machine later than its stamp says."""
    MERGED_READS = "merged_reads"
    CLOCKS_DISAGREE = "clocks_disagree"
    CACHED_PROMPT = "cached_prompt"
    IMPOSSIBLE_PREFILL = "impossible_prefill"
    """The prompt was read faster than this model can be computed: a cache served it without saying so."""
    MODEL_RELOADED = "model_reloaded"
    CONTEXT_CHANGED = "context_changed"
    """The model ran with another context length than was asked for."""
    PROMPT_TRUNCATED = "prompt_truncated"
    """Ollama counted far fewer prompt tokens than the prompt has: it was cut to fit the context."""
    UNASKED_THINKING = "unasked_thinking"
    SENT_LATE = "sent_late"
    """Under an arrival rate: sent later than intended by more than the limit. Its scheduled latency holds that."""
    FOREIGN_CPU_LOAD = "foreign_cpu_load"
    """Others than Ollama and this client used the processor meanwhile."""
    FOREIGN_GPU_LOAD = "foreign_gpu_load"
    MEMORY_SWAPPED = "memory_swapped"
    THERMAL_THROTTLING = "thermal_throttling"
    POWER_BRAKE = "power_brake"
    """The power supply asked a GPU for less; the cap that a GPU at full load usually runs into is not meant."""


DISQUALIFYING = frozenset(
    {
        Flag.CLOCK_STEPPED,
        Flag.CACHED_PROMPT,
        Flag.IMPOSSIBLE_PREFILL,
        Flag.MODEL_RELOADED,
        Flag.CONTEXT_CHANGED,
        Flag.PROMPT_TRUNCATED,
    }
)
"""Flags that leave a sample out of the summary. A stall or a delayed send may leave out what our stamps tell:
`obt_core.metrics.counts_for`."""


DISTURBING = frozenset(
    {
        Flag.FOREIGN_CPU_LOAD,
        Flag.FOREIGN_GPU_LOAD,
        Flag.MEMORY_SWAPPED,
        Flag.THERMAL_THROTTLING,
        Flag.POWER_BRAKE,
    }
)
"""Flags of a machine that was not quiet. Such a sample is replaced where the budget allows, and left out of the summary
unless most of a workload's samples have one: `obt_core.values.chosen`."""
_FLAGS = frozenset(Flag)


def _known(flags: object) -> object:
    """Leave out flags of a newer client: a reader that does not know them keeps the sample."""
    if not isinstance(flags, list | tuple):
        return flags
    return [flag for flag in flags if not isinstance(flag, str) or flag in _FLAGS]  # pyright: ignore[reportUnknownVariableType]


class Sample(WireModel):
    """One timed request. A metric that was not measured is None, never 0. Definitions: `obt_core.metrics`."""

    number: int = Field(ge=1, le=1_000_000)
    workload: Slug
    role: Annotated[SampleRole, known_or(SampleRole, SampleRole.WARMUP)]
    stream: int = Field(default=0, ge=0, le=10_000)
    started_at: UtcDatetime
    end: Annotated[EndReason, known_or(EndReason, EndReason.ERROR)]
    error_code: Slug | None = None
    error: Message | None = None
    flags: Annotated[tuple[Flag, ...], BeforeValidator(_known)] = Field(default=(), max_length=32)
    clock: Clock
    block: int = Field(default=0, ge=0, le=1_000_000)
    """The burst of requests it belongs to, counted over the job: figures per time are of bursts, not of pauses."""
    connect_ms: Ms | None = None
    tls_ms: Ms | None = None
    lateness_ms: Ms | None = None
    """Under an arrival rate: send less intended send, the load generator's own lateness. None in a closed loop."""
    ttft_ms: Ms | None = None
    first_answer_ms: Ms | None = None
    tpot_ms: Ms | None = None
    e2e_ms: Ms | None = None
    decode_tokens_per_s: Rate | None = None
    prefill_tokens_per_s: Rate | None = None
    load_ms: Ms | None = None
    queue_ms: Ms | None = None
    created_ttft_ms: Ms | None = None
    created_tpot_ms: Ms | None = None
    """TTFT and TPOT by the `created_at` of Ollama's own chunks: the third clock, where both run on one machine."""
    asked_prompt_tokens: Count | None = None
    prompt_tokens: Count | None = None
    cached_tokens: Count | None = None
    generated_tokens: Count | None = None
    merged_chunks: Count = 0
    chunk_ms: tuple[Ms, ...] = Field(default=(), max_length=100_000)
    """When each content chunk came, in ms since the send."""
    ollama: Annotated[dict[str, JsonValue], AfterValidator(_storable)] = Field(default_factory=dict, max_length=64)
    """All raw fields of Ollama's last line but the text: their meaning has changed between versions."""


class Estimate(WireModel):
    """A median with its 95 % interval, which is None where there are too few samples for one.

    `spread` is 1.4826 times the median absolute deviation, in the metric's unit. `p90` and `p99` need at least 10 and
    100 samples. `drift` is the relative change from the first third of the samples to the last, None where it is not
    more than noise. `outliers` counts values that stand apart; they are counted in.
    """

    median: float
    low: float | None
    high: float | None
    n: int = Field(ge=1)
    spread: float | None = None
    p90: float | None = None
    p99: float | None = None
    drift: float | None = None
    outliers: int = Field(default=0, ge=0)


class EnergyUse(WireModel):
    """What a workload's requests took, reading of the prompt included, over the tokens that they generated.

    `above_idle_j_per_token` is less what the same devices took before the job. `devices` are those that tell (`gpu0`,
    `cpu`, `dram`): a machine's other parts, its power supply's loss among them, are not in it.
    """

    j_per_token: float
    above_idle_j_per_token: float | None = None
    power_w: float
    source: EnergySource
    devices: tuple[Slug, ...]


class WorkloadSummary(WireModel):
    """One workload's numbers. `taken` counts all its samples but warm-ups; `counted` those that entered.

    Figures per second are over the time that its bursts took: `requests_per_s` of requests that ended well,
    `goodput_per_s` of those that met every limit of the workload, `throughput_tokens_per_s` of their tokens over all
    streams. `slots_seen` is how many requests generated at one time at most. `precise` tells whether the precision
    that was asked for was reached, None where none was. `disturbed` counts samples taken while the machine was not
    quiet, `disturbed_by` names their flags; `counts_disturbed` says that they are counted all the same, since most of
    them were.
    """

    workload: Slug
    taken: int
    counted: int
    metrics: dict[Metric, Estimate]
    disturbed: int = 0
    disturbed_by: tuple[Slug, ...] = ()
    counts_disturbed: bool = False
    energy: EnergyUse | None = None
    requests_per_s: float | None = None
    goodput_per_s: float | None = None
    throughput_tokens_per_s: float | None = None
    slots_seen: int | None = None
    lateness_p50_ms: float | None = None
    lateness_p99_ms: float | None = None
    precise: bool | None = None


class Summary(WireModel):
    """What a result says: of each metric, the first workload that measured it; of prefill, the longest prompt."""

    headline: dict[Metric, Estimate]
    workloads: tuple[WorkloadSummary, ...]


class Grade(StrEnum):
    """Whether a result may be compared. Only clean results enter a baseline."""

    CLEAN = "clean"
    DISTURBED = "disturbed"
    INVALID = "invalid"
