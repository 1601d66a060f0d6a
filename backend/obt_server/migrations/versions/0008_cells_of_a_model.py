"""Find a model's cells by its name first: an index that begins with the level was taken to find a client's, too."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the model first."""
    op.drop_index("ix_result_cells_of_model", "result_cells")
    op.create_index("ix_result_cells_of_model", "result_cells", ["model", "level"])


def downgrade() -> None:
    """Put the level first again."""
    op.drop_index("ix_result_cells_of_model", "result_cells")
    op.create_index("ix_result_cells_of_model", "result_cells", ["level", "model"])
