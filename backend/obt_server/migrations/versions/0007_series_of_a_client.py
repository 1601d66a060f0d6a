"""Find a series' results on one client: clients with the same hardware share its name."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the client into the index."""
    op.drop_index("ix_results_of_series", "results")
    op.create_index("ix_results_of_series", "results", ["series", "client_id", "ended_at", "job_id"], unique=False)


def downgrade() -> None:
    """Take it out again."""
    op.drop_index("ix_results_of_series", "results")
    op.create_index("ix_results_of_series", "results", ["series", "ended_at", "job_id"], unique=False)
