"""The end of a log file, and what is added to it."""

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

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
    yield from last_lines(path, count)
    offset = path.stat().st_size if path.exists() else 0
    while True:
        if path.exists():
            if path.stat().st_size < offset:
                offset = 0
            with path.open("rb") as file:
                file.seek(offset)
                yield from _whole_lines(file)
                offset = file.tell()
        time.sleep(_POLL_S)


def _whole_lines(file: BinaryIO) -> Iterator[str]:
    """Yield lines that have an end, and stand behind the last of them."""
    while line := file.readline():
        if not line.endswith(b"\n"):
            file.seek(-len(line), 1)
            return
        yield _text(line)


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r\n")
