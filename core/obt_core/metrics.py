"""The definition of every metric: the trace of one request becomes a sample.

Stamps are nanoseconds of CLOCK_REALTIME, as the kernel gives them for received packets. Ollama's durations are
nanoseconds of its own clock (its API documentation, "Generate a completion", names the fields).
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from obt_core.results import DISQUALIFYING, ClockSource, EndReason, Flag, Metric, Sample, SampleRole

_NS_PER_MS = 1e6
_NS_PER_S = 1e9
_INT64_MAX = 2**63 - 1
RATE_TOKENS_MIN = 64
"""A sample that ended early counts for rates from so many tokens on."""
CLOCKS_TOKENS_MIN = 32
"""Fewer tokens do not compare the clocks: `eval_duration` holds one step more than the gaps between chunks."""
CLOCKS_TOLERANCE = 0.03
"""Relative difference between Ollama's decode rate and 1/TPOT above which the sample says so."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One content chunk. `merged`: the same read brought a later chunk too, so this stamp may be late."""

    stamp_ns: int
    created_at_ns: int | None
    text_chars: int
    thinking_chars: int
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """What was seen of one request. `final` is Ollama's last line without its text, None if it never came."""

    started_at: datetime
    clock: ClockSource
    sent_ns: int
    connect_ms: float | None = None
    first_byte_ns: int | None = None
    last_byte_ns: int | None = None
    chunks: tuple[Chunk, ...] = ()
    final: dict[str, JsonValue] | None = None
    flags: frozenset[Flag] = frozenset()
    error_code: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Why a request was made, and what was known before it.

    `cacheable_tokens`: how many prompt tokens may honestly come from a cache (those before the nonce).
    `reload_ms`: a load time above this means that a warm model was loaded anew; None where that is not known.
    """

    number: int
    workload: str
    role: SampleRole
    stream: int = 0
    cacheable_tokens: int | None = None
    reload_ms: float | None = None


def to_sample(trace: Trace, context: Context) -> Sample:
    """Apply the definitions. What the trace does not tell becomes None; nothing is ever filled in.

    Raises pydantic.ValidationError for figures that no sample can hold.
    """
    final = trace.final or {}
    content = [chunk for chunk in trace.chunks if chunk.text_chars or chunk.thinking_chars]
    sample = Sample(
        number=context.number,
        workload=context.workload,
        role=context.role,
        stream=context.stream,
        started_at=trace.started_at,
        end=_end(trace, final),
        error_code=trace.error_code,
        error=_printable(trace.error)[:4_000] if trace.error else None,
        clock=trace.clock,
        connect_ms=trace.connect_ms,
        ttft_ms=_since_send(trace, content[0].stamp_ns if content else None),
        first_answer_ms=_since_send(trace, next((c.stamp_ns for c in content if c.text_chars), None)),
        tpot_ms=_tpot_ms(content, _count(final, "eval_count")),
        e2e_ms=_since_send(trace, trace.last_byte_ns if trace.final is not None else None),
        decode_tokens_per_s=_rate(_count(final, "eval_count"), final.get("eval_duration")),
        prefill_tokens_per_s=_rate(_evaluated_prompt_tokens(final), final.get("prompt_eval_duration")),
        load_ms=_ms(final.get("load_duration")) if context.role is SampleRole.COLD else None,
        queue_ms=_queue_ms(final),
        prompt_tokens=_count(final, "prompt_eval_count"),
        cached_tokens=_count(final, "prompt_eval_cached_count"),
        generated_tokens=_count(final, "eval_count"),
        merged_chunks=sum(chunk.merged for chunk in content),
        chunk_ms=tuple(round(max(0, chunk.stamp_ns - trace.sent_ns) / _NS_PER_MS, 4) for chunk in content),
        ollama=final,
    )
    return sample.model_copy(update={"flags": _flags(trace, sample, context)})


def counts_for(sample: Sample, metric: Metric) -> bool:
    """Whether the sample enters the summary of that metric.

    Errors, warm-ups and samples touched by a disqualifying flag never do. A cold sample tells of loading only. One
    that ended by `stop` tells of rates from 64 tokens on and never of E2E: its length was not ours.
    """
    if sample.role is SampleRole.WARMUP or sample.end in {EndReason.ERROR, EndReason.CANCELLED}:
        return False
    if DISQUALIFYING.intersection(sample.flags):
        return False
    if sample.role is SampleRole.COLD and metric not in {Metric.LOAD, Metric.TTFT, Metric.E2E}:
        return False
    if sample.end is EndReason.STOP:
        if metric is Metric.E2E:
            return False
        if metric in {Metric.DECODE, Metric.TPOT}:
            return (sample.generated_tokens or 0) >= RATE_TOKENS_MIN
    return True


def value_of(sample: Sample, metric: Metric) -> float | None:
    """Return the sample's value of that metric in the metric's unit, None if not measured."""
    values: dict[Metric, float | None] = {
        Metric.DECODE: sample.decode_tokens_per_s,
        Metric.PREFILL: sample.prefill_tokens_per_s,
        Metric.TTFT: sample.ttft_ms,
        Metric.TPOT: sample.tpot_ms,
        Metric.E2E: sample.e2e_ms,
        Metric.LOAD: sample.load_ms,
        Metric.QUEUE: sample.queue_ms,
    }
    return values[metric]


def _end(trace: Trace, final: dict[str, JsonValue]) -> EndReason:
    if trace.error_code is not None:
        return EndReason.CANCELLED if trace.error_code == "cancelled" else EndReason.ERROR
    if trace.final is None:  # it never came to its end, whatever the reader made of that
        return EndReason.ERROR
    return EndReason.LENGTH if final.get("done_reason") == "length" else EndReason.STOP


def _printable(text: str) -> str:
    """Take out what no database keeps: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _since_send(trace: Trace, stamp_ns: int | None) -> float | None:
    """A stamp before the send comes of a clock that was set back: it tells nothing."""
    if stamp_ns is None or stamp_ns < trace.sent_ns:
        return None
    return round((stamp_ns - trace.sent_ns) / _NS_PER_MS, 4)


