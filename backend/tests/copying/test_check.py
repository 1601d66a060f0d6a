"""`obt-server db check`: what is wrong is found, told and in the status; nothing is changed by looking."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, update

from backend.tests import programs
from backend.tests.copying import rows
from backend.tests.copying.places import Databases
from obt_server.copying.comparing import differences, same_document
from obt_server.copying.places import place_of
from obt_server.schema import metadata


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path) -> Path:
    shutil.copy(sqlite_template, tmp_path / "obt.sqlite3")
    return tmp_path


def _check(folder: Path, **settings: str) -> tuple[int, str]:
    ended = programs.run(folder, "db", "check", **settings)
    return ended.exit_code, ended.stdout


def _run(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "obt.sqlite3")) as connection, connection:
        connection.execute(statement)


def test_a_sound_database_is_well_and_every_table_is_told(folder: Path) -> None:
    before = (folder / "obt.sqlite3").read_bytes()
    ended = programs.run(folder, "db", "check", "--json")
    told = json.loads(ended.stdout)
    assert (ended.exit_code, told["is_well"], told["pending"]) == (0, True, [])
    assert {table["name"] for table in told["tables"]} == set(metadata.tables)
    assert (folder / "obt.sqlite3").read_bytes() == before


def test_a_damaged_file_is_not_well(folder: Path) -> None:
    engine = place_of(str(folder)).engine()
    rows.fill(engine, 300)
    engine.dispose()
    file = folder / "obt.sqlite3"
    _run(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 8_192] = b"\xa5" * 8_192
    file.write_bytes(whole)
    status, told = _check(folder)
    assert status == 1
    assert "BAD   integrity_check" in told or "malformed" in told


def test_a_row_that_names_no_row_is_found(folder: Path) -> None:
    _run(folder, "INSERT INTO saved_suites (name, suite_hash, saved_at) VALUES ('a', 'nowhere', '2026-01-01 00:00:00')")
    status, told = _check(folder)
    assert (status, "row 1 of saved_suites names no row of suites" in told) == (1, True), told


def test_no_file_and_another_release_and_a_missing_table_are_told(folder: Path) -> None:
    assert "there is no such file" in _check(folder / "elsewhere")[1]
    _run(folder, "DROP TABLE telemetry")
    assert "BAD   tables: missing: telemetry" in _check(folder)[1]
    _run(folder, "UPDATE alembic_version SET version_num = '9999'")
    status, told = _check(folder)
    assert (status, "revision 9999, which this version of OBT does not know" in told) == (1, True), told


def test_a_postgresql_is_judged_by_its_settings_and_its_role(databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated()
    status, told = _check(tmp_path, OBT_DATABASE_URL=url)
    assert status == 0, told
    assert "look  superuser" in told
    assert "look  fsync: off" in told, "the tests' own server"
    status, told = _check(tmp_path, OBT_DATABASE_URL=url, OBT_DB_READ_CONNECTIONS_MAX="1000")
    assert status == 1
    assert "enough for 0 server(s)" in told


def _columns() -> list[tuple[Table, str]]:
    return [
        (table, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if not column.primary_key and not column.foreign_keys
    ]


def test_whatever_column_differs_the_comparison_names_it(sqlite_template: Path, tmp_path: Path) -> None:
    engines: list[Engine] = []
    for name in ("one", "other"):
        shutil.copy(sqlite_template, tmp_path / name)
        engines.append(place_of(str(tmp_path / name)).engine())
        rows.fill(engines[-1], 2)
    one, other = engines
    with one.connect() as source, other.connect() as target:
        for table in metadata.sorted_tables:
            assert differences(source, target, table, 10, lambda _: None) == [], table.name
        for table, column in _columns():
            with target.begin_nested():
                another = rows.a_row(table, 8)[column]
                key = next(iter(table.primary_key.columns))
                is_first = key == rows.a_row(table, 1)[key.name]
                target.execute(update(table).where(is_first).values({column: another}))
                (found,) = differences(source, target, table, 10, lambda _: None)
                assert found.endswith(f"another {column}")
            target.rollback()
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ('{"b": 1, "a": [1.0]}', '{"a": [1.0], "b": 1}', True),
        ('{"a": 1e25}', '{"a": 10000000000000000000000000}', True),
        ('{"a": -0.0}', '{"a": 0.0}', True),
        ('{"a": 1}', '{"a": true}', False),
        ("[true, 1]", "[1, true]", False),
        ('{"a": 9007199254740993}', '{"a": 9007199254740992}', False),
        ('{"a": "1"}', '{"a": 1}', False),
        ('{"a": null}', "{}", False),
        ("null", None, False),
        (None, None, True),
    ],
)
def test_documents_are_compared_by_what_they_say(one: str | None, two: str | None, *, is_same: bool) -> None:
    assert same_document(one, two) is is_same
