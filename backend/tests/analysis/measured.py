"""Results whose truth is known: made by real clients over HTTP, with samples of a speed that the test says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.tests import builders
from backend.tests.harness import AClient, Harness
from obt_core.jobs import JobOutcome, JobSpec
from obt_core.results import Sample

BEGAN = builders.MOMENT - timedelta(days=1)
"""What was measured, was measured before it is told: the clock of these servers stands."""
WOBBLE = (0.0, 0.6, -0.4, 0.3, -0.7, 0.5, -0.2, 0.8, -0.6, 0.1)
"""In percent: what a machine at rest does from sample to sample."""
SAMPLES, BATCH = 20, 100


def rates(level: float, count: int = SAMPLES) -> list[float]:
    """So many decode rates about a level, in tokens/s."""
    return [level * (1 + WOBBLE[(7 * n) % len(WOBBLE)] / 100) for n in range(count)]


async def measure(
    server: Harness,
    client: AClient,
    level: float = 100.0,
    *,
    model: str = "a",
    minute: int = 1,
    suite: str = "quick",
    values: list[float] | None = None,
    workload: str = "chat",
    environment: dict[str, Any] | None = None,
) -> JobSpec:
    """Have a client measure a model at a decode rate of about `level` tokens/s; return its job."""
    await server.a_session([client], [model], suite=suite)
    spec = await client.claim()
    assert spec is not None
    told = rates(level) if values is None else values
    samples = [a_sample(number, rate, workload) for number, rate in enumerate(told, 1)]
    for first in range(0, len(samples), BATCH):
        await client.send_samples(spec.job_id, *samples[first : first + BATCH])
    await client.send_outcome(spec.job_id, an_outcome(spec, len(told), minute, environment or {}))
    return spec


async def a_result(server: Harness, client: AClient, level: float = 100.0, **fields: Any) -> UUID:
    """Measure, and return the result's ID."""
    return (await measure(server, client, level, **fields)).job_id


def a_sample(number: int, rate: float, workload: str = "chat") -> Sample:
    """A sample whose times all follow from its decode rate."""
    ttft_ms = 4_000 / rate
    return builders.a_sample(
        number,
        workload=workload,
        ttft_ms=ttft_ms,
        tpot_ms=1e3 / rate,
        e2e_ms=ttft_ms + 64e3 / rate,
        decode_tokens_per_s=rate,
    )


def an_outcome(spec: JobSpec, count: int, minute: int, fields: dict[str, Any]) -> JobOutcome:
    """The end of a job that began so many minutes after `BEGAN`."""
    began = BEGAN + timedelta(minutes=minute)
    return builders.an_outcome(
        spec,
        count,
        started_at=began,
        ended_at=began + timedelta(seconds=40),
        environment=builders.an_environment(spec, **fields),
    )
