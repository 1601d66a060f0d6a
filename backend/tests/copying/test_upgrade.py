"""`obt-server db upgrade` and servers that migrate: once, told step by step, and beside a server that still runs."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from backend.tests import programs
from backend.tests.copying.places import Databases
from obt_server import migrate as migrations
from obt_server.copying.places import place_of
from obt_server.migrate import make_config, newest_revision, revision_of

_ONE_BEHIND, _NEWEST = list(ScriptDirectory.from_config(make_config()).walk_revisions())[1].revision, newest_revision()


def _step_back(url: str, revision: str = _ONE_BEHIND) -> None:
    engine = place_of(url).engine()
    with engine.begin() as connection:
        command.downgrade(make_config(connection), revision)
    engine.dispose()


def _revision(url: str) -> str | None:
    engine = place_of(url).engine()
    with engine.connect() as connection:
        found = revision_of(connection)
    engine.dispose()
    return found


def test_three_servers_that_start_at_once_on_an_empty_database_make_it_once(
    databases: Databases, tmp_path: Path
) -> None:
    url, logs = databases.empty(), list[str]()
    with ExitStack() as stack:
        folders = [tmp_path / name for name in "abc"]
        for folder in folders:
            folder.mkdir()
        waiting = [stack.enter_context(programs.starting(folder, OBT_DATABASE_URL=url)) for folder in folders]
        for served in (programs.served_by(one) for one in waiting):
            assert httpx.get(f"{served.url}/readyz").status_code == 200
        logs = [(folder / "log.txt").read_text() for folder in folders]
    assert _revision(url) == newest_revision()
    assert sum("database_migrated" in log for log in logs) == 1, logs
    assert not any("error" in log for log in logs), logs


def test_three_upgrades_at_once_of_a_database_that_is_behind_do_it_once(databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated()
    _step_back(url)
    line = [sys.executable, "-m", "obt_server", "db", "upgrade"]
    env = programs.environment(tmp_path, OBT_DATABASE_URL=url)
    started = [subprocess.Popen(line, env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=programs.WAIT_S)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    assert sum(f"  {_NEWEST} " in text for text in told) == 1, told
    assert _revision(url) == newest_revision()


def test_an_upgrade_tells_its_steps_and_copies_the_file_first(tmp_path: Path) -> None:
    assert "  0001 " in programs.run(tmp_path, "db", "upgrade").stdout
    assert not (tmp_path / "backups").exists(), "a new database is not worth a copy"
    _step_back(str(tmp_path))
    told = programs.run(tmp_path, "db", "upgrade").stdout
    assert "1 migration(s) to run" in told
    assert "MiB" in told
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert programs.run(tmp_path, "db", "upgrade").stdout == "The database is up to date.\n"


def test_who_has_a_backup_needs_no_copy(tmp_path: Path) -> None:
    programs.run(tmp_path, "db", "upgrade")
    _step_back(str(tmp_path))
    assert programs.run(tmp_path, "db", "upgrade", "--no-backup").exit_code == 0
    assert not (tmp_path / "backups").exists()
    assert _revision(str(tmp_path)) == newest_revision()


def test_an_upgrade_without_room_for_the_copy_is_refused_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.run(tmp_path, "db", "upgrade")
    _step_back(str(tmp_path))
    monkeypatch.setattr(migrations, "_SPARE_BYTES", 2**60)
    ended = programs.run(tmp_path, "db", "upgrade")
    assert ended.exit_code == 1
    assert "MiB are free" in ended.stderr
    assert "--no-backup" in ended.stderr
    assert _revision(str(tmp_path)) == _ONE_BEHIND


def test_an_older_server_serves_on_while_a_newer_one_adds_to_the_database(databases: Databases, tmp_path: Path) -> None:
    """A step may add: the running server knows nothing of it, and a new one of its kind ends."""
    url = databases.migrated()
    engine = place_of(url).engine()
    with programs.serving(tmp_path, OBT_DATABASE_URL=url) as served, served.sign_in() as owner:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE clients ADD COLUMN added_later INTEGER")
            connection.exec_driver_sql("CREATE TABLE added_later (id INTEGER)")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        assert owner.post("/api/v1/enrolment-tokens", json={}).status_code == 201
        assert owner.get("/api/v1/clients").json()["clients"] == []
        assert httpx.get(f"{served.url}/readyz").status_code == 200
        (tmp_path / "second").mkdir()
        second = programs.run(tmp_path / "second", "serve", "--port", "0", OBT_DATABASE_URL=url)
    assert second.exit_code == 1
    assert "revision 9999" in second.stderr
    assert inspect(engine).has_table("added_later")
    engine.dispose()
