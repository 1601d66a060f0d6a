"""Storing samples, folding them into results, finding results."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.environment import Environment
from obt_core.grading import grade
from obt_core.hardware import UNKNOWN_HARDWARE
from obt_core.jobs import TRANSITIONS, JobOutcome, JobStatus
from obt_core.results import Sample, Summary
from obt_core.statistics import summarize
from obt_core.suites import Suite
from obt_server.clients import service as clients
from obt_server.db import announce
from obt_server.errors import NotFoundError
from obt_server.events import ResultAdded
from obt_server.hardware import service as hardware
from obt_server.jobs.schemas import JobView
from obt_server.paging import to_cursor
from obt_server.results import repository
from obt_server.results.repository import Filter
from obt_server.results.schemas import ResultDetail, Results, ResultView
from obt_server.results.tables import ResultRow
from obt_server.suites import service as suites

_SAMPLES = TypeAdapter(list[Sample])
_UNKNOWN_HARDWARE = UNKNOWN_HARDWARE.fingerprint()


async def add_samples(session: AsyncSession, job_id: UUID, samples: Sequence[Sample]) -> int:
    """Store samples of a job, each number once; return how many the job has now.

    Samples that come after the result was made (a client that was held lost) wait beside it until the outcome.
    """
    folded = await _folded(session, job_id)
    new = [sample for sample in samples if sample.number not in folded]
    if new:
        await repository.add_samples(session, job_id, new)
    return len(folded) + await repository.count_samples(session, job_id)


async def fold(session: AsyncSession, job: JobView, suite: Suite, outcome: JobOutcome) -> tuple[Summary, int]:
    """Make or renew a job's result of all its samples. Returns its summary and the number of samples.

    A job that measured nothing has no result; its error stands on the job.
    """
    folded = await _folded(session, job.id)
    fresh = {sample.number: sample for sample in await repository.samples_of(session, job.id)}
    samples = [sample for _, sample in sorted({**fresh, **folded}.items())]
    summary = summarize(samples, suite)
    if samples:
        await _store(session, job, suite.name, outcome, summary, samples)
        await repository.delete_samples(session, job.id)
        announce(session, ResultAdded(job.id))
    return summary, len(samples)


async def _folded(session: AsyncSession, job_id: UUID) -> dict[int, Sample]:
    row = await repository.get(session, job_id)
    return {sample.number: sample for sample in _unpack(row.samples)} if row else {}


async def _store(
    session: AsyncSession,
    job: JobView,
    suite_name: str,
    outcome: JobOutcome,
    summary: Summary,
    samples: Sequence[Sample],
) -> None:
    row = await repository.get(session, job.id)
    if row is None:
        row = ResultRow(job_id=job.id, session_id=job.session_id, client_id=job.client_id, model=job.model)
        session.add(row)
    row.summary, row.samples, row.sample_count = summary.model_dump(mode="json"), _pack(samples), len(samples)
    if not _may_renew(row.status, outcome):
        return
    environment = outcome.environment
    result_grade, reasons = grade(outcome, summary, len(samples))
    row.model_digest = job.model_digest or ""
    row.quantization = environment.quantization if environment else None
    row.suite_name, row.suite_hash = suite_name, job.suite_hash
    row.series = series_of(environment, job.client_id, job.model_digest or "", job.suite_hash)
    row.status, row.grade, row.reasons = JobStatus(outcome.status), result_grade, reasons
    row.started_at, row.ended_at = outcome.started_at, outcome.ended_at
    row.environment = environment.model_dump(mode="json") if environment else None


def _may_renew(status: JobStatus | None, outcome: JobOutcome) -> bool:
    """What was completed is not spoilt by a failure told later: a result moves as its job may."""
    return status is None or status == outcome.status or JobStatus(outcome.status) in TRANSITIONS[JobStatus(status)]


def series_of(environment: Environment | None, client_id: str, model_digest: str, suite_hash: str) -> str:
    """Hash of what makes results one story: hardware, model digest, suite, options, offload class.

    Where the hardware is unknown the client stands for it.
    """
    fingerprint = environment.hardware_fingerprint if environment else None
    parts = {
        "hardware": f"client:{client_id}" if fingerprint in {None, _UNKNOWN_HARDWARE} else fingerprint,
        "model": model_digest,
        "suite": suite_hash,
        "options": environment.options.model_dump() if environment else None,
        "offload": environment.offload_class() if environment else "unknown",
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


async def list_page(session: AsyncSession, narrow: Filter, limit: int) -> Results:
    """Return a page of results, newest first."""
    rows = await repository.list_rows(session, narrow, limit + 1)
    page = rows[:limit]
    following = to_cursor(page[-1].ended_at, page[-1].job_id) if len(rows) > limit else None
    return Results(results=await _views(session, page), next=following)


async def list_views(session: AsyncSession, ids: Iterable[UUID]) -> list[ResultView]:
    """Return those results."""
    return await _views(session, await repository.rows_of(session, ids))


async def detail(session: AsyncSession, result_id: UUID, job: JobView) -> ResultDetail:
    """Return one result with its samples. Raises NotFoundError."""
    row = await repository.get(session, result_id)
    if row is None:
        raise NotFoundError(f"There is no result {result_id}.")
    (view,) = await _views(session, [row])
    environment = Environment.model_validate(row.environment) if row.environment else None
    fingerprint = environment.hardware_fingerprint if environment else None
    return ResultDetail(
        **dict(view),
        summary=Summary.model_validate(row.summary),
        environment=environment,
        hardware=await hardware.find(session, row.client_id, fingerprint),
        suite=await suites.find(session, row.suite_hash),
        error=job.error,
        samples=_unpack(row.samples),
    )


async def _views(session: AsyncSession, rows: Sequence[ResultRow]) -> list[ResultView]:
    names = await clients.names(session, {row.client_id for row in rows})
    return [_view(row, names.get(row.client_id, row.client_id)) for row in rows]


def _view(row: ResultRow, client_name: str) -> ResultView:
    fields = ResultView.model_fields.keys() - {"id", "client_name", "headline"}
    return ResultView(
        **{field: getattr(row, field) for field in fields},
        id=row.job_id,
        client_name=client_name,
        headline=Summary.model_validate(row.summary).headline,
    )


def _pack(samples: Sequence[Sample]) -> bytes:
    return zlib.compress(_SAMPLES.dump_json(list(samples)))


def _unpack(packed: bytes) -> list[Sample]:
    return _SAMPLES.validate_json(zlib.decompress(packed))
