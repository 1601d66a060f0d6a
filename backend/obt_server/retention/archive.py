"""Files of rows that are about to go: compressed JSON lines, each file with a manifest. The format: docs/retention.md.

A file gets its name when it is whole and on the disk, and its manifest after it: what has a manifest is complete.
"""

import base64
import gzip
import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from obt_server import __version__
from obt_server.db import Document

FORMAT = 1
PARTIAL = ".part"
_LEVEL = 6


def line_of(row: Document) -> bytes:
    """Write one row as a line of JSON: moments in UTC as ISO 8601, bytes as base64."""
    return json.dumps(row, default=_plain, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no {type(value).__name__} is archived")


@dataclass(slots=True)
class ArchiveFile:
    """One file as it is written."""

    folder: Path
    kind: str
    table: str
    age: str
    rows: int = 0
    plain_bytes: int = 0
    _oldest: str = "~"
    _newest: str = ""
    _path: Path = field(default=Path(), repr=False)
    _file: Any = None

    def open(self) -> Self:
        """Begin. Raises OSError, as all of this does: then nothing may be deleted."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = self.folder / f"{self.table}-{os.getpid()}{PARTIAL}"
        # No name and no time in it, so that the same rows make the same bytes.
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = gzip.GzipFile("", "wb", _LEVEL, os.fdopen(descriptor, "wb"), mtime=0)
        return self

    def add(self, rows: list[Document]) -> None:
        """Write rows."""
        lines = [line_of(row) for row in rows]
        self._file.write(b"".join(lines))
        self.rows += len(rows)
        self.plain_bytes += sum(map(len, lines))
        ages = [_plain(row[self.age]) for row in rows]
        self._oldest, self._newest = min(self._oldest, *ages), max(self._newest, *ages)

    def finish(self) -> Path:
        """Bring it to the disk, then give it its name and its manifest; return its path."""
        raw = self._file.fileobj
        self._file.close()
        raw.flush()
        os.fsync(raw.fileno())
        raw.close()
        digest = _sha256(self._path)
        final = self.folder / f"{self.table}-{self._oldest[:10]}-{digest[:16]}.jsonl.gz"
        self._path.replace(final)
        _sync(self.folder)
        _write(final.with_name(f"{final.name}.manifest.json"), self._manifest(final, digest))
        return final

    def drop(self) -> None:
        """Give up what is not finished."""
        if self._file is not None:
            self._file.fileobj.close()
            self._path.unlink(missing_ok=True)

    def _manifest(self, final: Path, digest: str) -> Document:
        return {
            "format": FORMAT,
            "obt_version": __version__,
            "kind": self.kind,
            "table": self.table,
            "file": final.name,
            "sha256": digest,
            "bytes": final.stat().st_size,
            "plain_bytes": self.plain_bytes,
            "rows": self.rows,
            "age": self.age,
            "oldest": self._oldest,
            "newest": self._newest,
        }


def forget_partial(folder: Path) -> None:
    """Remove what an earlier run was writing when it ended: nothing of that was deleted. Whoever calls is alone."""
    for path in folder.glob(f"*/*{PARTIAL}"):
        path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: Document) -> None:
    partial = path.with_name(path.name + PARTIAL)
    with partial.open("w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Bring a folder's names to the disk, where that is possible."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
