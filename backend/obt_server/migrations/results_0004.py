"""What revision 0004 does to results: the headline to sort by, the newest of each pair, and cells to count with."""

# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

import sqlalchemy as sa
import structlog
from alembic import op
from sqlalchemy.dialects import postgresql

log = structlog.get_logger()
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_FILLING_KIB = 512_000
HEADLINE = ("decode_tokens_per_s", "prefill_tokens_per_s", "ttft_ms")
_LATEST = """
INSERT INTO latest_results (client_id, model, job_id, model_digest, suite_name, grade, ended_at,
                            decode_tokens_per_s, prefill_tokens_per_s, ttft_ms)
SELECT r.client_id, r.model, r.job_id, r.model_digest, r.suite_name, r.grade, r.ended_at,
       r.decode_tokens_per_s, r.prefill_tokens_per_s, r.ttft_ms
FROM (
    SELECT job_id, ROW_NUMBER() OVER (PARTITION BY client_id, model ORDER BY ended_at DESC, job_id DESC) AS place
    FROM results WHERE status = 'completed') AS ranked
JOIN results r ON r.job_id = ranked.job_id
WHERE ranked.place = 1
"""
_ALIKE = ["level", "client_id", "model", "quantization", "family", "suite_name", "grade", "status"]
_COUNTED = """
INSERT INTO result_cells (level, client_id, model, quantization, family, suite_name, grade, status, total)
SELECT 0, r.client_id, r.model, coalesce(r.quantization, ''), coalesce(i.family, ''), r.suite_name, r.grade, r.status,
       count(*)
FROM results r LEFT JOIN installed_models i ON i.client_id = r.client_id AND i.name = r.model
GROUP BY 2, 3, 4, 5, 6, 7, 8
"""
_SUMMED = """
INSERT INTO result_cells (level, client_id, model, quantization, family, suite_name, grade, status, total)
SELECT 1, '', model, quantization, family, suite_name, grade, status, sum(total)
FROM result_cells WHERE level = 0 GROUP BY 3, 4, 5, 6, 7, 8
UNION ALL
SELECT 2, client_id, '', '', '', suite_name, grade, status, sum(total)
FROM result_cells WHERE level = 0 GROUP BY 2, 6, 7, 8
"""


def upgrade() -> None:
    """Add them, and fill them of what is stored."""
    for name in HEADLINE:
        op.add_column("results", sa.Column(name, sa.Double(), nullable=True))
    for name in ("client_id", "model", "series"):
        op.drop_index(op.f(f"ix_results_{name}"), "results")
        op.create_index(f"ix_results_of_{name.removesuffix('_id')}", "results", [name, "ended_at", "job_id"])
    op.create_index("ix_results_of_suite", "results", ["suite_hash", "client_id", "model_digest", "ended_at"])
    op.create_table(
        "latest_results",
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=300), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("model_digest", sa.String(length=80), nullable=False),
        sa.Column("suite_name", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in HEADLINE),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_latest_results_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["results.job_id"], name=op.f("fk_latest_results_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "model", name=op.f("pk_latest_results")),
    )
    _cells()
    op.execute(_LATEST)


def _cells() -> None:
    op.create_table(
        "result_cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=300), nullable=False),
        sa.Column("quantization", sa.String(length=300), nullable=False),
        sa.Column("family", sa.String(length=300), nullable=False),
        sa.Column("suite_name", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_cells")),
    )
    op.create_index("ix_result_cells_alike", "result_cells", _ALIKE, unique=True)
    op.create_index("ix_result_cells_of_model", "result_cells", ["level", "model"])
    op.add_column("results", sa.Column("cell_id", sa.Integer(), nullable=False, server_default="0"))
    for statement in (_COUNTED, _SUMMED):
        op.execute(statement)
    # Before the columns are filled: a new column stands at a row's end, and SQLite would read all of each long row to
    # get there, once for every index.
    op.drop_index("ix_results_newest", "results")
    op.create_index("ix_results_newest", "results", ["ended_at", "job_id", "cell_id"])
    op.create_index("ix_results_of_cell", "results", ["cell_id", "ended_at", "job_id", *HEADLINE])
    for name in HEADLINE:
        op.create_index(f"ix_results_by_{name}", "results", [name, "ended_at", "job_id", "cell_id"])
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    if count := connection.scalar(sa.text("SELECT count(*) FROM results")):
        log.info("results_are_written_anew", results=count, note="SQLite takes minutes for a hundred thousand")
    if is_sqlite:  # the indexes are to fit in memory while each row finds its place in them
        op.execute(f"PRAGMA cache_size = {-_FILLING_KIB}")
    op.execute(_filled())
    if is_sqlite:
        op.execute("PRAGMA cache_size = -2000")  # its default


def _filled() -> sa.Update:
    """Each row gets all that it lacks at once: it is written anew as a whole, and is long."""
    of_pair = ("client_id", "model", "quantization", "suite_name", "grade", "status")
    results = sa.table(
        "results", sa.column("summary", DOCUMENT), *map(sa.column, (*of_pair, "cell_id")), *map(sa.column, HEADLINE)
    )
    cells = sa.table("result_cells", *map(sa.column, ("id", "level", *of_pair)))
    same = (cells.c[name] == sa.func.coalesce(results.c[name], "") for name in of_pair)
    cell = sa.select(cells.c.id).where(cells.c.level == 0, *same).scalar_subquery()
    medians = {name: results.c.summary[("headline", name, "median")].as_float() for name in HEADLINE}
    return sa.update(results).values(cell_id=cell, **medians)


def downgrade() -> None:
    """Undo it."""
    _drop_cells()
    op.drop_table("latest_results")
    op.drop_index("ix_results_of_suite", "results")
    for name in ("client_id", "model", "series"):
        op.drop_index(f"ix_results_of_{name.removesuffix('_id')}", "results")
        op.create_index(op.f(f"ix_results_{name}"), "results", [name])
    for name in HEADLINE:
        op.drop_column("results", name)


def _drop_cells() -> None:
    for name in (*(f"by_{name}" for name in HEADLINE), "of_cell", "newest"):
        op.drop_index(f"ix_results_{name}", "results")
    op.create_index("ix_results_newest", "results", ["ended_at", "job_id"])
    op.drop_column("results", "cell_id")
    op.drop_table("result_cells")
