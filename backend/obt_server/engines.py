"""How the database is connected to: pools, timeouts, and what each connection is told when it begins."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.conninfo import conninfo_to_dict
from pydantic_core import from_json
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from obt_server.config import Settings
from obt_server.pool import WatchedPool
from obt_server.trouble import READ_ONLY, Trouble, trouble_of

SQLITE_BUSY_MS = 10_000
APPLICATION = "obt-server"
"""What PostgreSQL shows of our connections, in `pg_stat_activity.application_name`."""
_COMMAND = "obt-server-command"
_PSYCOPG = "postgresql+psycopg://"
_JSON: dict[str, Any] = {"json_deserializer": from_json}
"""Lists read thousands of documents: the standard library's parser takes half of their time."""
_RECYCLE_S = 300
"""A connection is made anew so often: behind a name or a proxy there may be another machine by then."""
Note = Callable[[Trouble], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one server's connections to PostgreSQL; times in seconds, 0: none. The defaults are those of the settings."""

    read_connections_max: int = 10
    write_connections_max: int = 10
    pool_wait_s: float = 30
    connect_timeout_s: float = 5
    statement_timeout_s: float = 60
    lock_timeout_s: float = 20
    idle_transaction_timeout_s: float = 60
    silence_timeout_s: float = 15


PATIENT = Limits(statement_timeout_s=0, lock_timeout_s=0, idle_transaction_timeout_s=0)
"""For what may take hours: migrations, copies, backups."""


def limits_of(settings: Settings) -> Limits:
    """Return what the settings allow."""
    return Limits(
        settings.db_read_connections_max,
        settings.db_write_connections_max,
        settings.db_pool_wait_s,
        settings.db_connect_timeout_s,
        settings.db_statement_timeout_s,
        settings.db_lock_timeout_s,
        settings.db_idle_transaction_timeout_s,
        settings.db_silence_timeout_s,
    )


def reading_engine(url: str, limits: Limits, note: Note) -> AsyncEngine:
    """Make the engine of sessions that only read; `note` hears of what blocks writing."""
    if url.startswith("sqlite"):
        return _sqlite(url, "BEGIN", note)
    # REPEATABLE READ: all statements of a session see one moment, as with SQLite.
    return _postgresql(url, limits, note, limits.read_connections_max, isolation_level="REPEATABLE READ")


def writing_engine(url: str, limits: Limits, note: Note) -> AsyncEngine:
    """Make the engine of sessions that write; `note` hears of what blocks writing."""
    if url.startswith("sqlite"):
        # A deferred transaction that turns into a writer fails at once when another writes; IMMEDIATE waits its turn.
        # One connection: SQLite has one writer at a time, its lock is not fair, and the pool's queue is.
        return _sqlite(url, "BEGIN IMMEDIATE", note, pool_size=1, max_overflow=0)
    return _postgresql(url, limits, note, limits.write_connections_max)


def plain_engine(url: str, limits: Limits = PATIENT) -> Engine:
    """Make an engine without async, for the commands beside servers."""
    if not url.startswith("sqlite"):
        return create_engine(_PSYCOPG, connect_args={**connect_args(url, limits), "application_name": _COMMAND})
    engine = create_engine(url.replace("+aiosqlite", ""), connect_args={"timeout": SQLITE_BUSY_MS / 1_000})
    _tell_sqlite(engine, "BEGIN")
    return engine


def connect_args(url: str, limits: Limits) -> dict[str, Any]:
    """Return psycopg's arguments. What the URL says itself goes before ours: libpq reads it, several hosts too."""
    theirs = conninfo_to_dict("postgresql://" + url.partition("://")[2])
    # UTC: a moment near the ends of the calendar has no place in some other zone, and could be written but not read.
    options = {
        "timezone": "UTC",
        "statement_timeout": _milliseconds(limits.statement_timeout_s),
        "lock_timeout": _milliseconds(limits.lock_timeout_s),
        "idle_in_transaction_session_timeout": _milliseconds(limits.idle_transaction_timeout_s),
    }
    own = " ".join(f"-c {name}={value}" for name, value in options.items())
    ours = {"connect_timeout": math.ceil(limits.connect_timeout_s), **_keepalives(limits)}
    options_of_both = f"{own} {theirs.get('options') or ''}".strip()
    return {**ours, **theirs, "options": options_of_both, "application_name": APPLICATION}


def _keepalives(limits: Limits) -> Mapping[str, int]:
    """Notice within the time that the other end is gone without a word, as after a cut cable or a lost machine."""
    third_s = max(1, round(limits.silence_timeout_s / 3))
    return {
        "keepalives_idle": third_s,
        "keepalives_interval": third_s,
        "keepalives_count": 2,
        "tcp_user_timeout": _milliseconds(limits.silence_timeout_s),
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1_000)


def _postgresql(url: str, limits: Limits, note: Note, connections: int, **more: Any) -> AsyncEngine:
    engine = create_async_engine(
        _PSYCOPG,
        connect_args=connect_args(url, limits),
        poolclass=WatchedPool,
        pool_pre_ping=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=limits.pool_wait_s,
        pool_recycle=_RECYCLE_S,
        **_JSON,
        **more,
    )
    _listen(engine.sync_engine, note)
    return engine


def _sqlite(url: str, begin: str, note: Note, **pool: int) -> AsyncEngine:
    engine = create_async_engine(
        url, connect_args={"timeout": SQLITE_BUSY_MS / 1_000}, poolclass=WatchedPool, **pool, **_JSON
    )
    _tell_sqlite(engine.sync_engine, begin)
    _listen(engine.sync_engine, note)
    return engine


def _tell_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        # FULL: what a client was told is stored must survive a power cut, for it then forgets its own copy.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql(begin)


def _listen(engine: Engine, note: Note) -> None:
    """Tell of what blocks writing, whoever met it: a request, a loop, a commit."""

    @event.listens_for(engine, "handle_error")
    def _hear(context: ExceptionContext) -> None:  # pyright: ignore[reportUnusedFunction]
        trouble = trouble_of(context.original_exception)
        if trouble is not None and trouble.blocks_writing:
            note(trouble)
        if trouble is READ_ONLY and not context.dialect.name.startswith("sqlite"):
            context.is_disconnect = True  # a primary that became a standby: look for the new one with new connections
