"""The definition of every metric: the trace of one request becomes a sample.

Stamps are nanoseconds of CLOCK_REALTIME, as the kernel gives them for received packets. Ollama's durations are
nanoseconds of its own clock (its API documentation, "Generate a completion", names the fields). Content is text or
thinking; a chunk is not a token. Of one request:

| field                  | formula                                                              | source           |
|------------------------|----------------------------------------------------------------------|------------------|
| `ttft_ms`              | first content chunk - send                                           | our stamps       |
| `first_answer_ms`      | first chunk with text that is no thinking - send                     | our stamps       |
| `tpot_ms`              | (last content - first content) / (`eval_count` - 1)                  | stamps, Ollama   |
| `gap_max_ms`           | longest time between two content chunks, no merged read among them   | our stamps       |
| `e2e_ms`               | last byte - send                                                     | our stamps       |
| `scheduled_ms`         | `e2e_ms` + lateness: from the intended send                          | our stamps       |
| `decode_tokens_per_s`  | `eval_count` / `eval_duration`                                       | Ollama           |
| `prefill_tokens_per_s` | (`prompt_eval_count` - cached) / `prompt_eval_duration`              | Ollama           |
| `load_ms`              | `load_duration`, only where the model was absent before              | Ollama           |
| `queue_ms`             | `total_duration` - load - prompt evaluation - evaluation             | Ollama           |
| `created_ttft_ms`      | `created_at` of the first content chunk - send                       | Ollama, stamp    |
| `created_tpot_ms`      | as `tpot_ms`, by `created_at`                                        | Ollama           |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from obt_core.results import ClockSource, EndReason, Flag, Sample, SampleRole

_NS_PER_MS = 1e6
_NS_PER_S = 1e9
_INT64_MAX = 2**63 - 1
CLOCKS_TOKENS_MIN = 32
"""Fewer tokens do not compare the clocks: `eval_duration` holds one step more than the gaps between chunks."""
CLOCKS_TOLERANCE = 0.03
"""Relative difference between two of the three clocks above which the sample says so."""
TRUNCATED_BELOW = 0.75
"""A prompt that Ollama counts with less than this share of its tokens was cut to fit the context."""
LATE_MS = 5.0
"""A request sent later than intended by more is marked."""


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
    tls_ms: float | None = None
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
    `prefill_limit_tokens_per_s`: no machine of this kind reads a prompt faster. `thinks`: thinking was asked for.
    `lateness_ms`: send less intended send. `asked_prompt_tokens`: how long the prompt was meant to be. `flags`: what
    the asker knows besides.
    """

    number: int
    workload: str
    role: SampleRole
    stream: int = 0
    cacheable_tokens: int | None = None
    reload_ms: float | None = None
    prefill_limit_tokens_per_s: float | None = None
    thinks: bool = False
    block: int = 0
    lateness_ms: float | None = None
    asked_prompt_tokens: int | None = None
    flags: frozenset[Flag] = frozenset()


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
        block=context.block,
        connect_ms=trace.connect_ms,
        tls_ms=trace.tls_ms,
        lateness_ms=context.lateness_ms,
        ttft_ms=_since_send(trace, content[0].stamp_ns if content else None),
        first_answer_ms=_since_send(trace, next((c.stamp_ns for c in content if c.text_chars), None)),
        tpot_ms=_tpot_ms([chunk.stamp_ns for chunk in content], _count(final, "eval_count")),
        e2e_ms=_since_send(trace, trace.last_byte_ns if trace.final is not None else None),
        decode_tokens_per_s=_rate(_count(final, "eval_count"), final.get("eval_duration")),
        prefill_tokens_per_s=_rate(_evaluated_prompt_tokens(final), final.get("prompt_eval_duration")),
        load_ms=_ms(final.get("load_duration")) if context.role is SampleRole.COLD else None,
        queue_ms=_queue_ms(final),
        created_ttft_ms=_since_send(trace, content[0].created_at_ns if content else None),
        created_tpot_ms=_tpot_ms([chunk.created_at_ns for chunk in content], _count(final, "eval_count")),
        asked_prompt_tokens=context.asked_prompt_tokens,
        prompt_tokens=_count(final, "prompt_eval_count"),
        cached_tokens=_count(final, "prompt_eval_cached_count"),
        generated_tokens=_count(final, "eval_count"),
        merged_chunks=sum(chunk.merged for chunk in content),
        chunk_ms=tuple(round(max(0, chunk.stamp_ns - trace.sent_ns) / _NS_PER_MS, 4) for chunk in content),
        ollama=final,
    )
    return sample.model_copy(update={"flags": _flags(trace, sample, context)})


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


def _tpot_ms(stamps_ns: Sequence[int | None], tokens: int | None) -> float | None:
    if len(stamps_ns) < 2 or tokens is None or tokens < 2:
        return None
    first_ns, last_ns = stamps_ns[0], stamps_ns[-1]
    if first_ns is None or last_ns is None:
        return None
    span_ns = last_ns - first_ns
    # All in one read, or a clock that was set back: the stamps do not tell how the tokens came.
    return round(span_ns / (tokens - 1) / _NS_PER_MS, 5) if span_ns > 0 else None


def _queue_ms(final: dict[str, JsonValue]) -> float | None:
    fields = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")
    total, *parts = (_number(final.get(field)) for field in fields)
    if total is None or any(part is None for part in parts):
        return None
    return round(max(0.0, total - sum(part or 0.0 for part in parts)) / _NS_PER_MS, 4)


def _flags(trace: Trace, sample: Sample, context: Context) -> tuple[Flag, ...]:
    load_ms = _ms(sample.ollama.get("load_duration"))
    is_warm = context.role is not SampleRole.COLD
    found = {
        Flag.MERGED_READS: sample.merged_chunks > 0,
        Flag.CLOCKS_DISAGREE: _clocks_disagree(sample),
        Flag.CACHED_PROMPT: _above(sample.cached_tokens, context.cacheable_tokens),
        Flag.IMPOSSIBLE_PREFILL: _above(sample.prefill_tokens_per_s, context.prefill_limit_tokens_per_s),
        Flag.MODEL_RELOADED: is_warm and _above(load_ms, context.reload_ms),
        Flag.PROMPT_TRUNCATED: _is_truncated(sample),
        Flag.UNASKED_THINKING: not context.thinks and any(chunk.thinking_chars for chunk in trace.chunks),
        Flag.SENT_LATE: _above(context.lateness_ms, LATE_MS),
    }
    return tuple(sorted(trace.flags | context.flags | {flag for flag, is_so in found.items() if is_so}))


def _above(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit


def _is_truncated(sample: Sample) -> bool:
    """What a cache served may be missing from the count: then nothing is known."""
    if not sample.asked_prompt_tokens or not sample.prompt_tokens or sample.cached_tokens:
        return False
    return sample.prompt_tokens < TRUNCATED_BELOW * sample.asked_prompt_tokens


def _clocks_disagree(sample: Sample) -> bool:
    """Compare seconds per token by Ollama's durations, our stamps and the chunks' `created_at`, as far as told."""
    if (sample.generated_tokens or 0) < CLOCKS_TOKENS_MIN or not sample.tpot_ms:
        return False
    decode = sample.decode_tokens_per_s
    others = (1_000 / decode if decode else None, sample.created_tpot_ms)
    return any(abs(sample.tpot_ms / other - 1) > CLOCKS_TOLERANCE for other in others if other)
