"""A database that can only be read: who writes is told why, reading goes on, and it ends by itself."""

import asyncio
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from obt_server.config import Settings
from obt_server.db import Database

MODEL = "llama3.2:3b"
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
# The one writing connection stays open, so that what it is told here holds for the server.
_FULL = ("VACUUM", "PRAGMA max_page_count = 1")  # never below what is there
_ROOM = ("PRAGMA max_page_count = 1000000",)
_READ_ONLY = ("PRAGMA query_only = ON",)
_WRITABLE = ("PRAGMA query_only = OFF",)


async def _tell(db: Database, statements: tuple[str, ...]) -> None:
    async with db.writer.connect() as connection:
        raw = await connection.get_raw_connection()
        cursor = raw.driver_connection
        assert cursor is not None
        await cursor.rollback()
        for statement in statements:
            await (await cursor.execute(statement)).fetchall()


@on_sqlite
@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [(_FULL, _ROOM, "database_full"), (_READ_ONLY, _WRITABLE, "database_read_only")],
    ids=["full", "read only"],
)
async def test_a_disk_that_takes_nothing_is_told_reading_goes_on_and_it_ends_by_itself(
    server: Harness, begin: tuple[str, ...], end: tuple[str, ...], code: str
) -> None:
    client = await server.a_client("one", models=(MODEL,))
    await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    samples = {"samples": [builders.a_sample(n).model_dump(mode="json") for n in range(1, 60)]}
    await _tell(server.db, begin)
    reply = await client.http.post(f"{API}/jobs/{spec.job_id}/samples", json=samples)
    assert (reply.status_code, reply.json()["code"]) == (503, code)
    assert reply.headers["Retry-After"] == "5"
    assert "goes on by itself" in reply.json()["detail"]
    ready = await server.nobody.get("/readyz")
    told = ready.json()
    assert (ready.status_code, told["status"], told["reasons"][0]["code"]) == (200, "read_only", code)
    assert [one["id"] for one in (await server.get("/clients"))["clients"]] == ["one"], "reading goes on"
    await _tell(server.db, end)
    await _ready_again(server)
    assert (await client.http.post(f"{API}/jobs/{spec.job_id}/samples", json=samples)).status_code == 200


@on_postgresql
async def test_a_primary_that_became_a_standby_is_told_and_left_for_the_new_one(server: Harness) -> None:
    """Connections that were made to what is read-only stay so: only new ones find what is writable."""
    await _alter(server, "SET default_transaction_read_only = on")
    refused = await server.owner.post(f"{API}/enrolment-tokens", json={})
    assert (refused.status_code, refused.json()["code"]) == (503, "database_read_only")
    ready = await server.nobody.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "read_only")
    assert (await server.owner.get(f"{API}/clients")).status_code == 200, "reading goes on"
    await _alter(server, "RESET default_transaction_read_only", is_failover=False)
    assert (await server.owner.post(f"{API}/enrolment-tokens", json={})).status_code == 201
    await _ready_again(server)


async def _ready_again(server: Harness) -> None:
    while (await server.nobody.get("/readyz")).json()["status"] != "ready":  # what was found is kept for a second
        await asyncio.sleep(0.05)


async def _alter(server: Harness, change: LiteralString, *, is_failover: bool = True) -> None:
    """Change what new connections may do; in a failover those that there are break."""
    async with await psycopg.AsyncConnection.connect(
        str(server.app.state.settings.database_url),
        autocommit=True,
        options="-c default_transaction_read_only=off",
    ) as connection:
        (name,) = await (await connection.execute("SELECT current_database()")).fetchone() or ("",)
        await connection.execute(sql.SQL("ALTER DATABASE {} {}").format(sql.Identifier(name), sql.SQL(change)))
        if is_failover:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@on_postgresql
async def test_who_waits_too_long_for_a_lock_is_told_to_try_again(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"db_lock_timeout_s": 0.05}), clock) as server:
        await server.db.ping()
        async with server.db.writer.begin() as connection:
            await connection.exec_driver_sql("LOCK TABLE enrolment_tokens")
            refused = await server.owner.post(f"{API}/enrolment-tokens", json={})
        assert (refused.status_code, refused.json()["code"]) == (503, "database_slow")
        assert refused.headers["Retry-After"] == "5"
        assert (await server.owner.post(f"{API}/enrolment-tokens", json={})).status_code == 201
