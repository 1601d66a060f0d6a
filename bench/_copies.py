"""The SQL of one copy of the filled sessions, their jobs and results: made of the tables' own columns."""

# The statements are made of the server's own names alone.
# ruff: noqa: S608

from collections.abc import Mapping

from sqlalchemy import DateTime, Index, Table
from sqlalchemy.types import TypeDecorator

from obt_server.results.tables import CELL_KEY, HEADLINE, CellLevel
from obt_server.schema import metadata

_TABLES = ("sessions", "jobs", "results")
ALL_INDEXES: tuple[Index, ...] = tuple(
    index for name in _TABLES for index in sorted(metadata.tables[name].indexes, key=lambda index: str(index.name))
)
"""Beside the primary keys: copies are made faster without them."""
_NOISE = 0.03
_SCALE = "CASE WHEN metric = ANY (:rates) THEN factor ELSE 1 / factor END"
_PARTS = ", ".join(
    f"'{part}', round(((estimate->>'{part}')::float8 * {_SCALE})::numeric, 4)" for part in ("median", "low", "high")
)
_MOVED = f"""
SELECT coalesce(jsonb_object_agg(metric, estimate || jsonb_build_object({_PARTS})), '{{}}') AS headline
FROM jsonb_each(old_headline) AS of_metric (metric, estimate)
"""
"""A headline at another speed: rates by the factor, times by its inverse, as `bench._pool` does."""


def _is_moment(column_type: object) -> bool:
    kind = column_type.impl if isinstance(column_type, TypeDecorator) else column_type  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return isinstance(kind, DateTime)


def _insert(table: Table, come_from: str, changed: Mapping[str, str]) -> str:
    """Copy all columns; moments are shifted, some are changed."""
    told = {
        column.name: changed.get(
            column.name, f"t.{column.name} - :shift" if _is_moment(column.type) else f"t.{column.name}"
        )
        for column in table.columns
    }
    return f"INSERT INTO {table.name} ({', '.join(told)}) SELECT {', '.join(told.values())} FROM {come_from}"


# OFFSET 0 keeps what is worked out once from being worked out for each figure again.
_COPIED = f"""
CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
SELECT old_job, new_job, old_session, new_session, moved.headline, place, cell_id, series, client_id, ended_at
FROM (
    SELECT r.job_id AS old_job, md5(r.job_id || ':' || :number)::uuid AS new_job,
           r.session_id AS old_session, md5(r.session_id || ':' || :number)::uuid AS new_session,
           r.summary->'headline' AS old_headline, r.cell_id, r.series, r.client_id, r.ended_at - :shift AS ended_at,
           1 + {_NOISE} * hashtext(r.job_id || ':' || :number) / 2147483648.0 AS factor,
           hashtext(:number || ':' || r.job_id) / 4294967296.0 + 0.5 AS place
    FROM results r JOIN bench.base b USING (session_id) WHERE b.until <= :most OFFSET 0
) AS one CROSS JOIN LATERAL ({_MOVED}) AS moved
"""
_RESULTS = {
    "job_id": "c.new_job",
    "session_id": "c.new_session",
    "summary": "jsonb_set(t.summary, '{headline}', c.headline)",
    **{name: f"(c.headline->'{name}'->>'median')::float8" for name in HEADLINE},
    "stored_at": "t.ended_at - :shift + interval '1 second'",
    "samples": "CASE WHEN c.place < :samples THEN t.samples ELSE :empty END",
    "samples_dropped_at": "CASE WHEN c.place < :samples THEN t.samples_dropped_at ELSE now() END",
    "environment": "CASE WHEN c.place < :environments THEN t.environment END",
}
_LEFT_OUT = {
    CellLevel.EACH: (),
    CellLevel.MODELS: ("client_id",),
    CellLevel.CLIENTS: ("model", "quantization", "family"),
}


def _of_level(level: CellLevel) -> str:
    parts = [str(int(level)), *("''" if name in _LEFT_OUT[level] else f"r.{name}" for name in CELL_KEY[1:])]
    key = ", ".join(f"{part} AS {name}" for part, name in zip(parts, CELL_KEY, strict=True))
    return f"SELECT {key}, sum(n) AS n FROM counted JOIN result_cells r ON r.id = cell_id GROUP BY {_numbers()}"


def _numbers() -> str:
    return ", ".join(str(place + 1) for place in range(len(CELL_KEY)))


_CELLS = f"""
WITH counted AS (SELECT cell_id, count(*) AS n FROM copied GROUP BY cell_id),
     more AS ({" UNION ALL ".join(_of_level(level) for level in CellLevel)})
UPDATE result_cells c SET total = c.total + more.n FROM more
WHERE ({", ".join(f"c.{name}" for name in CELL_KEY)}) = ({", ".join(f"more.{name}" for name in CELL_KEY)})
"""
_SERIES = """
UPDATE series s SET result_count = s.result_count + n, first_ended_at = least(s.first_ended_at, a),
                    last_ended_at = greatest(s.last_ended_at, z)
FROM (SELECT series, client_id, count(*) AS n, min(ended_at) AS a, max(ended_at) AS z FROM copied GROUP BY 1, 2) AS more
WHERE s.series = more.series AND s.client_id = more.client_id
"""
STEPS = (
    _COPIED,
    "ANALYZE copied",
    _insert(
        metadata.tables["sessions"],
        "sessions t JOIN (SELECT DISTINCT old_session, new_session FROM copied) AS c ON c.old_session = t.id",
        {"id": "c.new_session"},
    ),
    _insert(
        metadata.tables["jobs"],
        "jobs t JOIN copied c ON c.old_job = t.id",
        {"id": "c.new_job", "session_id": "c.new_session", "headline": "c.headline"},
    ),
    _insert(metadata.tables["results"], "results t JOIN copied c ON c.old_job = t.job_id", _RESULTS),
    "SELECT pg_advisory_xact_lock(1)",
    _CELLS,
    _SERIES,
)
"""One transaction; of those that are made at once, one counts after the other, as each counts in the same rows.
Asked with :number, :most, :samples, :environments, :empty, :shift and :rates."""
