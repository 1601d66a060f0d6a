"""Samples without their chunks, page by page: of a job that runs those that have come, of one that ended all."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.results import Sample
from obt_core.suites import Metric
from obt_core.values import value_of
from obt_server.db import Document
from obt_server.results import repository
from obt_server.results.packing import unpack_samples
from obt_server.results.schemas import SamplePoint, SamplePoints


async def page(session: AsyncSession, job_id: UUID, after: int, limit: int) -> SamplePoints:
    """Return samples whose numbers are beyond `after`, in the order of their numbers."""
    folded = await repository.folded_samples(session, job_id)
    fresh = await repository.samples_after(session, job_id, after, limit + 1)
    points = await asyncio.to_thread(_points, folded, fresh, after, limit + 1)
    following = points[limit - 1].number if len(points) > limit else None
    return SamplePoints(samples=points[:limit], next=following)


def _points(folded: bytes | None, fresh: Iterable[Document], after: int, most: int) -> list[SamplePoint]:
    """What was folded comes before what is told again."""
    known = {sample.number: sample for sample in map(Sample.model_validate, fresh)}
    known |= {sample.number: sample for sample in (unpack_samples(folded) if folded else ()) if sample.number > after}
    return [_point(sample) for _, sample in sorted(known.items())[:most]]


def _point(sample: Sample) -> SamplePoint:
    fields = {field: getattr(sample, field) for field in SamplePoint.model_fields if field in Sample.model_fields}
    lasted_ms = sample.e2e_ms if sample.e2e_ms is not None else next(reversed(sample.chunk_ms), sample.ttft_ms)
    return SamplePoint(**fields, gap_max_ms=value_of(sample, Metric.GAP_MAX), lasted_ms=lasted_ms)
