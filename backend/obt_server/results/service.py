"""Storing samples and telemetry, folding them into results, finding results."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.environment import Environment
from obt_core.grading import grade
from obt_core.hardware import UNKNOWN_HARDWARE
from obt_core.jobs import TRANSITIONS, JobOutcome, JobStatus
from obt_core.results import Metric, Sample, Summary
from obt_core.suites import Suite
from obt_core.telemetry import TelemetryBatch
from obt_server.clients import service as clients
from obt_server.db import announce
from obt_server.errors import NotFoundError
from obt_server.events import ResultAdded
from obt_server.hardware import service as hardware
from obt_server.jobs.schemas import JobView
from obt_server.models import service as models
from obt_server.results import cells, facets, latest, repository, series, telemetry
from obt_server.results.contents import view_of
from obt_server.results.cursors import ResultPage, from_cursor, to_cursor
from obt_server.results.filters import ResultFilter, resolve
from obt_server.results.folding import Folded, Holdings, fold_up
from obt_server.results.listing import Order, find
from obt_server.results.packing import unpack_samples
from obt_server.results.schemas import ResultDetail, ResultFacets, Results, ResultView
from obt_server.results.tables import HEADLINE, ResultRow
from obt_server.suites import service as suites

_WALKED = 500
"""Results a page, where all are read."""
_UNKNOWN_HARDWARE = UNKNOWN_HARDWARE.fingerprint()


async def add_samples(session: AsyncSession, job_id: UUID, samples: Sequence[Sample]) -> int:
    """Store samples of a job, each number once; return how many the job has now.

    Samples that come after the result was made (a client that was held lost) wait beside it until the outcome.
    """
    row = await repository.get(session, job_id)
    if row is not None and row.samples_dropped_at is not None:
        return row.sample_count  # they are in the archive, and so is whatever is sent again
    folded = {sample.number: sample for sample in unpack_samples(row.samples)} if row else {}
    new = [sample for sample in samples if sample.number not in folded]
    if new:
        await repository.add_samples(session, job_id, new)
    return len(folded) + await repository.count_samples(session, job_id)


async def add_telemetry(session: AsyncSession, job_id: UUID, batch: TelemetryBatch) -> int:
    """Store telemetry of a job; return how many ticks it has now.

    What comes after the outcome renews the result's summary, which tells of energy.
    """
    ticks, is_news = await telemetry.append(session, job_id, batch)
    row = await repository.get(session, job_id) if is_news else None
    if row is not None and row.samples_dropped_at is None:
        held = replace(await gather(session, job_id), fresh=())  # late samples wait for an outcome of their own
        folded = await sum_up(held, await suites.find(session, row.suite_hash))
        _set_summary(row, folded.summary)
        await latest.note(session, row)
        announce(session, ResultAdded(job_id))
    return ticks


async def gather(session: AsyncSession, job_id: UUID, outcome: JobOutcome | None = None) -> Holdings:
    """Read all that a job has. `outcome` is what it is about to be ended with."""
    row = await repository.get(session, job_id)
    environment = _environment_of(row, outcome)
    return Holdings(
        folded=row.samples if row else None,
        fresh=await repository.samples_of(session, job_id),
        telemetry=await telemetry.stored(session, job_id),
        idle_power_w=environment.idle_power_w if environment else None,
    )


async def sum_up(held: Holdings, suite: Suite) -> Folded:
    """Sum up what a job has, in a thread: others are answered meanwhile."""
    return await asyncio.to_thread(fold_up, held, suite)


async def fold(
    session: AsyncSession, job: JobView, suite: Suite, outcome: JobOutcome, foreseen: Folded
) -> tuple[Summary, int]:
    """Make or renew a job's result of all its samples. Returns its summary and the number of samples.

    `foreseen` is what they came to before the job was held; what came since is added. A job that measured nothing has
    no result; its error stands on the job. One whose samples are dropped stays as it is.
    """
    row = await repository.get(session, job.id)
    if row is not None and row.samples_dropped_at is not None:
        return Summary.model_validate(row.summary), row.sample_count
    folded = foreseen
    if (folded.count, folded.ticks) != await _counts(session, job.id):
        folded = await sum_up(await gather(session, job.id, outcome), suite)
    if folded.count:
        await _store(session, job, suite.name, outcome, folded)
        await repository.delete_samples(session, job.id)
        await repository.set_ticks(session, job.id, folded.telemetry)
        announce(session, ResultAdded(job.id))
    return folded.summary, folded.count


async def _counts(session: AsyncSession, job_id: UUID) -> tuple[int, int]:
    """How many samples and ticks the job has."""
    row = await repository.get(session, job_id)
    fresh = await repository.count_samples(session, job_id)
    return (row.sample_count if row else 0) + fresh, await repository.count_ticks(session, job_id)


async def _store(session: AsyncSession, job: JobView, suite_name: str, outcome: JobOutcome, folded: Folded) -> None:
    row = await repository.get(session, job.id)
    if row is None:
        row = ResultRow(job_id=job.id, session_id=job.session_id, client_id=job.client_id, model=job.model)
        session.add(row)
    row.samples, row.sample_count = folded.samples, folded.count
    _set_summary(row, folded.summary)
    if not _may_renew(row.status, outcome):
        await latest.note(session, row)
        return
    environment, counted_in = outcome.environment, row.series
    result_grade, reasons = grade(outcome, folded.summary, folded.count)
    row.model_digest = job.model_digest or ""
    row.quantization = environment.quantization if environment else None
    row.suite_name, row.suite_hash = suite_name, job.suite_hash
    row.series = series_of(environment, job.client_id, job.model_digest or "", job.suite_hash)
    row.status, row.grade, row.reasons = JobStatus(outcome.status), result_grade, reasons
    row.started_at, row.ended_at, row.notes = outcome.started_at, outcome.ended_at, list(outcome.notes)
    row.environment = environment.model_dump(mode="json") if environment else None
    await series.count_in(session, row, counted_in)
    installed = (await models.installed(session, [job.client_id], [job.model])).get((job.client_id, job.model))
    await cells.move(session, row, installed.family if installed else None)
    await latest.note(session, row)


def _set_summary(row: ResultRow, summary: Summary) -> None:
    """Store it, and its medians once more where lists are sorted by them."""
    row.summary = summary.model_dump(mode="json")
    for name in HEADLINE:
        estimate = summary.headline.get(Metric(name))
        setattr(row, name, estimate.median if estimate else None)


def _may_renew(status: JobStatus | None, outcome: JobOutcome) -> bool:
    """What was completed is not spoilt by a failure told later: a result moves as its job may."""
    return status is None or status == outcome.status or JobStatus(outcome.status) in TRANSITIONS[JobStatus(status)]


def _environment_of(row: ResultRow | None, outcome: JobOutcome | None) -> Environment | None:
    """The environment that the result has once the outcome is in."""
    if outcome is not None and _may_renew(row.status if row else None, outcome):
        return outcome.environment
    return Environment.model_validate(row.environment) if row and row.environment else None


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


async def list_page(session: AsyncSession, wish: ResultPage) -> Results:
    """Return a page of results. Raises UnprocessableError for a cursor of another order, or a stale one."""
    place = from_cursor(wish.sort, wish.after)
    scope = await resolve(session, wish)
    places = await find(session, scope, Order.read(wish.sort), place, wish.limit + 1)
    page = places[: wish.limit]
    following = to_cursor(wish.sort, page[-1]) if len(places) > wish.limit else None
    return Results(results=await list_views(session, [place.id for place in page]), next=following)


async def walk(session: AsyncSession, wish: ResultFilter, sort: str) -> AsyncIterator[list[ResultView]]:
    """Give all that a filter leaves in that order, page by page: never more than one page is held."""
    scope, order, place = await resolve(session, wish), Order.read(sort), None
    while places := await find(session, scope, order, place, _WALKED):
        yield await list_views(session, [one.id for one in places])
        place = places[-1]


async def count(session: AsyncSession, wish: ResultFilter) -> ResultFacets:
    """Count results by all that they can be filtered by."""
    return await facets.count(session, await resolve(session, wish))


async def list_views(session: AsyncSession, ids: Iterable[UUID]) -> list[ResultView]:
    """Return those results, in that order; unknown ones are left out."""
    rows = await repository.heads_of(session, list(ids))
    names = await clients.names(session, {row["client_id"] for row in rows})
    return [view_of(row, names.get(row["client_id"], "")) for row in rows]


async def detail(session: AsyncSession, result_id: UUID, job: JobView) -> ResultDetail:
    """Return one result with its samples. Raises NotFoundError."""
    row = await repository.get(session, result_id)
    if row is None:
        raise NotFoundError(f"There is no result {result_id}.")
    names = await clients.names(session, {row.client_id})
    environment = Environment.model_validate(row.environment) if row.environment else None
    fingerprint = environment.hardware_fingerprint if environment else None
    return ResultDetail(
        **dict(view_of(repository.head_of(row), names.get(row.client_id, ""))),
        summary=Summary.model_validate(row.summary),
        environment=environment,
        hardware=await hardware.find(session, row.client_id, fingerprint),
        suite=await suites.find(session, row.suite_hash),
        error=job.error,
        notes=row.notes,
        telemetry_ticks=await repository.count_ticks(session, result_id),
        samples=unpack_samples(row.samples),
        samples_dropped_at=row.samples_dropped_at,
    )
