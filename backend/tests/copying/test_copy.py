"""`obt-server db copy`: everything, once, to be taken up again, compared; and nobody serves half of it."""

import signal
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, text

from backend.tests import programs
from backend.tests.copying import rows
from backend.tests.copying.places import Databases
from backend.tests.harness import settings_of
from obt_server.copying.places import Place, place_of
from obt_server.copying.service import CopyError, Silent
from obt_server.copying.whole import copy_database
from obt_server.db import Database
from obt_server.migrate import COPY_MARK
from obt_server.schema import metadata


@pytest.fixture
def source(sqlite_template: Path, tmp_path: Path) -> Generator[Engine]:
    """A SQLite database with a few rows in every table."""
    (tmp_path / "source").mkdir()
    file = tmp_path / "source" / "obt.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = place_of(str(file)).engine()
    rows.fill(engine, 7)
    yield engine
    engine.dispose()


def _source(tmp_path: Path) -> Place:
    return place_of(str(tmp_path / "source"))


def _copy(source: Place, url: str, batch_rows: int = 3) -> None:
    copy_database(source, place_of(url), Silent(), batch_rows)


def test_no_table_is_forgotten_and_every_value_arrives(source: Engine, databases: Databases, tmp_path: Path) -> None:
    url = databases.empty()
    _copy(_source(tmp_path), url)
    target = place_of(url).engine()
    assert rows.count(target) == rows.count(source) == dict.fromkeys(metadata.tables, 7)
    assert rows.everything(target) == rows.everything(source)
    target.dispose()


def test_a_document_that_sqlite_keeps_as_bytes_arrives_as_one(
    source: Engine, databases: Databases, tmp_path: Path
) -> None:
    before = rows.everything(source)
    with source.begin() as connection:
        connection.execute(text("UPDATE clients SET status = CAST(status AS BLOB)"))
        assert "blob" in set(connection.scalars(text("SELECT typeof(status) FROM clients")))
    url = databases.empty()
    _copy(_source(tmp_path), url)
    target = place_of(url).engine()
    assert rows.everything(target) == before
    target.dispose()


def test_the_way_back_gives_the_same_file_again(source: Engine, databases: Databases, tmp_path: Path) -> None:
    url, back = databases.empty(), tmp_path / "back.sqlite3"
    _copy(_source(tmp_path), url)
    _copy(place_of(url), str(back))
    returned = place_of(str(back)).engine()
    assert rows.everything(returned) == rows.everything(source)
    assert [file.name for file in tmp_path.glob("back*") if file.suffix != ".sqlite3-shm"] != []
    assert not list(tmp_path.glob("*.part*"))
    returned.dispose()


def test_numbers_that_the_database_gives_go_on_behind_the_copied_ones(
    source: Engine, databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty()
    _copy(_source(tmp_path), url)
    target = place_of(url).engine()
    with target.begin() as connection:
        for table in metadata.sorted_tables:
            names = {"table": table.name, "column": table.columns.keys()[0]}
            asked = text("SELECT nextval(CAST(pg_get_serial_sequence(:table, :column) AS regclass))")
            assert connection.scalar(asked, names) in {None, 8}
    target.dispose()


def test_a_target_with_something_in_it_is_refused_and_left_alone(
    source: Engine, databases: Databases, tmp_path: Path
) -> None:
    url = databases.migrated()
    target = place_of(url).engine()
    with target.begin() as connection:
        suites = metadata.tables["suites"]
        connection.execute(suites.insert(), rows.a_row(suites, 1))
    with pytest.raises(CopyError, match="not empty: there are rows in suites"):
        _copy(_source(tmp_path), url)
    assert rows.count(target)["suites"] == 1
    assert not inspect(target).has_table(COPY_MARK)
    target.dispose()


def test_killed_in_the_middle_it_is_not_served_and_goes_on_where_it_was(
    source: Engine, databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty()
    line = [sys.executable, "-m", "obt_server", "db", "copy", str(tmp_path / "source"), url, "--batch-rows", "1"]
    target = place_of(url).engine()
    with subprocess.Popen(line, env=programs.environment(tmp_path), cwd=tmp_path) as process:
        while _done(target) < 20:
            assert process.poll() is None, "it ended before it could be killed"
        process.send_signal(signal.SIGKILL)
    there = _done(target)
    assert there < 7 * len(metadata.tables), "it was killed too late"
    (tmp_path / "server").mkdir()
    refused = programs.run(tmp_path / "server", "serve", "--port", "0", OBT_DATABASE_URL=url)
    assert refused.exit_code == 1
    assert "is not finished" in refused.stderr
    told = programs.run(tmp_path, *line[3:]).stdout
    assert f"({there} of them before)" in told
    assert rows.everything(target) == rows.everything(source)
    assert not inspect(target).has_table(COPY_MARK)
    target.dispose()


def _done(target: Engine) -> int:
    with target.connect() as connection:
        if not inspect(connection).has_table(COPY_MARK):
            return 0
        return connection.scalar(text(f"SELECT coalesce(sum(rows_done), 0) FROM {COPY_MARK}")) or 0


@pytest.mark.parametrize("change", ["UPDATE suites SET name = 'other' WHERE name = 'é1'", "DELETE FROM saved_prompts"])
def test_a_source_that_changed_between_two_tries_is_noticed(
    source: Engine, databases: Databases, tmp_path: Path, change: str
) -> None:
    url = databases.empty()
    (tmp_path / "bad").mkdir()
    with source.begin() as connection:  # the last table refuses a row, so that all others are copied
        connection.exec_driver_sql("UPDATE jobs SET position = 4000000000 WHERE position = 3")
    with pytest.raises(CopyError, match=r"cannot hold the row of jobs with id=80000000-.*out of range"):
        _copy(_source(tmp_path), url)
    with source.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET position = 3 WHERE position = 4000000000")
        connection.exec_driver_sql(change)
    with pytest.raises(CopyError, match="not equal to the source"):
        _copy(_source(tmp_path), url)
    target = place_of(url).engine()
    assert inspect(target).has_table(COPY_MARK), "what differs is not served"
    target.dispose()


def test_a_source_that_is_served_is_refused(databases: Databases, tmp_path: Path, source: Engine) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / "source" / "server.lock"), pytest.raises(CopyError, match="a server runs on"):
        _copy(_source(tmp_path), databases.empty())


async def test_a_server_at_the_target_is_noticed_and_one_that_was_only_started_left_nothing(
    databases: Databases, tmp_path: Path, source: Engine
) -> None:
    url = databases.migrated()
    running = Database(settings_of(database_url=url, data_dir=tmp_path).sqlalchemy_url, lambda _: None)
    async with running.write() as session:  # the link that `serve` prints while there is nobody
        values = {"secret_hash": "é1", "purpose": "setup", "expires_at": datetime.now(UTC)}
        await session.execute(insert(metadata.tables["sign_in_links"]), values)
    with pytest.raises(CopyError, match="a server is connected to the target"):
        _copy(_source(tmp_path), url)
    await running.close()
    _copy(_source(tmp_path), url)
    target = place_of(url).engine()
    assert rows.everything(target) == rows.everything(source)
    target.dispose()