def _number(value: JsonValue) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= _INT64_MAX else None


def _count(final: dict[str, JsonValue], field: str) -> int | None:
    number = _number(final.get(field))
    return None if number is None else int(number)


def _ms(duration_ns: JsonValue) -> float | None:
    number = _number(duration_ns)
    return None if number is None else round(number / _NS_PER_MS, 4)


def _rate(tokens: int | None, duration_ns: JsonValue) -> float | None:
    duration = _number(duration_ns)
    return round(tokens / (duration / _NS_PER_S), 4) if tokens and duration else None


def _evaluated_prompt_tokens(final: dict[str, JsonValue]) -> int | None:
    told = _count(final, "prompt_eval_count")
    return None if told is None else max(0, told - (_count(final, "prompt_eval_cached_count") or 0))


def _tpot_ms(content: list[Chunk], tokens: int | None) -> float | None:
    if len(content) < 2 or tokens is None or tokens < 2:
        return None
    span_ns = content[-1].stamp_ns - content[0].stamp_ns
    # All in one read, or a clock that was set back: the stamps do not tell how the tokens came.
    return round(span_ns / (tokens - 1) / _NS_PER_MS, 5) if span_ns > 0 else None


def _queue_ms(final: dict[str, JsonValue]) -> float | None:
    fields = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")
    total, *parts = (_number(final.get(field)) for field in fields)
    if total is None or any(part is None for part in parts):
        return None
    return round(max(0.0, total - sum(part or 0.0 for part in parts)) / _NS_PER_MS, 4)


def _flags(trace: Trace, sample: Sample, context: Context) -> tuple[Flag, ...]:
    flags = set(trace.flags)
    if sample.merged_chunks:
        flags.add(Flag.MERGED_READS)
    if _clocks_disagree(sample):
        flags.add(Flag.CLOCKS_DISAGREE)
    if context.cacheable_tokens is not None and (sample.cached_tokens or 0) > context.cacheable_tokens:
        flags.add(Flag.CACHED_PROMPT)
    load_ms = _ms(sample.ollama.get("load_duration"))
    is_warm = context.role is not SampleRole.COLD
    if is_warm and context.reload_ms is not None and load_ms is not None and load_ms > context.reload_ms:
        flags.add(Flag.MODEL_RELOADED)
    return tuple(sorted(flags))


def _clocks_disagree(sample: Sample) -> bool:
    if not sample.tpot_ms or not sample.decode_tokens_per_s or (sample.generated_tokens or 0) < CLOCKS_TOKENS_MIN:
        return False
    return abs(sample.decode_tokens_per_s * sample.tpot_ms / 1_000 - 1) > CLOCKS_TOLERANCE
