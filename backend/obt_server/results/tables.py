"""Samples of running jobs, telemetry, and results."""

from datetime import datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, false
from sqlalchemy.orm import Mapped, deferred, mapped_column

from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.clock import SystemClock
from obt_server.db import Base, Document


class SampleRow(Base):
    """One sample of a job that has not ended. Unique by job and number, so that none is stored twice."""

    __tablename__ = "samples"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[Document]


class TelemetryRow(Base):
    """What a job's machine did: one series a job. `content` holds its ticks in compressed parts (`packing`).

    `tail` is the series with its last tick alone: all that is needed to append to it. `ticks` is how many came;
    `is_thinned`: fewer are kept since it got old.
    """

    __tablename__ = "telemetry"
    __table_args__ = (Index("ix_telemetry_age", "begun_at", "job_id", "is_thinned"),)

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(default=SystemClock().now)
    """By this server's clock."""
    is_thinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    ticks: Mapped[int]
    tail: Mapped[Document]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False), raiseload=True)


CELL_KEY = ("level", "client_id", "model", "quantization", "family", "suite_name", "grade", "status")
"""What makes two results alike for a count."""
HEADLINE = ("decode_tokens_per_s", "prefill_tokens_per_s", "ttft_ms")
"""What a list shows of a result's headline, and is sorted by."""


class ResultRow(Base):
    """What a job measured. `samples` is a compressed JSON array of all of them."""

    __tablename__ = "results"
    __table_args__ = (
        Index("ix_results_newest", "ended_at", "job_id", "cell_id"),
        Index("ix_results_of_client", "client_id", "ended_at", "job_id"),
        Index("ix_results_of_model", "model", "ended_at", "job_id"),
        Index("ix_results_of_series", "series", "client_id", "ended_at", "job_id"),
        Index("ix_results_of_suite", "suite_hash", "client_id", "model_digest", "ended_at"),
        Index("ix_results_of_cell", "cell_id", "ended_at", "job_id", *HEADLINE),
        *(Index(f"ix_results_by_{name}", name, "ended_at", "job_id", "cell_id") for name in HEADLINE),
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
    stored_at: Mapped[datetime] = mapped_column(default=SystemClock().now)
    """When it was made, by this server's clock; of what is older than this column, when that was added."""
    samples_dropped_at: Mapped[datetime | None]
    """Since when its samples are in the archive alone."""
    sample_count: Mapped[int]
    decode_tokens_per_s: Mapped[float | None]
    prefill_tokens_per_s: Mapped[float | None]
    ttft_ms: Mapped[float | None]
    """The headline's medians again, to be sorted by."""
    cell_id: Mapped[int] = mapped_column(default=0, server_default="0")
    """Where it is counted (`ResultCellRow`): all that lists filter by, in one number that indices hold."""
    environment: Mapped[Document | None]
    summary: Mapped[Document]
    samples: Mapped[bytes] = deferred(mapped_column(LargeBinary), raiseload=True)


class LatestResultRow(Base):
    """The newest completed result of each model on each client, so that a table of all of them is one look."""

    __tablename__ = "latest_results"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    model: Mapped[str] = mapped_column(String(300), primary_key=True)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("results.job_id", ondelete="CASCADE"))
    model_digest: Mapped[str] = mapped_column(String(80))
    suite_name: Mapped[str] = mapped_column(String(64))
    grade: Mapped[Grade] = mapped_column(String(16))
    ended_at: Mapped[datetime]
    decode_tokens_per_s: Mapped[float | None]
    prefill_tokens_per_s: Mapped[float | None]
    ttft_ms: Mapped[float | None]


class CellLevel(IntEnum):
    """What is left out of a cell, so that the totals of many are at hand: a cube with its ALL values."""

    EACH = 0
    """Nothing: results point to these."""
    MODELS = 1
    """The client."""
    CLIENTS = 2
    """The model, its quantization and its family."""


class ResultCellRow(Base):
    """How many results are alike in all that they are filtered by; kept in the transaction that stores a result.

    An empty text: left out by its level, or unknown. Some ten thousand of these stand for a million results.
    """

    __tablename__ = "result_cells"
    __table_args__ = (
        Index("ix_result_cells_alike", *CELL_KEY, unique=True),
        Index("ix_result_cells_of_model", "model", "level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[CellLevel] = mapped_column(Integer)
    client_id: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(300))
    quantization: Mapped[str] = mapped_column(String(300))
    family: Mapped[str] = mapped_column(String(300))
    suite_name: Mapped[str] = mapped_column(String(64))
    grade: Mapped[Grade] = mapped_column(String(16))
    status: Mapped[JobStatus] = mapped_column(String(16))
    total: Mapped[int]


class SeriesRow(Base):
    """How many results of one series a client has: what a person picks a trend from, kept up as results are stored.

    Machines of the same parts share a series; each has a row of its own. Model and digest are those of the newest.
    """

    __tablename__ = "series"
    __table_args__ = (
        Index("ix_series_newest", "last_ended_at", "series", "client_id"),
        Index("ix_series_of_client", "client_id", "model", "suite_hash"),
    )

    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    model: Mapped[str] = mapped_column(String(300))
    model_digest: Mapped[str] = mapped_column(String(80))
    quantization: Mapped[str | None] = mapped_column(String(300))
    suite_name: Mapped[str] = mapped_column(String(64))
    suite_hash: Mapped[str] = mapped_column(String(80))
    offload: Mapped[str] = mapped_column(String(16))
    result_count: Mapped[int]
    first_ended_at: Mapped[datetime]
    last_ended_at: Mapped[datetime]
