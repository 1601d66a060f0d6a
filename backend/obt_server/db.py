"""The database: SQLite or PostgreSQL. Nobody commits but `Database.write`, and events go out after the commit."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from fastapi import Depends
from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, MetaData, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import TypeDecorator
from starlette.requests import HTTPConnection

from obt_server.engines import Limits, reading_engine, writing_engine
from obt_server.errors import BusyError
from obt_server.pool import WatchedPool
from obt_server.trouble import Trouble

_LAST = "last"
CONNECTION = "connection"
"""In a session's `info`: the request that it serves; absent where nobody asked."""
Publish = Callable[[Sequence[object]], None]
WhichClient = str | InstrumentedAttribute[str]
"""A client's ID, or the column that holds it where many are asked about at once."""
Question = Callable[[WhichClient], ColumnElement[bool]]
Tell = Callable[["AsyncSession", Sequence[object]], Awaitable[None]]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zones, so they are taken off and put on here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Go to UTC; lose the zone where the database has none."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonType = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Document = dict[str, Any]


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, Document: JsonType}


class Database:
    """One engine for reading, one for writing.

    `publish` gets what a write announced, after its commit; `tell` passes it on to other servers, within it.
    """

    def __init__(
        self,
        url: str,
        publish: Publish,
        tell: Tell | None = None,
        writers_max: int = 500,
        limits: Limits | None = None,
    ) -> None:
        self.url = url
        self.trouble: Trouble | None = None
        """What kept it from being written to; `readiness` looks whether that is over."""
        self._writers_max = writers_max
        self._writers = 0
        self._publish = publish
        self._tell = tell
        self._reader = reading_engine(url, limits or Limits(), self._note)
        self._writer = writing_engine(url, limits or Limits(), self._note)
        self._read = async_sessionmaker(self._reader, expire_on_commit=False, autoflush=False)
        self._write = async_sessionmaker(self._writer, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether one file holds everything."""
        return self._writer.dialect.name == "sqlite"

    @property
    def writer(self) -> AsyncEngine:
        """The engine that migrations use."""
        return self._writer

    @property
    def reader(self) -> AsyncEngine:
        """The engine that only reads."""
        return self._reader

    @property
    def pools(self) -> dict[str, WatchedPool]:
        """Return the pools, by what their connections are for."""
        pools = {"read": self._reader.pool, "write": self._writer.pool}
        return {use: pool for use, pool in pools.items() if isinstance(pool, WatchedPool)}

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        """Give a session that sees one moment; what it changes is thrown away."""
        async with self._read() as session:
            yield session

    @asynccontextmanager
    async def write(self, *, is_patient: bool = True) -> AsyncGenerator[AsyncSession]:
        """Give a session that is committed at the end, or rolled back on an error; then publish its events.

        Who is not patient gets BusyError where too many write or wait for their turn already.
        """
        if not is_patient and self._writers >= self._writers_max:
            raise BusyError
        self._writers += 1
        try:
            async with self._write() as session, session.begin():
                yield session
                for work in session.info.pop(_LAST, {}).values():
                    await work(session)
                if self._tell and (told := session.info.get("events")):
                    await self._tell(session, told)
        finally:
            self._writers -= 1
        if events := session.info.pop("events", None):
            self._publish(events)

    async def ping(self) -> None:
        """Raise OperationalError when the database does not answer."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    def _note(self, trouble: Trouble) -> None:
        self.trouble = trouble

    async def close(self) -> None:
        """Close all connections."""
        await self._reader.dispose()
        await self._writer.dispose()


def announce(session: AsyncSession, *events: object) -> None:
    """Remember events until this session's commit."""
    session.info.setdefault("events", []).extend(events)


def do_last(session: AsyncSession, work: Callable[[AsyncSession], Awaitable[None]]) -> None:
    """Have something done, once, right before this session's commit: rows that many change are locked no longer."""
    session.info.setdefault(_LAST, {})[work] = work


async def lock(session: AsyncSession, number: int, *, is_shared: bool = False) -> None:
    """Take turns, until the end of the transaction, with who locks that number; shared: not with who shares it too."""
    if session.get_bind().dialect.name == "postgresql":
        shared = "_shared" if is_shared else ""
        await session.execute(text(f"SELECT pg_advisory_xact_lock{shared}(:number)"), {"number": number})


async def lock_of(session: AsyncSession, number: int, name: str) -> None:
    """Take turns, until the end of the transaction, with everybody who locks that number for this name."""
    if session.get_bind().dialect.name == "postgresql":
        taken = text("SELECT pg_advisory_xact_lock(:number, hashtext(:name))")
        await session.execute(taken, {"number": number, "name": name})


def get_database(connection: HTTPConnection) -> Database:
    """Give the application's database to a route."""
    return connection.app.state.db


async def get_session(
    connection: HTTPConnection, db: Annotated[Database, Depends(get_database)]
) -> AsyncGenerator[AsyncSession]:
    """Give a route its write session; see `WriteSession` for when it commits. It knows on whose behalf it writes."""
    async with db.write(is_patient=False) as session:
        session.info[CONNECTION] = connection
        yield session


async def get_read_session(db: Annotated[Database, Depends(get_database)]) -> AsyncGenerator[AsyncSession]:
    """Give a route its read session."""
    async with db.read() as session:
        yield session


# scope="function" commits before the reply is sent. Otherwise a failed commit would still answer 200, and a client
# that forgets what was acknowledged would lose it.
WriteSession = Annotated[AsyncSession, Depends(get_session, scope="function")]
ReadSession = Annotated[AsyncSession, Depends(get_read_session, scope="function")]
