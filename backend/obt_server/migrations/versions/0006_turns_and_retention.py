"""Keep whose jobs they are, so that people take turns, and what retention is judged by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

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


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_jobs_served", "jobs")
    op.drop_index("ix_jobs_turns", "jobs")
    op.drop_index("ix_jobs_queue", "jobs")
    op.create_index("ix_jobs_queue", "jobs", ["client_id", "status", "created_at", "turn"], unique=False)
    op.drop_column("jobs", "person")
