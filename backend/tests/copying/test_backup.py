"""`obt-server backup` and `restore`: of one moment though others write, sound, and equal in either database."""

import shutil
import sqlite3
import zipfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from alembic import command
from sqlalchemy import Engine, text

from backend.tests import programs
from backend.tests.copying import rows
from backend.tests.copying.places import Databases
from obt_server.copying import backup as backups
from obt_server.copying.archive import read_manifest
from obt_server.copying.backup import backup, restore
from obt_server.copying.places import Place, place_of
from obt_server.copying.service import CopyError, Silent
from obt_server.migrate import make_config
from obt_server.schema import metadata

_EACH = 7


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest, sqlite_template: Path, databases: Databases, tmp_path: Path) -> Place:
    """A database of either kind with a few rows in every table."""
    place = place_of(databases.migrated()) if request.param == "postgresql" else _copied(sqlite_template, tmp_path)
    engine = place.engine()
    rows.fill(engine, _EACH)
    engine.dispose()
    return place


def _copied(template: Path, tmp_path: Path) -> Place:
    folder = tmp_path / "source"
    folder.mkdir()
    shutil.copy(template, folder / "obt.sqlite3")
    return place_of(str(folder / "obt.sqlite3"))


@contextmanager
def _opened(place: Place) -> Generator[Engine]:
    engine = place.engine()
    yield engine
    engine.dispose()


def _everything(place: Place) -> object:
    with _opened(place) as engine:
        return rows.everything(engine)


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_what_is_restored_is_equal_in_every_table(
    source: Place, into: str, databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "out" / "obt.zip"
    made = backup(source, file, Silent())
    assert made.manifest.rows == dict.fromkeys((t.name for t in metadata.sorted_tables), _EACH)
    assert file.stat().st_mode & 0o077 == 0, "it holds hashes of keys"
    assert [one.name for one in file.parent.iterdir()] == ["obt.zip"], "nothing else is left"
    folder = tmp_path / "empty"
    target = place_of(databases.empty()) if into == "postgresql" else place_of(str(folder / "obt.sqlite3"))
    restored = restore(file, target, folder, Silent())
    assert restored.total == _EACH * len(metadata.tables)
    assert _everything(target) == _everything(source)
    with pytest.raises(CopyError, match="not empty"):
        restore(file, target, folder, Silent())


def test_a_backup_made_while_others_write_holds_one_moment(
    source: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write moves one result from a suite to another and says so beside: what is read between the two is torn."""
    monkeypatch.setattr(backups, "_PAGES_A_STEP", 1)
    with _opened(source) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE saved_prompts SET purpose = '0', text = '0'"))
        connection.execute(text("UPDATE clients SET name = '0'"))
    written, over = Event(), Event()
    writer = Thread(target=_write, args=(source, written, over))
    writer.start()
    assert written.wait(programs.WAIT_S)
    try:
        made = [backup(source, tmp_path / f"{number}.zip", Silent()) for number in range(3)]
    finally:
        over.set()
        writer.join()
    moments = [_moment(one.file, tmp_path / f"{number}") for number, one in enumerate(made)]
    assert all(len(moment) == 1 for moment in moments), moments
    assert len({name for moment in moments for name in moment}) > 1, "nothing was written meanwhile"


def _write(place: Place, written: Event, over: Event) -> None:
    with _opened(place) as engine:
        number = 0
        while not over.is_set():
            number += 1
            with engine.begin() as connection:
                connection.execute(text("UPDATE clients SET name = :n"), {"n": str(number)})
                connection.execute(text("UPDATE saved_prompts SET purpose = :n, text = :n"), {"n": str(number)})
            written.set()


def _moment(file: Path, folder: Path) -> set[str]:
    restore(file, place_of(str(folder / "obt.sqlite3")), folder, Silent())
    with closing(sqlite3.connect(folder / "obt.sqlite3")) as connection:
        found = connection.execute("SELECT name FROM clients UNION SELECT purpose FROM saved_prompts").fetchall()
    return {name for (name,) in found}


on_sqlite = pytest.mark.parametrize("source", ["sqlite"], indirect=True)


@on_sqlite
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(source: Place, tmp_path: Path) -> None:
    with _opened(source) as engine, engine.begin() as connection:
        command.downgrade(make_config(connection), "0004")
    made = backup(source, tmp_path / "old.zip", Silent())
    assert made.manifest.revision == "0004"
    folder = tmp_path / "new"
    restore(made.file, place_of(str(folder / "obt.sqlite3")), folder, Silent())
    with _opened(place_of(str(folder))) as engine:
        counted = rows.count(engine)
    assert counted["results"] == _EACH
    assert counted["people"] == 0, "it is new since then"


@on_sqlite
def test_a_copy_of_before_an_upgrade_is_restored_too(source: Place, tmp_path: Path) -> None:
    assert source.file is not None
    folder = tmp_path / "new"
    restore(source.file, place_of(str(folder / "obt.sqlite3")), folder, Silent())
    assert _everything(place_of(str(folder))) == _everything(source)


@on_sqlite
def test_a_damaged_backup_is_refused_and_nothing_is_restored(source: Place, tmp_path: Path) -> None:
    file = tmp_path / "obt.zip"
    backup(source, file, Silent())
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        at = archive.infolist()[0].header_offset + 2_000
    cases = {
        "cut": whole[: len(whole) // 2],
        "changed": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
        "something else": b"hello",
    }
    for name, damaged in cases.items():
        file.write_bytes(damaged)
        folder = tmp_path / name
        with pytest.raises(CopyError, match="damaged"):
            restore(file, place_of(str(folder / "obt.sqlite3")), folder, Silent())
        assert [one.name for one in folder.iterdir() if one.name != "server.lock"] == [], name


@on_sqlite
def test_the_commands_back_up_a_running_server_and_restore_who_was_there(source: Place, tmp_path: Path) -> None:
    """Keys and sign-ins are in the database as hashes: what worked before works after."""
    del source
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with programs.serving(tmp_path / "one") as served, served.sign_in() as owner:
        key = owner.post("/api/v1/api-keys", json={"name": "ci", "role": "viewer"}).raise_for_status()
        cookies = dict(owner.cookies)
        told = programs.run(tmp_path / "one", "backup").stdout
        assert (
            programs.run(tmp_path / "one", "restore", "nothing.zip").stderr
            == "obt-server: there is no file nothing.zip\n"
        )
    (file,) = (tmp_path / "one" / "backups").iterdir()
    assert str(file) in told
    assert read_manifest(file).rows["people"] == 1
    assert "restored and verified" in programs.run(tmp_path / "two", "restore", str(file)).stdout
    with programs.serving(tmp_path / "two") as served, httpx.Client(base_url=served.url, cookies=cookies) as owner:
        assert owner.get("/api/v1/auth/me").json()["kind"] == "administrator"
        owner.cookies.clear()
        owner.headers["X-API-Key"] = key.json()["key"]
        assert owner.get("/api/v1/clients").status_code == 200
