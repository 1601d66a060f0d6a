"""The end of a log file, and what is added to it."""

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from obt_client.service.plan import ServiceError

_POLL_S = 0.3


def last_lines(path: Path, count: int) -> list[str]:
    """Return the last lines; none of a log that is not there. Raises ServiceError."""
    try:
        with path.open("rb") as file:
            return [_text(line) for line in deque(file, maxlen=count)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ServiceError(f"The log {path} cannot be read: {error}.") from None


def follow(path: Path, count: int) -> Iterator[str]:
    """Yield the last lines, and then each new one for ever, also of a log that begins anew. Raises ServiceError."""
    read = _Read()
    yield from deque(read.on(path), maxlen=count)
    while True:
        time.sleep(_POLL_S)
        yield from read.on(path)


class _Read:
    """How far which file was read."""

    def __init__(self) -> None:
        self._file, self._bytes = 0, 0

    def on(self, path: Path) -> list[str]:
        """Return the lines that came, as far as they have an end. Raises ServiceError."""
        try:
            with path.open("rb") as file:
                now = os.fstat(file.fileno())
                if now.st_ino != self._file or now.st_size < self._bytes:
                    self._file, self._bytes = now.st_ino, 0
                file.seek(self._bytes)
                whole, end, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ServiceError(f"The log {path} cannot be read: {error}.") from None
        self._bytes += len(whole) + len(end)
        return [_text(line) for line in whole.split(b"\n")] if end else []


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r\n")
