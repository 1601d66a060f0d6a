"""A backup's file: a zip with a SQLite database and what is said of it. The format: docs/backup.md."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Final, Literal

from pydantic import BaseModel, Field, ValidationError

FORMAT: Final = 1
_MANIFEST = "backup.json"
_DATABASE = "obt.sqlite3"
_CHUNK_BYTES = 2**20
_LEVEL = 1
"""Of zlib: higher ones take several times as long to save a tenth, of what is compressed already for the most part."""
_SQLITE_HEADER = b"SQLite format 3\0"


class ArchiveError(Exception):
    """A file is no backup, or a damaged one."""


class Manifest(BaseModel):
    """What a backup says of itself. `sha256`: of the SQLite file in it. `source`: the database that it was made of."""

    format: Literal[1] = FORMAT
    obt_version: str
    revision: str
    made_at: datetime
    source: Literal["sqlite", "postgresql"]
    size_bytes: int = Field(ge=0)
    sha256: str
    rows: Mapping[str, int]


Advance = Callable[[int], None]


def pack(database: Path, file: Path, manifest_of: Callable[[str], Manifest], advance: Advance) -> Manifest:
    """Write the archive; its hash is taken meanwhile, and the manifest made of it. Nobody else may read the file."""
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            with database.open("rb") as source, archive.open(_DATABASE, "w", force_zip64=True) as inside:
                sha256 = _pump(source, inside, advance)
            manifest = manifest_of(sha256)
            archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def read_manifest(file: Path) -> Manifest:
    """Read what a backup says of itself. Raises ArchiveError."""
    try:
        with zipfile.ZipFile(file) as archive:
            return Manifest.model_validate_json(archive.read(_MANIFEST))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise ArchiveError(f"{file} is no backup of OBT, or it is damaged") from error
    except ValidationError as error:
        raise ArchiveError(f"{file} is a backup that this version of OBT cannot read") from error


def unpack(file: Path, manifest: Manifest, database: Path, advance: Advance) -> None:
    """Write the database of an archive. Raises ArchiveError where it is not the one that was packed."""
    with database.open("wb") as target:
        _unpack_into(file, manifest, target, advance)
        target.flush()
        os.fsync(target.fileno())


def verify(file: Path, manifest: Manifest, advance: Advance) -> None:
    """Read an archive again. Raises ArchiveError where it is not what was packed."""
    with Path(os.devnull).open("wb") as nowhere:
        _unpack_into(file, manifest, nowhere, advance)


def _unpack_into(file: Path, manifest: Manifest, target: IO[bytes], advance: Advance) -> None:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_DATABASE) as inside:
            sha256 = _pump(inside, target, advance)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise ArchiveError(f"{file} is damaged: {error}") from error
    if sha256 != manifest.sha256:
        raise ArchiveError(f"{file} is damaged: its database is not the one that was packed")


def _pump(source: IO[bytes], target: IO[bytes], advance: Advance) -> str:
    hashed = hashlib.sha256()
    while chunk := source.read(_CHUNK_BYTES):
        hashed.update(chunk)
        target.write(chunk)
        advance(len(chunk))
    return hashed.hexdigest()


def is_sqlite(file: Path) -> bool:
    """Tell whether a file is a SQLite database, such as the copy that is made before an upgrade."""
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
