"""Let the jobs of a session take turns in a shuffled order, and keep its seed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the turn and the seed; jobs from before are done in the order in which they were asked for."""
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_seed", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index("ix_jobs_queue")
        batch_op.create_index("ix_jobs_queue", ["client_id", "status", "created_at", "turn"], unique=False)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_queue")
        batch_op.create_index("ix_jobs_queue", ["client_id", "status", "created_at", "position"], unique=False)
        batch_op.drop_column("turn")
        batch_op.drop_column("order_seed")
