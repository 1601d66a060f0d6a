"""What a PostgreSQL tells of itself: how large its tables are, what is dead in them, what VACUUM takes."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import psutil
import psycopg

_TABLES = """
SELECT c.relname, pg_relation_size(c.oid), coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0),
       pg_indexes_size(c.oid), s.n_live_tup, s.n_dead_tup, s.n_tup_upd, s.n_tup_hot_upd, s.autovacuum_count,
       s.autoanalyze_count
FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(c.oid) DESC
"""
_SETTINGS = (
    "server_version",
    "shared_buffers",
    "work_mem",
    "max_wal_size",
    "autovacuum",
    "fsync",
    "synchronous_commit",
)
_ROW = """
SELECT avg(pg_column_size(samples)), avg(pg_column_size(summary)), avg(coalesce(pg_column_size(environment), 0)),
       avg((samples_dropped_at IS NULL)::int), avg((environment IS NOT NULL)::int)
FROM (SELECT * FROM results WHERE job_id > %s ORDER BY job_id LIMIT 2000) AS several
"""
_MIDDLE = "80000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class TableFigures:
    """A table as its statistics have it. Sizes in bytes; `toast_bytes` with its index."""

    name: str
    heap_bytes: int
    toast_bytes: int
    index_bytes: int
    live: int
    dead: int
    updated: int
    updated_in_place: int
    """Of the updated ones, those that no index had to learn of (HOT)."""
    autovacuums: int
    autoanalyzes: int

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.heap_bytes + self.toast_bytes + self.index_bytes


def connected(url: str) -> psycopg.Connection:
    """A connection that commits each statement."""
    return psycopg.connect(url, autocommit=True)


def tables(url: str) -> list[TableFigures]:
    """Every table of the server, the largest first, with what was counted until now."""
    with closing(connected(url)) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        return [TableFigures(*row) for row in connection.execute(_TABLES)]


def forget_counts(url: str) -> None:
    """Have its statistics begin anew: what is counted from now on is of now. VACUUM (ANALYZE) tells them the rest."""
    with closing(connected(url)) as connection:
        connection.execute("SELECT pg_stat_reset()")


def settings(url: str) -> str:
    """What of its settings makes it fast or slow."""
    with closing(connected(url)) as connection:
        shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in _SETTINGS]
    return ", ".join(f"{name} {row[0] if row else None}" for name, row in zip(_SETTINGS, shown, strict=True))


def vacuum(url: str, names: Sequence[str]) -> dict[str, float]:
    """VACUUM (ANALYZE) those tables, one after the other; return the seconds of each."""
    taken_s: dict[str, float] = {}
    with closing(connected(url)) as connection:
        for name in names:
            begin = time.monotonic()
            connection.execute(f"VACUUM (ANALYZE) {name}".encode())
            taken_s[name] = time.monotonic() - begin
    return taken_s


def row_of_result(url: str) -> dict[str, float]:
    """Mean bytes, as they are stored, of the long columns of some results, and the shares that have them."""
    with closing(connected(url)) as connection:
        row = connection.execute(_ROW, (_MIDDLE,)).fetchone()
    names = ("samples_bytes", "summary_bytes", "environment_bytes", "samples_share", "environments_share")
    return {name: float(value or 0) for name, value in zip(names, row or (0,) * 5, strict=True)}


def cpu_s(url: str) -> float:
    """CPU seconds of all its processes until now, those that ended included."""
    with closing(connected(url)) as connection:
        postmaster = psutil.Process(connection.info.backend_pid).parent()
        if postmaster is None:
            return 0.0
        alive = [process.cpu_times() for process in (postmaster, *postmaster.children())]
    ended = alive[0].children_user + alive[0].children_system
    return ended + sum(times.user + times.system for times in alive)
