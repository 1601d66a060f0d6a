"""A file of lines that is only appended to: a line is there whole, for good, or not at all."""

import os
from pathlib import Path

from obt_client.files import sync_dir

_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
"""O_BINARY: Windows would write another end of line."""


class OutboxFullError(OSError):
    """The disk takes nothing more: full, over quota, read-only or broken."""


class LineFile:
    """One such file. Its calls block: they are made in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._size = 0

    def append(self, line: bytes) -> None:
        """Store a line, without its end, for good. Raises OutboxFullError; what was stored before stays whole."""
        try:
            descriptor = os.open(self.path, _APPEND, 0o600)
            try:
                _write_all(descriptor, line + b"\n", self._size)
            finally:
                os.close(descriptor)
            if self._size == 0:
                sync_dir(self.path.parent)
        except OSError as error:
            raise full_error(error) from error
        self._size += len(line) + 1

    def load(self) -> tuple[list[bytes], int]:
        """Read all lines, and drop what a crash cut of a last one; returns how many bytes that were. Raises OSError."""
        data = self.path.read_bytes() if self.path.exists() else b""
        self._size = data.rfind(b"\n") + 1
        if torn := len(data) - self._size:
            os.truncate(self.path, self._size)
        return data[: self._size].splitlines(), torn


def _write_all(descriptor: int, line: bytes, size: int) -> None:
    """Append a line and make it last; what was written of one that does not fit is taken back."""
    try:
        left = memoryview(line)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def full_error(error: OSError) -> OutboxFullError:
    """Return what to raise where the disk did not take something."""
    return OutboxFullError(error.errno, error.strerror or str(error), error.filename)
