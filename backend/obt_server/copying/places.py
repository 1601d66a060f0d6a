"""Where a database is, as people write it on the command line."""

from dataclasses import dataclass
from pathlib import Path

from psycopg import Error as PsycopgError
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine

from obt_server.config import Settings
from obt_server.engines import PATIENT, Limits, plain_engine

SQLITE_NAME = "obt.sqlite3"


class PlaceError(Exception):
    """What was written names no database, or one that cannot be used for this."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database: `file` where it is SQLite. `name` holds no password."""

    url: str
    name: str
    file: Path | None

    def engine(self, limits: Limits = PATIENT) -> Engine:
        """Make an engine for it, without async."""
        return plain_engine(self.url, limits)


def place_of(text: str) -> Place:
    """Read `postgresql://...`, a file, or a folder with the database in it. Raises PlaceError."""
    if text.startswith(("postgresql://", "postgres://")):
        return _postgresql(text)
    if "://" in text:
        raise PlaceError("a database is postgresql://user@host/name, or the path of a SQLite file or of its folder")
    file = Path(text)
    return _sqlite(file / SQLITE_NAME if file.is_dir() else file)


def place_of_settings(settings: Settings) -> Place:
    """Return the database of a server with these settings."""
    if settings.database_url is None:
        return _sqlite(settings.data_dir / SQLITE_NAME)
    return _postgresql(settings.database_url)


def _sqlite(file: Path) -> Place:
    return Place(f"sqlite:///{file}", str(file), file)


def _postgresql(text: str) -> Place:
    try:
        parts = conninfo_to_dict(text)
    except PsycopgError:  # its text would repeat the password
        raise PlaceError("this is no address that PostgreSQL's library can read") from None
    host, port = parts.get("host") or "local socket", parts.get("port")
    where = f"{host}:{port}" if port else str(host)
    return Place(text, f"PostgreSQL {parts.get('dbname') or parts.get('user') or ''} at {where}", None)
