"""The database that is copied into: is it empty, how far is the copy, and what ends it."""

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from obt_server.engines import APPLICATION
from obt_server.migrate import COPY_MARK, MIGRATION_LOCK, missing_steps, run_steps
from obt_server.schema import metadata

COPY_LOCK = 8_881_000_002
"""Of PostgreSQL's advisory locks: held by the one command that copies into this database."""
_EPHEMERAL = frozenset({"sign_in_links"})
"""A server that was only started has printed a link: that alone makes no database worth keeping."""
_SOURCE = "source"
_mark = Table(
    COPY_MARK,
    MetaData(),
    Column("what", String(80), primary_key=True),
    Column("detail", String(4_000), nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("rows_done", BigInteger, nullable=False),
)


class NotEmptyError(Exception):
    """The target holds something that a copy would mix with."""


class BusyError(Exception):
    """Somebody else uses the target."""


def take_turn(connection: Connection) -> None:
    """Keep other copies out, as long as the connection lives. Raises BusyError."""
    if connection.dialect.name != "postgresql":
        return
    if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": COPY_LOCK}):
        raise BusyError("another copy into this database is going on")
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    if connection.scalar(text(asked), {"name": APPLICATION}):
        raise BusyError("a server is connected to the target: stop it first")
    connection.commit()


def begin(engine: Engine, source: str, *, resumable: bool) -> Mapping[str, tuple[int, int]]:
    """Mark the target, bring it to shape, and return how far an earlier copy came: (last place, rows) a table.

    Raises NotEmptyError, DatabaseTooNewError.
    """
    with engine.begin() as connection:
        if inspect(connection).has_table(COPY_MARK):
            _require_same(connection, source)
        else:
            require_empty(connection)
            _mark.create(connection)
            connection.execute(insert(_mark), {"what": _SOURCE, "detail": source, "last": 0, "rows_done": 0})
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        if steps := missing_steps(connection):
            run_steps(connection, steps)
    with engine.begin() as connection:
        if not resumable:
            _start_over(connection)
        done = connection.execute(select(_mark).where(_mark.c.what != _SOURCE)).all()
        if not done:
            _start_over(connection)
    return {row.what: (row.last, row.rows_done) for row in done}


def _require_same(connection: Connection, source: str) -> None:
    begun = connection.scalar(select(_mark.c.detail).where(_mark.c.what == _SOURCE))
    if begun != source:
        raise NotEmptyError(f"a copy of {begun} into this database is not finished; finish it, or empty the target")


def require_empty(connection: Connection) -> None:
    """Raise NotEmptyError where there is a row that somebody might miss."""
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if (
            table.name in there
            and table.name not in _EPHEMERAL
            and connection.scalar(select(func.count()).select_from(table))
        ):
            raise NotEmptyError(f"the target is not empty: there are rows in {table.name}")


def _start_over(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))
    connection.execute(delete(_mark).where(_mark.c.what != _SOURCE))


def note(connection: Connection, table: str, last: int, rows_done: int) -> None:
    """Keep how far it is, in the transaction that stores the rows."""
    values = {"last": last, "rows_done": rows_done}
    if not connection.execute(update(_mark).where(_mark.c.what == table).values(values)).rowcount:
        connection.execute(insert(_mark), {"what": table, "detail": "", **values})


def reset_sequences(connection: Connection) -> None:
    """Let numbers that the database gives itself go on behind the ones that were copied."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        number = table.autoincrement_column
        if number is None:
            continue
        names = {"table": table.name, "column": number.name}
        if sequence := connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), names):
            most = connection.scalar(select(func.max(number)))
            set_to = {"sequence": sequence, "most": most or 1, "is_used": most is not None}
            connection.execute(text("SELECT setval(CAST(:sequence AS regclass), :most, :is_used)"), set_to)


def end(engine: Engine) -> None:
    """Take the mark away: the copy is whole. Then let the database learn what its tables hold."""
    with engine.begin() as connection:
        _mark.drop(connection)
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
