"""Samples, telemetry and outcomes: stored by `results`, moved by `jobs`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobOutcome, OutcomeReply, SampleBatch, SamplesReply
from obt_core.telemetry import TelemetryBatch, TelemetryReply
from obt_server.clients.clocks import in_time
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.jobs import log
from obt_server.jobs import service as jobs
from obt_server.results import service as results
from obt_server.suites import service as suites


async def take_samples(
    session: AsyncSession, client_id: str, job_id: UUID, batch: SampleBatch, settings: Settings, now: datetime
) -> SamplesReply:
    """Store samples, whatever became of the job: the machine that measured is the authority."""
    job = await jobs.own_job(session, client_id, job_id, to_change=True)
    stored = await results.add_samples(session, job_id, batch.samples)
    may_go_on = await jobs.renew(session, job, batch.progress, settings, now)
    await log.note_samples(session, job, batch.samples, now)
    await jobs.note_samples(session, job, stored)
    return SamplesReply(stored=stored, cancelled=not may_go_on)


async def take_telemetry(
    session: AsyncSession, client_id: str, job_id: UUID, batch: TelemetryBatch, settings: Settings, now: datetime
) -> TelemetryReply:
    """Store telemetry, whatever became of the job."""
    job = await jobs.own_job(session, client_id, job_id, to_change=True)
    stored = await results.add_telemetry(session, job_id, batch)
    may_go_on = await jobs.renew(session, job, None, settings, now)
    return TelemetryReply(stored=stored, cancelled=not may_go_on)


async def take_outcome(
    session: AsyncSession, db: Database, client_id: str, job_id: UUID, outcome: JobOutcome, now: datetime
) -> OutcomeReply:
    """Fold the job's samples into its result and end the job; the same outcome again changes nothing.

    What takes long is done before the job is held, and on SQLite with it everybody's writing: `session` takes its
    turn with its first statement.
    """
    async with db.read() as before:
        job = await jobs.own_job(before, client_id, job_id)
        suite = await suites.find(before, job.suite_hash)
        held = await results.gather(before, job_id, outcome)
    foreseen = await results.sum_up(held, suite)
    job = await jobs.own_job(session, client_id, job_id, to_change=True)
    outcome = in_time(outcome, job.ended_at, now)
    (view,) = await jobs.list_views(session, [job_id])
    summary, stored = await results.fold(session, view, suite, outcome, foreseen)
    status = await jobs.finish(session, job, outcome, summary)
    await jobs.note_samples(session, job, stored)
    missing = max(0, outcome.sample_count - stored)
    detail = f"{missing} samples never came" if missing else ""
    return OutcomeReply(status=status, missing=missing, detail=detail)
