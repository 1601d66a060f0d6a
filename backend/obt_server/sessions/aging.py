"""Sessions that ended long ago without a result: skipped, cancelled, failed or lost before anything was measured."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from obt_server.aging import Of, OldRows
from obt_server.jobs import aging as jobs
from obt_server.results import aging as results
from obt_server.sessions.tables import SessionRow


def _empty(before: datetime) -> Select[UUID]:
    one = aliased(SessionRow)
    return select(one.id).where(
        one.created_at < before,
        one.asked_by.is_not(None),  # what is uploaded has no results at first, and may be old
        jobs.none_is_open(one.id),
        results.nothing_measured(one.id, jobs.ids_of(one.id)),
    )


def _is_empty(session_id: Of, before: datetime) -> ColumnElement[bool]:
    one = aliased(SessionRow)
    ids = jobs.ids_of(one.id)
    is_one = one.id == session_id, one.created_at < before, one.asked_by.is_not(None)
    return select(one.id).where(*is_one, jobs.none_is_open(one.id), results.nothing_measured(one.id, ids)).exists()


# In this order, and each a few rows at a time: a session with ten thousand jobs at once would keep others waiting.
EMPTY_SESSIONS = (
    jobs.log_of(_empty, _is_empty),
    jobs.jobs_of(_empty, _is_empty),
    OldRows(
        SessionRow,
        "created_at",
        lambda before: [
            SessionRow.created_at < before,
            SessionRow.asked_by.is_not(None),
            jobs.there_is_none(SessionRow.id),
        ],
        foreseen=lambda before: [SessionRow.id.in_(_empty(before))],
    ),
)
