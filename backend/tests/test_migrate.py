"""From nothing, from before, from after: the database when a server starts; and servers that start, stop and die."""

import signal
import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from backend.tests import builders, programs
from backend.tests.harness import API
from obt_core.enrolment import EnrolmentReply
from obt_server import migrate as migrations
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.migrate import DatabaseTooNewError, migrate
from obt_server.schema import metadata

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def _file(settings: Settings) -> Path:
    return settings.data_dir / "obt.sqlite3"


async def _revision(db: Database) -> str | None:
    async with db.read() as session:
        return await session.scalar(text("SELECT version_num FROM alembic_version"))


async def _pretend(db: Database, revision: str) -> None:
    async with db.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


async def test_the_tables_in_the_code_are_those_that_the_migrations_make(settings: Settings) -> None:
    db = Database(settings.sqlalchemy_url, lambda _: None)

    def compare(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)

    async with db.writer.connect() as connection:
        assert await connection.run_sync(compare) == []
    await db.close()


async def test_a_database_of_today_is_left_alone(settings: Settings) -> None:
    db = Database(settings.sqlalchemy_url, lambda _: None)
    before = await _revision(db)
    await migrate(db, _file(settings) if db.is_sqlite else None)
    assert await _revision(db) == before is not None
    assert not (settings.data_dir / "backups").exists()
    await db.close()


async def test_a_database_of_a_later_version_is_refused_and_left_as_it_is(settings: Settings) -> None:
    db = Database(settings.sqlalchemy_url, lambda _: None)
    await _pretend(db, "9999")
    with pytest.raises(DatabaseTooNewError, match="9999, which this version of OBT does not know"):
        await migrate(db, _file(settings) if db.is_sqlite else None)
    assert await _revision(db) == "9999"
    await db.close()


def _longer_history(tmp_path: Path, before: str | None, last_line: str) -> Path:
    """Today's migrations and one more, which adds a table."""
    history = tmp_path / "history"
    (history / "versions").mkdir(parents=True)
    for file in (migrations.FOLDER / "env.py", *migrations.FOLDER.glob("versions/*.py")):
        (history / file.relative_to(migrations.FOLDER)).write_text(file.read_text())
    (history / "versions" / "next.py").write_text(
        f"from alembic import op\nrevision, down_revision = 'next', '{before}'\n"
        f"def upgrade():\n    op.execute('CREATE TABLE added (id INTEGER)')\n    {last_line}\n"
    )
    return history


@on_sqlite
async def test_an_upgrade_copies_the_file_first(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(settings.sqlalchemy_url, lambda _: None)
    before = await _revision(db)
    monkeypatch.setattr(migrations, "FOLDER", _longer_history(tmp_path, before, "pass"))
    await migrate(db, _file(settings))
    assert await _revision(db) == "next"
    (copy,) = (settings.data_dir / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("SELECT version_num FROM alembic_version").fetchall() == [(before,)]
        assert copied.execute("SELECT count(*) FROM sqlite_master WHERE name = 'added'").fetchall() == [(0,)]
        assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    await db.close()


@on_sqlite
async def test_a_step_that_fails_leaves_the_database_as_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(settings.sqlalchemy_url, lambda _: None)
    before = await _revision(db)
    monkeypatch.setattr(migrations, "FOLDER", _longer_history(tmp_path, before, "raise LookupError"))
    with pytest.raises(LookupError):
        await migrate(db, _file(settings))
    assert await _revision(db) == before
    async with db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'added'")) == 0
    await db.close()


def test_a_fresh_server_prints_a_link_that_signs_in_and_stops_when_told(tmp_path: Path) -> None:
    with programs.serving(tmp_path) as served:
        assert httpx.get(f"{served.url}/readyz").json()["status"] == "ready"
        with served.sign_in() as owner:
            assert owner.get(f"{API}/auth/me").json()["kind"] == "administrator"
        served.end()
    assert _errors(tmp_path) == []


def test_a_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with programs.serving(tmp_path):
        second = programs.run(tmp_path, "serve", "--port", "0")
    assert second.exit_code == 1
    assert "another server uses the folder" in second.stderr
    assert "OBT_DATA_DIR" in second.stderr


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = programs.run(tmp_path, "serve", "--port", port)
    assert ended.exit_code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr


def test_a_database_of_a_later_version_is_told_by_the_program(tmp_path: Path) -> None:
    assert programs.run(tmp_path, "token", "list").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "obt.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (("serve", "--port", "0"), ("token", "list"), ("link",)):
        ended = programs.run(tmp_path, *arguments)
        assert ended.exit_code == 1, arguments
        assert "revision 9999" in ended.stderr, arguments


def test_a_server_with_a_held_heartbeat_stops_when_told(tmp_path: Path) -> None:
    with programs.serving(tmp_path, OBT_HOLD_MAX_S="300") as served:
        client_id, key = _enrol(served)
        answered: list[httpx.Response] = []
        held = threading.Thread(target=lambda: answered.append(_beat(served, client_id, key, wait_s=300)))
        held.start()
        _until_held(served.link_anew(tmp_path), client_id)
        served.end()
        held.join(programs.WAIT_S)
    assert [reply.status_code for reply in answered] == [200]
    assert _errors(tmp_path) == []


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    with programs.serving(tmp_path) as served:
        client_id, key = _enrol(served)
        with served.link_anew(tmp_path).sign_in() as owner:
            cookies = dict(owner.cookies)
        assert served.end(signal.SIGKILL) == -signal.SIGKILL
    with programs.serving(tmp_path) as served, httpx.Client(base_url=served.url, cookies=cookies) as owner:
        assert [client["id"] for client in owner.get(f"{API}/clients").json()["clients"]] == [client_id]
        assert _beat(served, client_id, key).status_code == 200


def _enrol(served: programs.Served) -> tuple[str, str]:
    with served.sign_in() as owner:
        token = owner.post(f"{API}/enrolment-tokens", json={}).json()["token"]
        body = builders.an_enrolment(token, "machine").model_dump(mode="json")
        reply = EnrolmentReply.model_validate(owner.post(f"{API}/clients", json=body).raise_for_status().json())
    return reply.client_id, reply.key


def _beat(served: programs.Served, client_id: str, key: str, wait_s: int = 0) -> httpx.Response:
    """Beat; a beat that may be held says so in its `client_version`."""
    body = builders.a_heartbeat(client_version="held" if wait_s else "").model_dump(mode="json")
    headers = {"Authorization": f"Bearer {key}", "Prefer": f"wait={wait_s}"}
    url = f"{served.url}{API}/clients/{client_id}/heartbeat"
    return httpx.post(url, json=body, headers=headers, timeout=programs.WAIT_S)


def _until_held(served: programs.Served, client_id: str) -> None:
    """Wait until the beat was heard: it is held in that very moment."""
    with served.sign_in() as owner:
        while owner.get(f"{API}/clients/{client_id}").json()["client_version"] != "held":
            pass


def _errors(folder: Path) -> list[str]:
    return [line for line in (folder / "log.txt").read_text().splitlines() if "error" in line or "Traceback" in line]
