"""A session as a browser asks for it and sees it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from obt_core.jobs import JobStatus
from obt_core.suites import Suite
from obt_core.wire import ClientId, Label, ModelName, WireModel
from obt_server.auth.schemas import RequestModel
from obt_server.jobs.schemas import JobView
from obt_server.sessions.state import SessionState

PAIRS_MAX = 5_000


class NewSession(RequestModel):
    """A suite (a shipped one's name, or any one's hash) for every one of the models on every one of the clients."""

    suite: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9._:-]+$")] = "quick"
    models: Annotated[list[ModelName], Field(min_length=1, max_length=500)]
    client_ids: Annotated[list[ClientId], Field(min_length=1, max_length=1_000)]
    title: Label | None = None
    order_seed: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    """Of the order of models, workloads and arrivals; drawn anew where it is not given."""


class SessionView(WireModel):
    """One session in a list."""

    id: UUID
    title: str
    suite_name: str
    suite_hash: str
    state: SessionState
    counts: dict[JobStatus, int]
    created_at: datetime
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
