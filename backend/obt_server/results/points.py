"""What can be shown of a job while it runs and after it: its samples without their chunks, and what they come to."""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.results import DISTURBING, Sample, SampleRole, Summary, WorkloadSummary
from obt_core.statistics import estimate
from obt_core.statistics.summary import confidence_of
from obt_core.suites import Metric, Suite, Workload
from obt_core.values import chosen, counted_values, counts_for, is_disturbed, value_of
from obt_server.db import Document
from obt_server.results import repository
from obt_server.results.packing import unpack_samples
from obt_server.results.schemas import SamplePoint, SamplePoints

_SHORT_ANSWER_TOKENS = 16


async def page(session: AsyncSession, job_id: UUID, after: int, limit: int) -> SamplePoints:
    """Return samples whose numbers are beyond `after`, in the order of their numbers."""
    folded = await repository.folded_samples(session, job_id)
    fresh = await repository.samples_after(session, job_id, after, limit + 1)
    points = await asyncio.to_thread(_points, folded, fresh, after, limit + 1)
    following = points[limit - 1].number if len(points) > limit else None
    return SamplePoints(samples=points[:limit], next=following)


async def summary(session: AsyncSession, job_id: UUID, suite: Suite) -> Summary:
    """Return what a job's samples come to so far; of one that has a result, what that says."""
    told = await repository.summary_of(session, job_id)
    if told is not None:
        return Summary.model_validate(told)
    fresh = await repository.samples_of(session, job_id)
    return await asyncio.to_thread(_so_far, fresh, suite)


def _so_far(fresh: Iterable[Document], suite: Suite) -> Summary:
    """Of each workload the decode rate and what it is for; the rest is told at the end, and takes its time."""
    samples = sorted(map(Sample.model_validate, fresh), key=lambda sample: sample.number)
    of_workloads = [(workload, [one for one in samples if _is_of(one, workload)]) for workload in suite.workloads]
    workloads = tuple(_workload_so_far(workload, taken) for workload, taken in of_workloads if taken)
    metrics = {metric: value for told in reversed(workloads) for metric, value in told.metrics.items()}
    return Summary(headline=metrics, workloads=workloads)


def _is_of(sample: Sample, workload: Workload) -> bool:
    return sample.workload == workload.name and sample.role is not SampleRole.WARMUP


def _workload_so_far(workload: Workload, taken: Sequence[Sample]) -> WorkloadSummary:
    looked_at, wanted = chosen(taken), {Metric.DECODE, _main_metric(workload)}
    values = {metric: found for metric in wanted if (found := counted_values(taken, metric))}
    confidence = confidence_of(workload)
    return WorkloadSummary(
        workload=workload.name,
        taken=len(taken),
        counted=sum(any(counts_for(sample, metric) for metric in wanted) for sample in looked_at),
        metrics={metric: estimate(found, confidence) for metric, found in values.items()},
        disturbed=sum(map(is_disturbed, taken)),
        disturbed_by=tuple(sorted(DISTURBING.intersection(flag for sample in taken for flag in sample.flags))),
        counts_disturbed=any(map(is_disturbed, looked_at)),
    )


def _main_metric(workload: Workload) -> Metric:
    """What the dashboard draws of it: the same choice as `mainMetric` of `frontend/src/lib/sample.ts`."""
    if workload.precision:
        return workload.precision.metric
    if workload.cold:
        return Metric.LOAD
    if workload.arrival:
        return Metric.SCHEDULED
    return Metric.PREFILL if workload.generate_tokens < _SHORT_ANSWER_TOKENS else Metric.DECODE


def _points(folded: bytes | None, fresh: Iterable[Document], after: int, most: int) -> list[SamplePoint]:
    """What was folded comes before what is told again."""
    known = {sample.number: sample for sample in map(Sample.model_validate, fresh)}
    known |= {sample.number: sample for sample in (unpack_samples(folded) if folded else ()) if sample.number > after}
    return [_point(sample) for _, sample in sorted(known.items())[:most]]


def _point(sample: Sample) -> SamplePoint:
    fields = {field: getattr(sample, field) for field in SamplePoint.model_fields if field in Sample.model_fields}
    lasted_ms = sample.e2e_ms if sample.e2e_ms is not None else next(reversed(sample.chunk_ms), sample.ttft_ms)
    return SamplePoint(**fields, gap_max_ms=value_of(sample, Metric.GAP_MAX), lasted_ms=lasted_ms)
