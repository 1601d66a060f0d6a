"""Keep operations, tags, presence history, saved suites and prompts, schedules, and what results are sorted by."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from obt_server.migrations import results_0004

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
MACHINE = {"known", "os", "cpu", "memory_bytes", "gpus"}
"""What lists show of hardware."""


def upgrade() -> None:
    """Add them. Not in batches: those make a table anew on SQLite, and what refers to its rows goes with it."""
    _clients()
    _operations()
    _jobs()
    op.add_column("sessions", sa.Column("not_before", MOMENT, nullable=True))
    op.add_column("sessions", sa.Column("asked_by", sa.String(length=120), nullable=True))
    _suites()
    results_0004.upgrade()
    _series()


def _clients() -> None:
    op.add_column("clients", sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("clients", sa.Column("drained_at", MOMENT, nullable=True))
    op.add_column("clients", sa.Column("machine", DOCUMENT, nullable=True))
    op.add_column("clients", sa.Column("presence", sa.String(length=16), nullable=True))
    op.add_column(
        "clients", sa.Column("is_archived_by_person", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("clients", sa.Column("restored_at", MOMENT, nullable=True))
    _sum_up_machines(op.get_bind())
    op.add_column("client_keys", sa.Column("rotation_asked_at", MOMENT, nullable=True))
    op.add_column("client_keys", sa.Column("next_key_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_client_keys_next_key_hash"), "client_keys", ["next_key_hash"], unique=True)
    op.create_table(
        "presence_changes",
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_presence_changes_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "at", name=op.f("pk_presence_changes")),
    )


def _sum_up_machines(connection: sa.Connection) -> None:
    """Repeat of each client's hardware what lists show."""
    clients = sa.table("clients", sa.column("id"), sa.column("hardware", DOCUMENT), sa.column("machine", DOCUMENT))
    rows = connection.execute(sa.select(clients.c.id, clients.c.hardware).where(clients.c.hardware.is_not(None))).all()
    values = [
        {"client": row.id, "summary": {part: row.hardware[part] for part in MACHINE & row.hardware.keys()}}
        for row in rows
    ]
    if values:
        change = sa.update(clients).where(clients.c.id == sa.bindparam("client"))
        connection.execute(change.values(machine=sa.bindparam("summary", type_=DOCUMENT)), values)


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
        sa.Column("cancelled_by", sa.String(length=120), nullable=True),
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


def _jobs() -> None:
    op.add_column("jobs", sa.Column("not_before", MOMENT, nullable=True))
    op.drop_index(op.f("ix_jobs_session_id"), "jobs")
    op.create_index("ix_jobs_of_session", "jobs", ["session_id", "position", "status"])
    op.create_table(
        "job_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_job_log_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_log_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_log")),
    )
    op.create_index("ix_job_log_of_session", "job_log", ["session_id", "id"])
    op.create_index("ix_job_log_of_job", "job_log", ["job_id", "id"])


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


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=300), nullable=False),
        sa.Column("model_digest", sa.String(length=80), nullable=False),
        sa.Column("quantization", sa.String(length=300), nullable=True),
        sa.Column("suite_name", sa.String(length=64), nullable=False),
        sa.Column("suite_hash", sa.String(length=80), nullable=False),
        sa.Column("offload", sa.String(length=16), nullable=False),
        sa.Column("result_count", sa.Integer(), nullable=False),
        sa.Column("first_ended_at", MOMENT, nullable=False),
        sa.Column("last_ended_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_series_client_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("series", "client_id", name=op.f("pk_series")),
    )
    op.create_index("ix_series_newest", "series", ["last_ended_at", "series", "client_id"])
    op.create_index("ix_series_of_client", "series", ["client_id", "model", "suite_hash"])
    _fill_series(op.get_bind())


def _fill_series(connection: sa.Connection) -> None:
    """Count what is stored: one row for the results of one series on one client, as the newest of them has it."""
    told = ("series", "client_id", "model", "model_digest", "quantization", "suite_name", "suite_hash")
    results = sa.table(
        "results", *map(sa.column, told), sa.column("ended_at", MOMENT), sa.column("environment", DOCUMENT)
    )
    one = sa.table("series", *map(sa.column, (*told, "offload", "result_count")), *(
        sa.column(f"{end}_ended_at", MOMENT) for end in ("first", "last")
    ))  # fmt: skip
    key, at = (results.c.series, results.c.client_id), results.c.ended_at
    counted = sa.select(*key, sa.func.count().label("n"), sa.func.min(at).label("a"), sa.func.max(at).label("z"))
    heads = counted.group_by(*key).subquery()
    newest = sa.and_(heads.c.series == key[0], heads.c.client_id == key[1], heads.c.z == at)
    rows = connection.execute(sa.select(results, heads.c.n, heads.c.a, heads.c.z).join_from(results, heads, newest))
    values = {
        (row.series, row.client_id): {
            **{name: getattr(row, name) for name in told},
            "offload": _offload(row.environment or {}),
            "result_count": row.n,
            "first_ended_at": row.a,
            "last_ended_at": row.z,
        }
        for row in rows
    }
    if values:
        connection.execute(sa.insert(one), list(values.values()))


def _offload(environment: Any) -> str:
    size, vram = environment.get("size_bytes"), environment.get("size_vram_bytes")
    if not size or vram is None:
        return "unknown"
    return "cpu" if vram == 0 else "gpu" if vram / size >= 0.999 else "split"


def downgrade() -> None:
    """Undo it."""
    op.drop_table("series")
    results_0004.downgrade()
    op.drop_table("saved_prompts")
    op.drop_table("saved_suites")
    op.drop_column("sessions", "asked_by")
    op.drop_column("sessions", "not_before")
    op.drop_table("job_log")
    op.drop_index("ix_jobs_of_session", "jobs")
    op.create_index(op.f("ix_jobs_session_id"), "jobs", ["session_id"])
    op.drop_column("jobs", "not_before")
    op.drop_table("operations")
    op.drop_table("presence_changes")
    op.drop_index(op.f("ix_client_keys_next_key_hash"), "client_keys")
    op.drop_column("client_keys", "next_key_hash")
    op.drop_column("client_keys", "rotation_asked_at")
    for name in ("restored_at", "is_archived_by_person", "presence", "machine", "drained_at", "tags"):
        op.drop_column("clients", name)
