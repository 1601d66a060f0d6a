"""Settings that belong together, and are many."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class PostgresqlSettings(BaseSettings):
    """How one server's connections to PostgreSQL are bounded."""

    db_read_connections_max: int = Field(
        default=10, ge=1, le=1_000, description="PostgreSQL: connections of this server that read, at most."
    )
    db_write_connections_max: int = Field(
        default=10, ge=1, le=1_000, description="PostgreSQL: connections of this server that write, at most."
    )
    db_pool_wait_s: float = Field(
        default=30, gt=0, le=600, description="PostgreSQL: a request waits so long for a free connection, in s."
    )
    db_connect_timeout_s: float = Field(
        default=5, ge=1, le=600, description="PostgreSQL: connecting to one host may take so long, in whole s."
    )
    db_statement_timeout_s: float = Field(
        default=60, ge=0, le=86_400, description="PostgreSQL: one statement may take so long, in s; 0: no limit."
    )
    db_lock_timeout_s: float = Field(
        default=20, ge=0, le=86_400, description="PostgreSQL: waiting for one lock may take so long, in s; 0: no limit."
    )
    db_idle_transaction_timeout_s: float = Field(
        default=60,
        ge=0,
        le=86_400,
        description="PostgreSQL: ends a transaction in which nothing happens so long, in s.",
    )
    db_silence_timeout_s: float = Field(
        default=15,
        ge=3,
        le=3_600,
        description="PostgreSQL: a connection whose other end is silent so long is lost, in s.",
    )
    db_start_wait_s: float = Field(
        default=30, ge=0, le=3_600, description="PostgreSQL: a starting server waits so long until it answers, in s."
    )


class RetentionSettings(BaseSettings):
    """What is kept for how long: docs/retention.md."""

    audit_days: float = Field(
        default=365, ge=0, le=36_500, description="The audit log is kept for so long, in days; 0: for ever."
    )
    telemetry_full_days: float = Field(
        default=90, ge=0, le=36_500, description="Telemetry older than so many days is thinned to 300 ticks; 0: never."
    )
    telemetry_days: float = Field(
        default=0, ge=0, le=36_500, description="Telemetry is kept for so long, in days; 0: for ever."
    )
    samples_days: float = Field(
        default=0, ge=0, le=36_500, description="Raw samples of results are kept for so long, in days; 0: for ever."
    )
    job_log_days: float = Field(
        default=365, ge=0, le=36_500, description="What happened to jobs is kept for so long, in days; 0: for ever."
    )
    operations_days: float = Field(
        default=365, ge=0, le=36_500, description="Ended operations are kept for so long, in days; 0: for ever."
    )
    empty_sessions_days: float = Field(
        default=365, ge=0, le=36_500, description="Ended sessions without a result are kept so long; 0: for ever."
    )
    archive: bool = Field(
        default=True, description="false: what is too old is deleted without being written to the archive first."
    )
    disk_free_min_mb: int = Field(
        default=500,
        ge=0,
        le=1_000_000_000,
        description="Below so much room on SQLite's disk nothing new is measured, in MB; 0: never.",
    )
    archive_dir: Path | None = Field(
        default=None, description="Folder of the archive, when not `archive` in the data folder."
    )
