"""`/readyz` tells the truth, whatever became of the database or of the loops, and is cheap to ask."""

import asyncio
import resource
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from backend.tests.harness import Harness
from obt_server import readiness
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.pulse import SILENT_S, Pulse
from obt_server.readiness import Readiness
from obt_server.trouble import DISK

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


class Watch:
    """A monotonic clock that is turned."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
async def db(settings: Settings) -> AsyncGenerator[Database]:
    database = Database(settings.sqlalchemy_url, lambda _: None)
    yield database
    await database.close()


@pytest.fixture
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept: each question is answered by another look, and another write."""
    monkeypatch.setattr(readiness, "KEPT_S", 0.0)
    monkeypatch.setattr(readiness, "WRITTEN_EVERY_S", 0.0)


async def test_a_server_is_ready_until_it_drains_and_lives_all_along(server: Harness) -> None:
    reply = await server.nobody.get("/readyz")
    assert (reply.status_code, reply.json()["status"], reply.json()["reasons"]) == (200, "ready", [])
    server.app.state.is_draining = True
    reply = await server.nobody.get("/readyz")
    assert (reply.status_code, reply.json()["status"]) == (503, "not_ready")
    assert [reason["code"] for reason in reply.json()["reasons"]] == ["draining"]
    assert (await server.nobody.get("/healthz")).status_code == 200


async def test_every_loop_of_a_running_server_has_a_pulse(server: Harness) -> None:
    assert {loop.name for loop in server.app.state.pulse} == {"presence_flush", "room", "sweep", "archive", "retention"}


@pytest.mark.usefixtures("asked_anew")
async def test_a_database_of_an_earlier_version_is_not_ready_and_of_a_later_one_is(db: Database) -> None:
    ready = Readiness(db, Pulse())
    assert await ready.reasons() == []
    earlier = sorted(readiness._earlier_revisions())  # pyright: ignore[reportPrivateUsage]
    assert len(earlier) > 1
    for revision, reasons in ((earlier[0], ["database_not_migrated"]), ("of_tomorrow", [])):
        async with db.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        assert await ready.reasons() == reasons
    async with db.write() as session:
        await session.execute(text("DELETE FROM alembic_version"))
    assert await ready.reasons() == ["database_not_migrated"]


@on_postgresql
@pytest.mark.usefixtures("asked_anew")
async def test_a_read_only_database_is_told_and_one_that_is_gone_is_not_ready(
    db: Database, settings: Settings, postgresql_server: str
) -> None:
    ready, name = Readiness(db, Pulse()), (settings.database_url or "").partition("?")[0].rpartition("/")[2]
    assert await ready.reasons() == []
    for state, code in (("on", "database_read_only"), ("off", None)):
        _as_owner(postgresql_server, f"ALTER DATABASE {name} SET default_transaction_read_only = {state}")
        _as_owner(postgresql_server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        assert await ready.reasons() == []
        assert (ready.trouble and ready.trouble.code) == code
    _as_owner(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")
    assert await ready.reasons() == ["database_unavailable"]


@on_postgresql
@pytest.mark.usefixtures("asked_anew")
async def test_a_migration_that_holds_its_row_keeps_no_other_server_from_being_ready(db: Database) -> None:
    ready = Readiness(db, Pulse())
    async with db.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        assert await ready.reasons() == []


@on_postgresql
@pytest.mark.usefixtures("asked_anew")
async def test_a_database_that_answers_late_is_there_until_it_does_so_for_long(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "ANSWER_S", 0.2)
    ready = Readiness(db, Pulse())
    assert await ready.reasons() == []
    async with db.write() as session:
        await session.execute(text("LOCK TABLE alembic_version"))
        assert await ready.reasons() == []
        monkeypatch.setattr(readiness, "SLOW_S", 0.2)
        assert await ready.reasons() == ["database_unavailable"]
    assert await ready.reasons() == []


@on_sqlite
@pytest.mark.usefixtures("asked_anew")
@pytest.mark.skipif(sys.platform == "win32", reason="a limit of files' sizes is POSIX's")
async def test_a_disk_that_takes_no_more_is_told_until_there_is_room_again(db: Database, settings: Settings) -> None:
    ready = Readiness(db, Pulse())
    assert await ready.reasons() == []
    log = settings.data_dir / "obt.sqlite3-wal"
    with _no_room_behind(log):
        assert await ready.reasons() == []
        assert ready.trouble == DISK
    assert await ready.reasons() == []
    assert ready.trouble is None


@on_sqlite
async def test_a_loop_that_does_not_succeed_for_long_is_not_ready(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "KEPT_S", 0.0)
    watch = Watch()
    pulse = Pulse(watch)
    ready, loop, seldom = Readiness(db, pulse), pulse.begin("sweep", 2), pulse.begin("archive", 3_600)
    watch.now_s = SILENT_S + 1
    pulse.note(loop, 0.1, succeeded=False)
    assert pulse.silent() == ["sweep"]
    assert await ready.reasons() == ["loop_silent"]
    pulse.note(loop, 0.1, succeeded=True)
    assert await ready.reasons() == []
    assert (loop.succeeded, loop.failed, seldom.succeeded_epoch_s) == (1, 1, None)


async def test_however_often_it_is_asked_the_database_is_asked_once_a_second(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "KEPT_S", 3_600.0)
    ready = Readiness(db, Pulse())
    assert await asyncio.gather(*(ready.reasons() for _ in range(200))) == [[]] * 200
    assert {use: pool.waits.asked for use, pool in db.pools.items()} == {"read": 1, "write": 1}
    assert all(pool.waits.waiting == 0 and pool.checkedout() == 0 for pool in db.pools.values())


def _as_owner(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


@contextmanager
def _no_room_behind(file: Path) -> Generator[None]:
    """No file of this process may grow past the size that this one has: SQLite calls that an error of the disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
