"""From traces to numbered, stored samples, and what is learned from them on the way."""

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import ValidationError

from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.preflight import JobFailedError
from obt_client.bench.prompts import CACHE_SLACK_TOKENS
from obt_client.bench.uncached import Uncached
from obt_core.metrics import TRUNCATED_BELOW, Context, Trace, to_sample
from obt_core.results import ClockSource, EndReason, Flag, Sample, SampleRole
from obt_core.telemetry import TelemetryBatch

RELOAD_TELLS_MS = 200.0
"""A cold load shorter than this is too near to what a busy machine takes to answer for a model in memory."""


class SampleSink(Protocol):
    """Where samples are stored before anything else happens to them."""

    async def append(self, sample: Sample) -> None:
        """Store it. Raises OSError where the disk does not take it."""
        ...

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        """Store what the machine did. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a request is made, and what is known of it.

    `reuses`: a cache is meant to serve it. `expected_tokens`: what its prompt was counted with, or is meant to have.
    The other fields are those of `obt_core.metrics.Context`.
    """

    workload: str
    role: SampleRole
    stream: int = 0
    block: int = 0
    asked_prompt_tokens: int | None = None
    expected_tokens: int | None = None
    reuses: bool = False
    thinks: bool = False
    lateness_ms: float | None = None
    flags: frozenset[Flag] = frozenset()


class Recorder:
    """Numbers samples from 1 without gaps, in the order in which they ended."""

    def __init__(self, sink: SampleSink) -> None:
        self._sink = sink
        self._lock = asyncio.Lock()
        self._cold_loads_ms: list[float] = []
        self._cacheable_tokens: int | None = None
        self.uncached = Uncached()
        self.stored = 0
        self.clock: ClockSource = BEST_CLOCK

    async def keep(self, trace: Trace, purpose: Purpose) -> Sample:
        """Make a sample of a trace and store it. Raises JobFailedError `outbox_disk_full`."""
        async with self._lock:
            sample = _sample(trace, self._context(purpose, trace))
            if purpose.reuses and sample.cached_tokens is None:  # how much was really read is not known
                sample = sample.model_copy(update={"prefill_tokens_per_s": None})
            try:
                await self._sink.append(sample)
            except OSError as error:
                raise JobFailedError(
                    "outbox_disk_full", f"sample {sample.number} could not be stored: {error}"
                ) from error
            self.stored += 1
        if sample.clock is not BEST_CLOCK:
            self.clock = sample.clock
        return sample

    def loaded_from_nothing(self, sample: Sample) -> None:
        """Learn how long a load takes from a request that found the model absent from `/api/ps`, its cache empty."""
        self.uncached.emptied()
        load_ns = sample.ollama.get("load_duration")
        if sample.end in {EndReason.LENGTH, EndReason.STOP} and isinstance(load_ns, int | float):
            self._cold_loads_ms.append(load_ns / 1e6)

    def followed_another_text(self, sample: Sample) -> None:
        """Learn how many tokens a cache may serve.

        The request's text is unlike the one before it, so that what both have in common comes before the nonce.
        """
        if self._cacheable_tokens is None and sample.cached_tokens is not None:
            self._cacheable_tokens = sample.cached_tokens + CACHE_SLACK_TOKENS

    @property
    def reload_ms(self) -> float | None:
        """Above this load time a model that was in memory was loaded anew; None where that cannot be told.

        Half of the shortest cold load of this job: the shortest, since the first one may have read the file from a
        disk that later ones find in memory; half, since an answer of a loaded model comes in a small part of it.
        """
        shortest_ms = min(self._cold_loads_ms, default=0.0)
        return shortest_ms / 2 if shortest_ms >= RELOAD_TELLS_MS else None

    def _context(self, purpose: Purpose, trace: Trace) -> Context:
        counts = purpose.role is not SampleRole.WARMUP
        checks_cache = counts and not purpose.reuses
        is_short = checks_cache and _counts_fewer(trace, purpose)
        known = purpose.flags.union((Flag.CACHED_PROMPT,) if is_short else ())
        return Context(
            number=self.stored + 1,
            workload=purpose.workload,
            role=purpose.role,
            stream=purpose.stream,
            cacheable_tokens=self._cacheable_tokens if checks_cache else None,
            reload_ms=self.reload_ms if purpose.role is SampleRole.MEASURED else None,
            prefill_limit_tokens_per_s=self.uncached.limit(purpose.expected_tokens) if checks_cache else None,
            thinks=purpose.thinks,
            block=purpose.block,
            lateness_ms=purpose.lateness_ms,
            asked_prompt_tokens=purpose.asked_prompt_tokens,
            flags=known,
        )


def _counts_fewer(trace: Trace, purpose: Purpose) -> bool:
    """Whether fewer tokens were counted than the prompt has, or none at all.

    So versions of Ollama told that a cache had served a prompt. One that was cut to its context is counted so too.
    """
    if trace.final is None or trace.error_code is not None or not purpose.expected_tokens:
        return False
    told = trace.final.get("prompt_eval_count")
    return not isinstance(told, int) or told < TRUNCATED_BELOW * purpose.expected_tokens


def _sample(trace: Trace, context: Context) -> Sample:
    """Apply the definitions; figures that no sample can hold make it an error, not a crash."""
    try:
        return to_sample(trace, context)
    except ValidationError as error:
        reason = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        odd = replace(trace, chunks=(), final=None, error_code="odd_answer", error=f"not Ollama's figures: {reason}")
        return to_sample(odd, context)
