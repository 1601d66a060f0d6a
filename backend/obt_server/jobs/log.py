"""What became of jobs, and when: written where it happens, since a row of a job tells only how it stands now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobOutcome, JobPhase, JobProgress, JobStatus
from obt_core.results import DISTURBING, Sample
from obt_server.jobs import repository
from obt_server.jobs.schemas import JobLog, LogDetail, LogEntry, LogKind
from obt_server.jobs.tables import JobLogRow, JobRow

ENTRIES_MAX = 300
"""Of one job. Phases and disturbances beyond them are not written down; its end always is."""
NUMBERS_MAX = 100
_PHASES = {
    JobPhase.PREFLIGHT: LogKind.PREFLIGHT,
    JobPhase.WARMUP: LogKind.WARMUP,
    JobPhase.SAMPLING: LogKind.SAMPLING,
}


async def note(
    session: AsyncSession, jobs: Iterable[JobRow], kind: LogKind, at: datetime, detail: LogDetail | None = None
) -> None:
    """Write down that this happened to all of them."""
    told = detail.model_dump(mode="json", exclude_defaults=True) if detail else None
    await repository.add_log(
        session,
        [{"session_id": job.session_id, "job_id": job.id, "at": at, "kind": kind, "detail": told} for job in jobs],
    )


async def note_progress(session: AsyncSession, job: JobRow, progress: JobProgress | None, now: datetime) -> None:
    """Write down that a job went on to another phase."""
    kind = _PHASES.get(progress.phase) if progress else None
    if progress is None or kind is None or (job.progress or {}).get("phase") == progress.phase:
        return
    if await repository.count_log(session, job.id) < ENTRIES_MAX:
        await note(session, [job], kind, now, LogDetail(workload=progress.workload))


async def note_samples(session: AsyncSession, job: JobRow, samples: Sequence[Sample], now: datetime) -> None:
    """Write down which of these samples were disturbed, and by what. What was told before is not told again."""
    disturbed = [one for one in samples if one.number > job.samples_stored and DISTURBING.intersection(one.flags)]
    if not disturbed or await repository.count_log(session, job.id) >= ENTRIES_MAX:
        return
    detail = LogDetail(
        workload=disturbed[0].workload if len({one.workload for one in disturbed}) == 1 else None,
        numbers=tuple(one.number for one in disturbed[:NUMBERS_MAX]),
        flags=tuple(sorted({flag for one in disturbed for flag in DISTURBING.intersection(one.flags)})),
    )
    await note(session, [job], LogKind.DISTURBED, now, detail)


async def note_end(session: AsyncSession, jobs: Iterable[JobRow], outcome: JobOutcome) -> None:
    """Write down how a client ended a job, and what it had found about its machine."""
    detail = LogDetail(
        error=outcome.error,
        conditions=outcome.environment.conditions if outcome.environment else (),
        notes=outcome.notes,
        samples=outcome.sample_count,
    )
    await note(session, jobs, LogKind(JobStatus(outcome.status)), outcome.ended_at, detail)


async def page(session: AsyncSession, session_id: UUID, job_id: UUID | None, before: int | None, limit: int) -> JobLog:
    """Return what was written down of a session's jobs, or of one of them, newest first."""
    rows = await repository.list_log(session, session_id, job_id, before, limit + 1)
    entries = [_view(row) for row in rows[:limit]]
    return JobLog(entries=entries, next=entries[-1].id if len(rows) > limit else None)


def _view(row: JobLogRow) -> LogEntry:
    detail = LogDetail.model_validate(row.detail or {})
    return LogEntry(id=row.id, job_id=row.job_id, at=row.at, kind=LogKind(row.kind), detail=detail)
