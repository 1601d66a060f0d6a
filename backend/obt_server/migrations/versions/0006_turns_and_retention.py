"""Keep whose jobs they are, so that people take turns, and what retention is judged by."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
QUEUE = ["client_id", "status", "person", "created_at", "turn", "position", "not_before"]


def upgrade() -> None:
    """Add them. Only jobs that wait learn whose they are: others take no turn any more."""
    op.add_column("jobs", sa.Column("person", sa.String(length=120), nullable=False, server_default=""))
    op.execute(
        "UPDATE jobs SET person = coalesce("
        "(SELECT asked_by FROM sessions WHERE sessions.id = jobs.session_id), '') WHERE status = 'queued'"
    )
    op.drop_index("ix_jobs_queue", "jobs")
    op.create_index("ix_jobs_queue", "jobs", QUEUE, unique=False)
    op.create_index("ix_jobs_turns", "jobs", ["client_id", "person", "claimed_at"], unique=False)
    op.create_index("ix_jobs_served", "jobs", ["person", "claimed_at"], unique=False)
    _retention()


def _retention() -> None:
    # What is stored already begins to age now: a constant, so that a large table is not written anew.
    now = sa.text(f"'{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}{_zone()}'")
    op.add_column("telemetry", sa.Column("begun_at", MOMENT, nullable=False, server_default=now))
    op.add_column("telemetry", sa.Column("is_thinned", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_telemetry_age", "telemetry", ["begun_at", "job_id", "is_thinned"], unique=False)
    op.add_column("results", sa.Column("stored_at", MOMENT, nullable=False, server_default=now))
    op.add_column("results", sa.Column("samples_dropped_at", MOMENT, nullable=True))
    op.create_index("ix_job_log_at", "job_log", ["at"], unique=False)


def _zone() -> str:
    return "" if op.get_bind().dialect.name == "sqlite" else "+00:00"


def downgrade() -> None:
    """Undo it. What is in the archive stays there."""
    op.drop_index("ix_job_log_at", "job_log")
    op.drop_column("results", "samples_dropped_at")
    op.drop_column("results", "stored_at")
    op.drop_index("ix_telemetry_age", "telemetry")
    op.drop_column("telemetry", "is_thinned")
    op.drop_column("telemetry", "begun_at")
    op.drop_index("ix_jobs_served", "jobs")
    op.drop_index("ix_jobs_turns", "jobs")
    op.drop_index("ix_jobs_queue", "jobs")
    op.create_index("ix_jobs_queue", "jobs", ["client_id", "status", "created_at", "turn"], unique=False)
    op.drop_column("jobs", "person")
