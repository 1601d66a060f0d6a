"""From one database into another: every table, in batches, to be taken up again after a kill; then compared."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, Engine, Table

from obt_server.copying import targets
from obt_server.copying.checking import counts
from obt_server.copying.comparing import differences
from obt_server.copying.places import Place
from obt_server.copying.rows import RowRefusedError, pages, write
from obt_server.migrate import DatabaseTooNewError, missing_steps, refuse_half_copied
from obt_server.schema import metadata

BATCH_ROWS = 1_000


class CopyError(Exception):
    """The copy cannot be made, or is not what it should be. The text says why, and what to do."""


class Watcher(Protocol):
    """Hears how far it is."""

    def begin(self, what: str, rows: int) -> None:
        """So many rows are now to be gone through."""
        ...

    def advance(self, rows: int, table: str) -> None:
        """So many more are done."""
        ...


class Silent:
    """Says nothing."""

    def begin(self, what: str, rows: int) -> None: ...

    def advance(self, rows: int, table: str) -> None: ...


@dataclass(slots=True)
class Copied:
    """What came of it. `rows`: in each table; `resumed_rows`: of them were there from an earlier try."""

    rows: Mapping[str, int]
    resumed_rows: int = 0
    copy_s: float = 0.0
    compare_s: float = 0.0
    _clock: float = field(default_factory=time.monotonic, repr=False)

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())

    def lap(self) -> float:
        """Return the seconds since the last call."""
        before, self._clock = self._clock, time.monotonic()
        return self._clock - before


@contextmanager
def snapshot(place: Place) -> Generator[Connection]:
    """Give a connection that sees one moment of a database, whoever writes meanwhile. Raises CopyError."""
    engine = place.engine()
    isolation = {} if place.file is not None else {"isolation_level": "REPEATABLE READ"}
    try:
        with engine.connect().execution_options(**isolation) as connection:
            refuse_half_copied(connection)
            if missing_steps(connection):
                raise CopyError("the source is of an earlier version: bring it up to date with `obt-server db upgrade`")
            yield connection
    except DatabaseTooNewError as error:
        raise CopyError(f"{error} Install the newer OBT.") from error
    finally:
        engine.dispose()


def copy_into(source: Connection, name: str, target: Engine, watcher: Watcher, batch_rows: int = BATCH_ROWS) -> Copied:
    """Copy all tables from a snapshot into an empty database, or go on with it, and compare. Raises CopyError.

    `name` tells the source, so that no other one is taken for the rest. Killed at any moment it can be run again:
    SQLite's rows are taken up where they were, a PostgreSQL's begin anew, since its moment is gone.
    """
    copied = Copied(counts(source))
    try:
        with closing(target.connect()) as turn:
            targets.take_turn(turn)
            done = targets.begin(target, name, resumable=source.dialect.name == "sqlite")
            copied.resumed_rows = sum(rows for _, rows in done.values())
            watcher.begin("copying", copied.total)
            watcher.advance(copied.resumed_rows, "")
            for table in metadata.sorted_tables:
                _copy_table(source, target, table, done.get(table.name, (-(2**63), 0)), batch_rows, watcher.advance)
            with target.begin() as connection:
                targets.reset_sequences(connection)
            copied.copy_s = copied.lap()
            _compare(source, target, watcher, copied.total, batch_rows)
            copied.compare_s = copied.lap()
            targets.end(target)
    except (targets.NotEmptyError, targets.BusyError, RowRefusedError) as error:
        raise CopyError(str(error)) from error
    return copied


def _copy_table(
    source: Connection,
    target: Engine,
    table: Table,
    done: tuple[int, int],
    batch_rows: int,
    advance: Callable[[int, str], None],
) -> None:
    last, rows_done = done
    for page in pages(source, table, last, batch_rows):
        rows_done += len(page.rows)
        with target.begin() as connection:
            write(connection, table, page.rows)
            targets.note(connection, table.name, page.last, rows_done)
        advance(len(page.rows), table.name)


def _compare(source: Connection, target: Engine, watcher: Watcher, total: int, batch_rows: int) -> None:
    watcher.begin("comparing", total)
    found: list[str] = []
    with target.connect() as connection:
        for table in metadata.sorted_tables:
            found += differences(
                source, connection, table, batch_rows, lambda rows, name=table.name: watcher.advance(rows, name)
            )
    if found:
        told = "; ".join(found[:5])
        raise CopyError(
            f"the copy is not equal to the source ({told}). Did somebody change it? Empty the target, copy anew"
        )
