"""Giving jobs to clients: one at a time each, so many at once (`slots`), and in turns between people (`turns`)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobSpec, JobStatus
from obt_server.clients import service as clients
from obt_server.config import Settings
from obt_server.db import WhichClient, announce, lock, lock_of
from obt_server.events import JobChanged
from obt_server.jobs import log, repository, slots
from obt_server.jobs.handshake import refusal
from obt_server.jobs.schemas import LogDetail, LogKind
from obt_server.jobs.tables import JobRow
from obt_server.operations import claims as operations
from obt_server.suites import service as suites

CLAIM_LOCK = 881_001


def has_open(client_id: WhichClient) -> ColumnElement[bool]:
    """Whether this client has a job that waits, or that it holds: for `clients.stored`."""
    return repository.has_open(client_id)


async def has_work(session: AsyncSession, client_id: str, settings: Settings, now: datetime) -> bool:
    """Whether a claim of this client would succeed now."""
    held = await repository.held_by(session, client_id)
    if held:
        return held[0].status == JobStatus.CLAIMED
    first = await repository.first_queued(session, client_id, now)
    if first is None or not await clients.takes_work(session, client_id):
        return False
    if await operations.goes_before(session, client_id, first.due_at):
        return False
    return await slots.why_none(session, client_id, first.person, settings, now) is None


async def take_turns(session: AsyncSession, client_id: str, settings: Settings) -> None:
    """Take turns, until the end of the transaction, with everybody who gives out jobs.

    While no limit is near, only with who gives them to the same client: a fleet's claims need not wait for each other.
    """
    together = await session.begin_nested()
    await lock(session, CLAIM_LOCK, is_shared=True)
    if await slots.are_plenty(session, settings):
        await together.commit()
        await lock_of(session, CLAIM_LOCK, client_id)
    else:
        await together.rollback()  # and with it the lock
        await lock(session, CLAIM_LOCK)


async def goes_before(
    session: AsyncSession, client_id: str, moment: datetime, settings: Settings, now: datetime
) -> bool:
    """Whether this client measures, or is to measure now what was asked for before `moment`."""
    if await repository.held_by(session, client_id):
        return True
    first = await repository.first_queued(session, client_id, now)
    if first is None or first.due_at > moment:
        return False
    return await slots.why_none(session, client_id, first.person, settings, now) is None


async def claim(session: AsyncSession, client_id: str, settings: Settings, now: datetime) -> JobSpec | None:
    """Give this client its next job, if there is one and the limit of running jobs allows.

    A client whose earlier claim was answered into the void gets the same job again: it has not started it. Jobs that
    its release cannot run are skipped on the way: it may be another one than when they were asked for.
    """
    await take_turns(session, client_id, settings)
    held = await repository.held_by(session, client_id)
    lease = now + timedelta(seconds=settings.lease_s)
    if held:
        if held[0].status != JobStatus.CLAIMED:
            return None
        await repository.set_values(session, held[0].id, lease_expires_at=lease)
        return await _spec(session, held[0], settings)
    first = await repository.first_queued(session, client_id, now)
    if first is None or not await clients.takes_work(session, client_id):
        return None
    if await operations.goes_before(session, client_id, first.due_at):
        return None
    if await slots.why_none(session, client_id, first.person, settings, now) is not None:
        return None
    job_id = await _next_possible(session, client_id, now)
    if job_id is None:
        return None
    moved = await repository.move(session, [job_id], JobStatus.CLAIMED, claimed_at=now, lease_expires_at=lease)
    await log.note(session, moved, LogKind.CLAIMED, now)
    announce(session, *(JobChanged(row.id, row.session_id, row.client_id) for row in moved))
    return await _spec(session, moved[0], settings) if moved else None


async def _next_possible(session: AsyncSession, client_id: str, now: datetime) -> UUID | None:
    """The first queued job that the client's release can run; with one that it cannot go all of the same suite."""
    release, system = await clients.release_of(session, client_id)
    while (first := await repository.first_queued(session, client_id, now)) is not None:
        suite = await suites.find(session, first.suite_hash)
        why = refusal(suite, release, system)
        if why is None:
            return first.id
        told = {"skip_reason": why.reason, "error": why.error.model_dump(mode="json"), "ended_at": now}
        same = await repository.queued_with_suite(session, client_id, first.suite_hash)
        moved = await repository.move(session, same, JobStatus.SKIPPED, **told)
        await log.note(session, moved, LogKind.SKIPPED, now, LogDetail(skip_reason=why.reason, error=why.error))
        announce(session, *(JobChanged(row.id, row.session_id, row.client_id) for row in moved))
        if not moved:
            return None
    return None


async def _spec(session: AsyncSession, job: JobRow, settings: Settings) -> JobSpec:
    return JobSpec(
        job_id=job.id,
        session_id=job.session_id,
        model=job.model,
        model_digest=job.model_digest or "",
        suite=await suites.find(session, job.suite_hash),
        suite_hash=job.suite_hash,
        order_seed=job.order_seed,
        lease_s=settings.lease_s,
    )
