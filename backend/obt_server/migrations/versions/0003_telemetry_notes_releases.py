"""Keep telemetry, the notes of results, when hardware was replaced, and the protocol that a client speaks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add them; every client from before speaks the first protocol, and no result from before has notes."""
    op.create_table(
        "telemetry",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("ticks", sa.Integer(), nullable=False),
        sa.Column("tail", DOCUMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_telemetry_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_telemetry")),
    )
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("hardware", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.add_column(sa.Column("protocol_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.drop_column("protocol_version")
    with op.batch_alter_table("hardware", schema=None) as batch_op:
        batch_op.drop_column("replaced_at")
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_column("notes")
    op.drop_table("telemetry")
