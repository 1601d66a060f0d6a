"""A session as a browser asks for it and sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from obt_core.jobs import JobStatus
from obt_core.suites import Suite
from obt_core.wire import WireModel
from obt_server.jobs.schemas import JobView
from obt_server.sessions.state import SessionState


class Stage(StrEnum):
    """Where a session stands in time. What is scheduled is open, too."""

    OPEN = "open"
    SCHEDULED = "scheduled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """What a list of sessions is narrowed to; `q` is a part of the title."""

    stage: Stage | None = None
    suite: str | None = None
    q: str | None = None


class SessionView(WireModel):
    """One session in a list.

    Until `not_before` nobody begins with it. `asked_by`: None where it was not kept, or uploaded by a client.
    """

    id: UUID
    title: str
    suite_name: str
    suite_hash: str
    state: SessionState
    counts: dict[JobStatus, int]
    created_at: datetime
    not_before: datetime | None
    asked_by: str | None
    ended_at: datetime | None


class SessionDetail(SessionView):
    """A session with the first of its jobs. `jobs_next` is where to go on asking for the others, if there are any."""

    suite: Suite
    jobs: list[JobView]
    jobs_next: int | None = None


class Sessions(WireModel):
    """A page of sessions, newest first. `next` asks for the page after it."""

    sessions: list[SessionView]
    next: str | None
