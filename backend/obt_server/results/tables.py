"""Samples of running jobs, telemetry, and results."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.db import Base, Document


class SampleRow(Base):
    """One sample of a job that has not ended. Unique by job and number, so that none is stored twice."""

    __tablename__ = "samples"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[Document]


class TelemetryRow(Base):
    """What a job's machine did: one series a job. `content` holds its ticks in compressed parts (`packing`).

    `tail` is the series with its last tick alone: all that is needed to append to it.
    """

    __tablename__ = "telemetry"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    ticks: Mapped[int]
    tail: Mapped[Document]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False), raiseload=True)


class ResultRow(Base):
    """What a job measured. `samples` is a compressed JSON array of all of them."""

    __tablename__ = "results"
    __table_args__ = (
        Index("ix_results_newest", "ended_at", "job_id"),
        Index("ix_results_of_client", "client_id", "ended_at", "job_id"),
        Index("ix_results_of_model", "model", "ended_at", "job_id"),
        Index("ix_results_of_series", "series", "ended_at", "job_id"),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
    model: Mapped[str] = mapped_column(String(300))
    model_digest: Mapped[str] = mapped_column(String(80))
    quantization: Mapped[str | None] = mapped_column(String(300))
    suite_name: Mapped[str] = mapped_column(String(64))
    suite_hash: Mapped[str] = mapped_column(String(80))
    series: Mapped[str] = mapped_column(String(64))
    status: Mapped[JobStatus] = mapped_column(String(16))
    grade: Mapped[Grade] = mapped_column(String(16))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    notes: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    sample_count: Mapped[int]
    decode_tokens_per_s: Mapped[float | None]
    prefill_tokens_per_s: Mapped[float | None]
    ttft_ms: Mapped[float | None]
    """The headline's medians again, to be sorted by."""
    environment: Mapped[Document | None]
    summary: Mapped[Document]
    samples: Mapped[bytes] = deferred(mapped_column(LargeBinary), raiseload=True)


class LatestResultRow(Base):
    """The newest completed result of each model on each client, so that a table of all of them is one look."""

    __tablename__ = "latest_results"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    model: Mapped[str] = mapped_column(String(300), primary_key=True)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("results.job_id", ondelete="CASCADE"))
    ended_at: Mapped[datetime]
