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
    op.add_column("results", sa.Column("notes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("hardware", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clients", sa.Column("protocol_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Undo it. Not in batches: those make a table anew on SQLite, and what refers to its rows goes with the old one."""
    op.drop_column("clients", "protocol_version")
    op.drop_column("hardware", "replaced_at")
    op.drop_column("results", "notes")
    op.drop_table("telemetry")
