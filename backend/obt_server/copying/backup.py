"""`obt-server backup` and `restore`: one file for both databases, made while servers run."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from obt_server import __version__
from obt_server.copying import sqlite
from obt_server.copying.archive import ArchiveError, Manifest, is_sqlite, pack, read_manifest, unpack, verify
from obt_server.copying.checking import counts
from obt_server.copying.places import Place, place_of
from obt_server.copying.service import Copied, CopyError, Watcher, copy_into, snapshot
from obt_server.copying.whole import into_file, put_in_place, remove, require_empty_file, unserved
from obt_server.migrate import missing_steps, require_room, revision_of, run_steps, size_bytes

_PAGES_A_STEP = 4_096


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read again."""

    file: Path
    manifest: Manifest
    packed_bytes: int


def backup(place: Place, file: Path, watcher: Watcher) -> Backup:
    """Write a backup of one moment, whoever writes meanwhile, and read it again. Raises CopyError, NoRoomError."""
    if place.file is not None and not place.file.exists():
        raise CopyError(f"there is no database {place.file}")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    try:
        with TemporaryDirectory(prefix=".obt-backup-", dir=file.parent) as folder:
            copy = Path(folder) / "obt.sqlite3"
            _copy(place, copy, watcher)
            manifest = _pack(place, copy, part, watcher)
        watcher.begin("reading again", manifest.size_bytes)
        verify(part, manifest, lambda done: watcher.advance(done, ""))
        part.replace(file)
    except ArchiveError as error:
        raise CopyError(str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, manifest, file.stat().st_size)


def _copy(place: Place, copy: Path, watcher: Watcher) -> None:
    if place.file is None:
        with snapshot(place) as connection:
            into_file(connection, place.name, copy, watcher)
        return
    require_room(copy.parent, 2 * size_bytes(place.file), "A backup, with the copy that it is packed from,")
    online_copy(place.file, copy, watcher)


def online_copy(file: Path, copy: Path, watcher: Watcher) -> None:
    """Copy a SQLite database as it is at this moment, though others write: its reader's view is held to the end."""
    with closing(sqlite3.connect(file, isolation_level=None)) as source, closing(sqlite3.connect(copy)) as target:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        pages, page_bytes = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        watcher.begin("copying", pages * page_bytes)
        done = 0

        def tell(_: int, left: int, total: int) -> None:
            nonlocal done
            watcher.advance((total - left) * page_bytes - done, "")
            done = (total - left) * page_bytes

        source.backup(target, pages=_PAGES_A_STEP, progress=tell, sleep=0)
        target.execute("PRAGMA journal_mode=DELETE")


def _pack(place: Place, copy: Path, part: Path, watcher: Watcher) -> Manifest:
    revision, rows = _sound(copy)
    size = copy.stat().st_size

    def manifest(sha256: str) -> Manifest:
        return Manifest(
            obt_version=__version__,
            revision=revision,
            made_at=datetime.now(UTC),
            source="postgresql" if place.file is None else "sqlite",
            size_bytes=size,
            sha256=sha256,
            rows=rows,
        )

    watcher.begin("packing", size)
    return pack(copy, part, manifest, lambda done: watcher.advance(done, ""))


def _sound(copy: Path) -> tuple[str, Mapping[str, int]]:
    """Return its revision and its rows. Raises CopyError where SQLite finds something wrong with it."""
    engine = place_of(str(copy)).engine()
    try:
        with engine.connect() as connection:
            wrong = [f"{one.what}: {one.detail}" for one in sqlite.findings(connection) if one.level == "error"]
            revision, rows = revision_of(connection), counts(connection)
    finally:
        engine.dispose()
    if wrong or revision is None:
        raise CopyError(f"the database is not sound: {'; '.join(wrong) or 'it has no tables of OBT'}")
    _one_file(copy)
    return revision, rows


def _one_file(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def restore(file: Path, place: Place, folder: Path, watcher: Watcher) -> Copied:
    """Restore a backup, or a SQLite file, into an empty database; `folder` has room for it. Raises CopyError."""
    if not file.is_file():
        raise CopyError(f"there is no file {file}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with unserved(folder):
        if place.file is not None:
            require_empty_file(place.file)
        unpacked = folder / "restoring.sqlite3"
        remove(unpacked)
        try:
            name, rows = _unpack(file, unpacked, watcher)
            return _put(unpacked, name, rows, place, watcher)
        except ArchiveError as error:
            raise CopyError(str(error)) from error
        finally:
            remove(unpacked)


def _unpack(file: Path, unpacked: Path, watcher: Watcher) -> tuple[str, Mapping[str, int]]:
    """Write the database that a file holds; return a name for it, and its rows."""
    if is_sqlite(file):
        require_room(unpacked.parent, size_bytes(file), "Restoring")
        online_copy(file, unpacked, watcher)
        return f"the file {file.name}", _sound(unpacked)[1]
    manifest = read_manifest(file)
    require_room(unpacked.parent, manifest.size_bytes, "Restoring")
    watcher.begin("unpacking", manifest.size_bytes)
    unpack(file, manifest, unpacked, lambda done: watcher.advance(done, ""))
    _, rows = _sound(unpacked)
    if rows != manifest.rows:
        raise ArchiveError(f"{file} is damaged: it has not the rows that it says")
    return f"the backup {manifest.sha256}", rows


def _put(unpacked: Path, name: str, rows: Mapping[str, int], place: Place, watcher: Watcher) -> Copied:
    _upgrade(unpacked)
    if place.file is not None:
        put_in_place(unpacked, place.file)
        return Copied(rows)
    engine = place.engine()
    try:
        with snapshot(place_of(str(unpacked))) as source:
            return copy_into(source, name, engine, watcher)
    finally:
        engine.dispose()


def _upgrade(unpacked: Path) -> None:
    """Bring a backup of an earlier version to this one's shape. Raises DatabaseTooNewError."""
    engine = place_of(str(unpacked)).engine()
    try:
        with engine.begin() as connection:
            if steps := missing_steps(connection):
                run_steps(connection, steps)
    finally:
        engine.dispose()
