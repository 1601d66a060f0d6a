"""Samples and summaries at many speeds, made by the server's own summing up, for results to be made of."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp, log
from typing import Any

from obt_core.results import ClockSource, EndReason, Metric, Sample, SampleRole
from obt_core.statistics import summarize
from obt_core.suites import Suite, Workload
from obt_server.results.packing import pack_samples

SLOWEST_TOKENS_PER_S, FASTEST_TOKENS_PER_S = 0.3, 900.0
STEP = 1.06
"""Neighbours in the pool are so far apart; a result is one of them, its figures moved by less than half of that."""
_SAMPLES_MOST = 6
_CHUNKS = 16
_PREFILL_FACTOR = 28.0
_NOISE = 0.012


@dataclass(frozen=True, slots=True)
class Measured:
    """What a job measured at that speed: its samples as they are stored, and what they come to."""

    decode_tokens_per_s: float
    sample_count: int
    samples: bytes
    summary: Mapping[str, Any]

    def at(self, decode_tokens_per_s: float) -> dict[str, Any]:
        """The summary moved to a speed near by: rates by the factor, times by its inverse."""
        factor = decode_tokens_per_s / self.decode_tokens_per_s
        workloads = [
            {**workload, "metrics": _moved(workload["metrics"], factor)} for workload in self.summary["workloads"]
        ]
        return {**self.summary, "headline": _moved(self.summary["headline"], factor), "workloads": workloads}


class Pool:
    """Measured jobs of one suite by speed."""

    def __init__(self, suite: Suite, seed: int) -> None:
        dice = random.Random(seed)
        steps = round(log(FASTEST_TOKENS_PER_S / SLOWEST_TOKENS_PER_S) / log(STEP))
        speeds = [SLOWEST_TOKENS_PER_S * exp(step * log(STEP)) for step in range(steps + 1)]
        self._entries = [_measure(suite, speed, dice) for speed in speeds]

    def near(self, decode_tokens_per_s: float) -> Measured:
        """The entry whose speed is nearest."""
        step = round(log(max(decode_tokens_per_s, SLOWEST_TOKENS_PER_S) / SLOWEST_TOKENS_PER_S) / log(STEP))
        return self._entries[min(step, len(self._entries) - 1)]


def _measure(suite: Suite, speed: float, dice: random.Random) -> Measured:
    samples: list[Sample] = []
    for workload in suite.workloads:
        for _ in range(min(workload.samples, _SAMPLES_MOST)):
            samples.append(_sample(len(samples) + 1, workload, speed, dice))
    summary = summarize(samples, suite)
    return Measured(
        decode_tokens_per_s=summary.headline[Metric.DECODE].median,
        sample_count=len(samples),
        samples=pack_samples(samples),
        summary=summary.model_dump(mode="json"),
    )


def _sample(number: int, workload: Workload, speed: float, dice: random.Random) -> Sample:
    decode = speed * dice.lognormvariate(0, _NOISE) / workload.concurrency**0.3
    prefill = speed * _PREFILL_FACTOR * dice.lognormvariate(0, _NOISE)
    prompt_tokens = getattr(workload.prompt, "tokens", 40)
    load_ms = 900.0 * dice.lognormvariate(0, 0.05) if workload.cold else None
    ttft_ms = prompt_tokens / prefill * 1_000 + 12 + (load_ms or 0)
    tpot_ms = 1_000 / decode
    tokens = workload.generate_tokens
    step_ms = tpot_ms * (tokens - 1) / (_CHUNKS - 1)
    return Sample(
        number=number,
        workload=workload.name,
        role=SampleRole.COLD if workload.cold else SampleRole.MEASURED,
        stream=number % workload.concurrency,
        started_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number * 3),
        end=EndReason.LENGTH,
        clock=ClockSource.KERNEL,
        ttft_ms=round(ttft_ms, 3),
        tpot_ms=round(tpot_ms, 4),
        e2e_ms=round(ttft_ms + tpot_ms * (tokens - 1), 3),
        decode_tokens_per_s=round(decode, 4),
        prefill_tokens_per_s=round(prefill, 4),
        load_ms=round(load_ms, 3) if load_ms else None,
        prompt_tokens=prompt_tokens,
        generated_tokens=tokens,
        chunk_ms=tuple(round(ttft_ms + step_ms * chunk, 3) for chunk in range(_CHUNKS)),
        ollama={"eval_count": tokens, "done_reason": "length"},
    )


def _moved(metrics: Mapping[str, Any], factor: float) -> dict[str, Any]:
    return {
        name: {**estimate, **{part: _scaled(name, estimate[part], factor) for part in ("median", "low", "high")}}
        for name, estimate in metrics.items()
    }


def _scaled(metric: str, value: float | None, factor: float) -> float | None:
    if value is None:
        return None
    return round(value * factor if Metric(metric).higher_is_better else value / factor, 4)
