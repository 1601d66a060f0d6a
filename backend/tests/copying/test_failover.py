"""PostgreSQL goes away and comes back, or another one takes its place: the server says so, and recovers by itself."""

import asyncio
import time
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from backend.tests import programs
from backend.tests.copying.clusters import Cluster, Proxy, a_free_port, wheel_programs
from backend.tests.harness import API, settings_of
from obt_server.db import Database

Pair = tuple[Cluster, Cluster]


@pytest.fixture(scope="module")
def pair(postgresql_server: str) -> Generator[Pair]:
    """A primary with a database, and a standby that follows it and is not started yet."""
    with TemporaryDirectory(prefix="obt-cluster-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        primary, standby = (Cluster(Path(name) / role, wheel_programs()) for role in ("primary", "standby"))
        primary.create()
        primary.execute("CREATE DATABASE obt")
        yield primary, standby
        standby.remove()
        primary.remove()


def test_an_outage_is_told_and_a_restart_and_a_failover_are_recovered_from(pair: Pair, tmp_path: Path) -> None:
    primary, standby = pair
    proxy = Proxy(primary.port)
    url = f"postgresql://postgres@127.0.0.1:{proxy.own_port}/obt"
    with programs.serving(tmp_path, OBT_DATABASE_URL=url) as served, served.sign_in() as owner:
        _store(owner, "before")
        primary.crash()
        _expect_outage(owner)
        primary.start()
        _expect_recovery(owner)
        _store(owner, "after a restart")
        standby.follow(primary)
        _store(owner, "on both")
        _wait_until_equal(primary, standby)
        primary.crash()
        _expect_outage(owner)
        standby.promote()
        proxy.port = standby.port
        _expect_recovery(owner)
        _store(owner, "after a failover")
        labels = {token["label"] for token in owner.get(f"{API}/enrolment-tokens").json()["tokens"]}
        assert labels == {"before", "after a restart", "on both", "after a failover"}
        assert served.process.poll() is None, "it was one process all the time"
    proxy.close()
    asyncio.run(_expect_the_writable_one(pair, tmp_path))


async def _expect_the_writable_one(pair: Pair, tmp_path: Path) -> None:
    """Without a proxy: both hosts are named, the old primary is down, the new one is named second."""
    primary, standby = pair
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    url = f"postgresql://postgres@{hosts}/obt?target_session_attrs=read-write"
    db = Database(settings_of(database_url=url, data_dir=tmp_path).sqlalchemy_url, lambda _: None)
    async with db.write() as session:
        connection = await session.connection()
        assert (await connection.exec_driver_sql("SELECT inet_server_port()")).scalar() == standby.port
    await db.close()


def test_a_server_that_starts_before_its_database_waits_and_then_says_what_is_wrong(pair: Pair, tmp_path: Path) -> None:
    nobody = f"postgresql://postgres@127.0.0.1:{a_free_port()}/obt"
    ended = programs.run(tmp_path, "serve", "--port", "0", OBT_DATABASE_URL=nobody, OBT_DB_START_WAIT_S="0.1")
    assert ended.exit_code == 1
    assert "PostgreSQL does not answer yet; trying for 0.1 s" in ended.stderr
    assert "the database cannot be used" in ended.stderr


def _store(owner: httpx.Client, label: str) -> None:
    assert owner.post(f"{API}/enrolment-tokens", json={"label": label}).status_code == 201


def _expect_outage(owner: httpx.Client) -> None:
    """Whatever is asked: 503, when to come back, and a problem that tells nothing of the inside."""
    for reply in (owner.get(f"{API}/clients"), owner.post(f"{API}/enrolment-tokens", json={})):
        assert reply.status_code == 503, reply.text
        assert reply.headers["Retry-After"] == "5"
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.json()["code"] == "database_unavailable"
        assert "127.0.0.1" not in reply.text
    _expect_ready(owner, 503, "not_ready")
    assert owner.get("/healthz").status_code == 200


def _expect_recovery(owner: httpx.Client) -> None:
    _expect_ready(owner, 200, "ready")


def _expect_ready(owner: httpx.Client, status_code: int, status: str) -> None:
    """Its answer is kept for a second."""
    until = time.monotonic() + programs.WAIT_S
    while ((reply := owner.get("/readyz")).status_code, reply.json()["status"]) != (status_code, status):
        assert time.monotonic() < until, f"not {status}: {reply.text}"
        time.sleep(0.02)


def _wait_until_equal(primary: Cluster, standby: Cluster) -> None:
    place = primary.execute("SELECT pg_current_wal_flush_lsn()::text")
    assert isinstance(place, tuple)
    until = time.monotonic() + programs.WAIT_S
    while standby.execute(f"SELECT pg_last_wal_replay_lsn() >= '{place[0]}'::pg_lsn") != (True,):
        assert time.monotonic() < until, "the standby does not follow"
        time.sleep(0.02)
