"""Commits, events, readers and writers: on real SQLite and real PostgreSQL."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import event, func, select, text

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_server.config import Settings
from obt_server.db import Database, announce
from obt_server.suites.tables import SuiteRow

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
MODEL = "llama3.2:3b"
_NO_COMMIT = """
    CREATE TABLE promises (sample INTEGER REFERENCES kept (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER promise AFTER INSERT ON samples BEGIN INSERT INTO promises VALUES (new.number); END
"""
_NO_COMMIT_POSTGRESQL = """
    CREATE TABLE kept (id INTEGER PRIMARY KEY);
    CREATE TABLE promises (sample INTEGER REFERENCES kept (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE FUNCTION promise() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO promises VALUES (NEW.number); RETURN NEW; END';
    CREATE TRIGGER promise AFTER INSERT ON samples FOR EACH ROW EXECUTE FUNCTION promise()
"""


async def _let_commits_fail(server: Harness) -> None:
    """From now on storing a sample works, and only its commit fails: at a deferred constraint."""
    statements = (
        ["CREATE TABLE kept (id INTEGER PRIMARY KEY)", *_NO_COMMIT.split(";", 1)]
        if server.db.is_sqlite
        else [_NO_COMMIT_POSTGRESQL]
    )
    async with server.db.writer.begin() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def _a_claimed_job(server: Harness) -> tuple[AClient, str]:
    client = await server.a_client(models=(MODEL,))
    await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    return client, f"{API}/jobs/{spec.job_id}/samples"


async def test_a_failed_commit_is_never_answered_with_success(server: Harness) -> None:
    """The reply waits for the commit: else a client would forget samples that nobody has."""
    client, path = await _a_claimed_job(server)
    await _let_commits_fail(server)
    heard: list[object] = []
    server.app.state.bus.subscribe(heard.extend)
    reply = await client.http.post(path, json={"samples": [builders.a_sample().model_dump(mode="json")]})
    assert (reply.status_code, reply.json()["code"]) == (503, "database_unavailable")
    assert heard == []
    async with server.db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM samples")) == 0


@pytest.fixture
async def db(settings: Settings) -> Database:
    return Database(settings.sqlalchemy_url, lambda _: None)


def _a_suite(name: str) -> SuiteRow:
    return SuiteRow(hash=name, name=name, content={}, first_used_at=builders.MOMENT)


async def _count(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(SuiteRow)) or 0


async def test_events_go_out_after_the_commit(settings: Settings) -> None:
    stored: list[int] = []
    published: list[Sequence[object]] = []
    db = Database(settings.sqlalchemy_url, published.append)

    @event.listens_for(db.writer.sync_engine, "commit")
    def _committing(_: object) -> None:  # pyright: ignore[reportUnusedFunction]
        stored.append(len(published))

    async with db.write() as session:
        announce(session, "first")
        session.add(_a_suite("one"))
        announce(session, "second")
        assert published == []
    assert stored == [0], "nothing was published when the commit began"
    assert published == [["first", "second"]]
    await db.close()


async def test_what_is_rolled_back_is_never_announced(settings: Settings) -> None:
    published: list[Sequence[object]] = []
    db = Database(settings.sqlalchemy_url, published.append)

    async def fail() -> None:
        async with db.write() as session:
            session.add(_a_suite("one"))
            announce(session, "never")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with db.write() as session:
        session.add(_a_suite("two"))
    assert published == []
    assert await _count(db) == 1
    await db.close()


async def test_a_reader_does_not_wait_for_a_writer_and_sees_one_moment(db: Database) -> None:
    counted = select(func.count()).select_from(SuiteRow)
    async with db.read() as reader:
        assert await reader.scalar(counted) == 0
        async with db.write() as writer:
            writer.add(_a_suite("one"))
            await writer.flush()
            assert await _count(db) == 0, "another reader meanwhile"
        assert await reader.scalar(counted) == 0
    assert await _count(db) == 1
    await db.close()


async def test_what_a_reader_changes_is_thrown_away(db: Database) -> None:
    async with db.read() as session:
        session.add(_a_suite("one"))
        await session.flush()
    assert await _count(db) == 0
    await db.close()


async def test_four_hundred_writers_at_once_take_turns(db: Database) -> None:
    async def write(number: int) -> None:
        async with db.write() as session:
            known = await session.scalar(select(func.count()).select_from(SuiteRow))
            session.add(_a_suite(f"{known}-{number}"))

    await asyncio.gather(*(write(number) for number in range(400)))
    assert await _count(db) == 400
    await db.close()


@on_sqlite
async def test_writers_of_two_processes_take_turns(settings: Settings) -> None:
    """As `obt-server token create` beside a running server: each has a pool of its own, and the file's lock is one."""
    servers = [Database(settings.sqlalchemy_url, lambda _: None) for _ in range(2)]

    async def write(number: int) -> None:
        async with servers[number % 2].write() as session:
            session.add(_a_suite(str(number)))

    await asyncio.gather(*(write(number) for number in range(100)))
    assert await _count(servers[0]) == 100
    for db in servers:
        await db.close()


@pytest.mark.no_cover  # it is about contention; traced it takes six times as long
async def test_four_hundred_claims_at_once_give_one_job(server: Harness) -> None:
    client = await server.a_client(models=(MODEL, "phi4:14b"))
    await server.a_session([client], [MODEL, "phi4:14b"])
    client.http.timeout = httpx.Timeout(60)
    specs = await asyncio.gather(*(client.claim() for _ in range(400)))
    assert len({spec.job_id for spec in specs if spec}) == 1
    assert None not in specs


@on_sqlite
async def test_a_broken_database_tells_the_caller_nothing_of_itself(server: Harness) -> None:
    async with server.db.writer.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE clients RENAME TO elsewhere")
    reply = await server.owner.get(f"{API}/clients")
    assert reply.status_code in {500, 503}
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert "elsewhere" not in reply.text
    assert "SELECT" not in reply.text
