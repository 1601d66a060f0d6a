"""Keep operations, tags, presence history, saved suites and prompts, schedules, and what results are sorted by."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
HEADLINE = ("decode_tokens_per_s", "prefill_tokens_per_s", "ttft_ms")
BATCH = 1_000
_LATEST = """
INSERT INTO latest_results (client_id, model, job_id, ended_at)
SELECT client_id, model, job_id, ended_at FROM (
    SELECT client_id, model, job_id, ended_at,
           ROW_NUMBER() OVER (PARTITION BY client_id, model ORDER BY ended_at DESC, job_id DESC) AS place
    FROM results WHERE status = 'completed') AS ranked
WHERE place = 1
"""


def upgrade() -> None:
    """Add them. Not in batches: those make a table anew on SQLite, and what refers to its rows goes with it."""
    _clients()
    _operations()
    op.add_column("jobs", sa.Column("not_before", MOMENT, nullable=True))
    op.add_column("sessions", sa.Column("not_before", MOMENT, nullable=True))
    _suites()
    _results()


def _clients() -> None:
    op.add_column("clients", sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("clients", sa.Column("drained_at", MOMENT, nullable=True))
    op.add_column("clients", sa.Column("key_rotation_asked_at", MOMENT, nullable=True))
    op.add_column("client_keys", sa.Column("next_key_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_client_keys_next_key_hash"), "client_keys", ["next_key_hash"], unique=True)
    op.create_table(
        "presence_changes",
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_presence_changes_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "at", name=op.f("pk_presence_changes")),
    )


def _operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=300), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("skip_reason", sa.String(length=64), nullable=True),
        sa.Column("error", DOCUMENT, nullable=True),
        sa.Column("progress", DOCUMENT, nullable=True),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("lease_expires_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_operations_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
    )
    op.create_index("ix_operations_queue", "operations", ["client_id", "status", "created_at", "position"])
    op.create_index("ix_operations_newest", "operations", ["created_at", "id"])
    op.create_index(op.f("ix_operations_batch_id"), "operations", ["batch_id"])
    op.create_index(op.f("ix_operations_status"), "operations", ["status"])


def _suites() -> None:
    op.create_table(
        "saved_suites",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("suite_hash", sa.String(length=80), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["suite_hash"], ["suites.hash"], name=op.f("fk_saved_suites_suite_hash")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_suites")),
    )
    op.create_table(
        "saved_prompts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=4_000), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_prompts")),
    )


def _results() -> None:
    for name in HEADLINE:
        op.add_column("results", sa.Column(name, sa.Double(), nullable=True))
    for name in ("client_id", "model", "series"):
        op.drop_index(op.f(f"ix_results_{name}"), "results")
        op.create_index(f"ix_results_of_{name.removesuffix('_id')}", "results", [name, "ended_at", "job_id"])
    op.create_table(
        "latest_results",
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=300), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_latest_results_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["results.job_id"], name=op.f("fk_latest_results_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "model", name=op.f("pk_latest_results")),
    )
    _fill_headlines(op.get_bind())
    op.execute(_LATEST)


def _fill_headlines(connection: sa.Connection) -> None:
    """Repeat the medians of what is stored; page by page, since there may be many."""
    results = sa.table(
        "results", sa.column("job_id", sa.Uuid()), sa.column("summary", DOCUMENT), *(sa.column(n) for n in HEADLINE)
    )
    page = sa.select(results.c.job_id, results.c.summary).order_by(results.c.job_id).limit(BATCH)
    rows = connection.execute(page).all()
    while rows:
        values = [{"job": row.job_id, **_medians(row.summary)} for row in rows]
        change = sa.update(results).where(results.c.job_id == sa.bindparam("job"))
        connection.execute(change.values({name: sa.bindparam(f"new_{name}") for name in HEADLINE}), values)
        rows = connection.execute(page.where(results.c.job_id > rows[-1].job_id)).all()


def _medians(summary: Any) -> dict[str, float | None]:
    told = json.loads(summary) if isinstance(summary, str) else summary or {}
    headline = told.get("headline") or {}
    return {f"new_{name}": (headline.get(name) or {}).get("median") for name in HEADLINE}


def downgrade() -> None:
    """Undo it."""
    op.drop_table("latest_results")
    for name in ("client_id", "model", "series"):
        op.drop_index(f"ix_results_of_{name.removesuffix('_id')}", "results")
        op.create_index(op.f(f"ix_results_{name}"), "results", [name])
    for name in HEADLINE:
        op.drop_column("results", name)
    op.drop_table("saved_prompts")
    op.drop_table("saved_suites")
    op.drop_column("sessions", "not_before")
    op.drop_column("jobs", "not_before")
    op.drop_table("operations")
    op.drop_table("presence_changes")
    op.drop_index(op.f("ix_client_keys_next_key_hash"), "client_keys")
    op.drop_column("client_keys", "next_key_hash")
    for name in ("key_rotation_asked_at", "drained_at", "tags"):
        op.drop_column("clients", name)
