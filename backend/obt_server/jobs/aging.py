"""What was written down of jobs, and is too old; and jobs that go with their session."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from obt_core.jobs import ACTIVE, JobStatus
from obt_server.aging import Of, OldRows
from obt_server.jobs.tables import JobLogRow, JobRow

LOG = OldRows(JobLogRow, "at", lambda before: [JobLogRow.at < before])
_OPEN = ACTIVE | {JobStatus.QUEUED}
Sessions = Callable[[datetime], Select[UUID]]
"""Those that are to go."""
IsOne = Callable[[Of, datetime], ColumnElement[bool]]
"""Whether a session is one of them."""


def log_of(sessions: Sessions, is_one: IsOne) -> OldRows:
    """What was written down long ago of the jobs of those sessions."""
    return OldRows(
        JobLogRow,
        "at",
        lambda before: [JobLogRow.at < before, JobLogRow.session_id.in_(sessions(before))],
        still_due=lambda before: [JobLogRow.at < before, is_one(JobLogRow.session_id, before)],
    )


def jobs_of(sessions: Sessions, is_one: IsOne) -> OldRows:
    """The jobs of those sessions, once nothing is written down of them any more."""
    told = select(JobLogRow.id).where(JobLogRow.job_id == JobRow.id).exists()

    def is_due(before: datetime) -> Sequence[ColumnElement[bool]]:
        return [JobRow.session_id.in_(sessions(before)), ~told]

    def still_due(before: datetime) -> Sequence[ColumnElement[bool]]:
        return [is_one(JobRow.session_id, before), ~told]

    return OldRows(
        JobRow,
        "created_at",
        is_due,
        version=("status",),
        still_due=still_due,
        foreseen=lambda before: [JobRow.session_id.in_(sessions(before))],
    )


def none_is_open(session_id: Of) -> ColumnElement[bool]:
    """Whether no job of that session waits or is worked on."""
    job = aliased(JobRow)
    is_open = job.session_id == session_id, job.status.in_(_OPEN)
    return ~select(job.id).where(*is_open).correlate_except(job).exists()


def there_is_none(session_id: Of) -> ColumnElement[bool]:
    """Whether that session has no job."""
    return ~ids_of(session_id).exists()


def ids_of(session_id: Of) -> Select[UUID]:
    """The jobs of that session, which may be one of a query around this one."""
    job = aliased(JobRow)
    return select(job.id).where(job.session_id == session_id).correlate_except(job)
