"""One row a job."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_core.jobs import JobStatus
from obt_server.db import Base, Document


class JobRow(Base):
    """One model on one client within a session. `headline` repeats its result's, for the session's matrix.

    `position` is the order in which it was asked for, `turn` the one in which it is done.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_queue", "client_id", "status", "created_at", "turn"),
        Index("ix_jobs_status", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
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
