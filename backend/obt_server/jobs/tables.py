"""One row a job."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_core.jobs import JobStatus
from obt_server.db import Base, Document


class JobRow(Base):
    """One model on one client within a session. `headline` repeats its result's, for the session's matrix.

    `position` is the order in which it was asked for, `turn` the one in which it is done.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_queue", "client_id", "status", "person", "created_at", "turn", "position", "not_before"),
        Index("ix_jobs_status", "status"),
        Index("ix_jobs_turns", "client_id", "person", "claimed_at"),
        Index("ix_jobs_served", "person", "claimed_at"),
        Index("ix_jobs_of_session", "session_id", "position", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
    person: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Whose session it is of: people take turns (`turns`). An ID, or a name where there is none."""
    position: Mapped[int]
    turn: Mapped[int] = mapped_column(server_default="0")
    model: Mapped[str] = mapped_column(String(300))
    model_digest: Mapped[str | None] = mapped_column(String(80))
    suite_hash: Mapped[str] = mapped_column(String(80))
    order_seed: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[JobStatus] = mapped_column(String(16))
    skip_reason: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[Document | None]
    progress: Mapped[Document | None]
    headline: Mapped[Document | None]
    samples_stored: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    """Scheduled: nobody is given it earlier."""
    claimed_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    lease_expires_at: Mapped[datetime | None]

    @property
    def due_at(self) -> datetime:
        """Since when it waits for its client."""
        return self.created_at if self.not_before is None else max(self.created_at, self.not_before)


class JobLogRow(Base):
    """One thing that happened to a job, in the order in which it became known here."""

    __tablename__ = "job_log"
    __table_args__ = (
        Index("ix_job_log_of_session", "session_id", "id"),
        Index("ix_job_log_of_job", "job_id", "id"),
        Index("ix_job_log_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    detail: Mapped[Document | None]
