"""What an error of the database means for who asked: a stable code, and what to do. Pure."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


@dataclass(frozen=True, slots=True)
class Trouble:
    """`blocks_writing`: what is stored can still be read, and nothing can be stored until somebody does something."""

    code: str
    detail: str
    blocks_writing: bool = False


FULL: Final = Trouble(
    "database_full",
    "The disk of the database is full. Nothing was stored; reading goes on. Make room: storing then goes on by itself.",
    blocks_writing=True,
)
READ_ONLY: Final = Trouble(
    "database_read_only",
    "The database can only be read: its disk or folder is read-only, or it is a standby. Nothing was stored. Make it "
    "writable, or name the primary: storing then goes on by itself.",
    blocks_writing=True,
)
DISK: Final = Trouble(
    "database_disk_error",
    "The disk of the database reports errors. Nothing was stored. Look at the disk and the server's log.",
    blocks_writing=True,
)
DAMAGED: Final = Trouble(
    "database_damaged", "The database's file is damaged. Run `obt-server db check`, and restore a backup if it says so."
)
RIGHTS: Final = Trouble(
    "database_rights", "The server's role lacks a right in PostgreSQL. Run `obt-server db check`: it names the right."
)
CROWDED: Final = Trouble(
    "database_crowded", "PostgreSQL takes no further connections, or all of this server's are in use. Try again."
)
SLOW: Final = Trouble("database_slow", "The database took too long and was stopped. Nothing was stored; try again.")
UNAVAILABLE: Final = Trouble(
    "database_unavailable", "The database cannot answer now. Nothing was stored; try again."
)  # fmt: skip

_OF_SQLITE: Final = {
    5: SLOW,  # SQLITE_BUSY
    6: SLOW,  # SQLITE_LOCKED
    8: READ_ONLY,  # SQLITE_READONLY
    10: DISK,  # SQLITE_IOERR
    11: DAMAGED,  # SQLITE_CORRUPT
    13: FULL,  # SQLITE_FULL
    26: DAMAGED,  # SQLITE_NOTADB
}
"""By SQLite's primary result code (sqlite.org/rescode.html)."""
_OF_POSTGRESQL: Final = {
    "25006": READ_ONLY,  # read_only_sql_transaction
    "40001": SLOW,  # serialization_failure
    "40P01": SLOW,  # deadlock_detected
    "42501": RIGHTS,  # insufficient_privilege
    "53100": FULL,  # disk_full
    "53300": CROWDED,  # too_many_connections
    "55P03": SLOW,  # lock_not_available: lock_timeout
    "57014": SLOW,  # query_canceled: statement_timeout
    "58030": DISK,  # io_error
}
"""By SQLSTATE (Appendix A of PostgreSQL's documentation)."""


def trouble_of(error: BaseException) -> Trouble | None:
    """Tell what is wrong with the database; None where it is the statement that is wrong."""
    if isinstance(error, PoolTimeoutError):
        return CROWDED
    cause = error.orig if isinstance(error, DBAPIError) else error
    number, state = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    if isinstance(number, int):
        return _OF_SQLITE.get(number & 0xFF)
    return _OF_POSTGRESQL.get(state) if isinstance(state, str) else None
