"""Files that are whole or absent, and for their owner alone."""

import os
import tempfile
from pathlib import Path

_DIRECTORY_MODE = 0o700


def make_private_dir(folder: Path) -> None:
    """Create a folder that only its owner may enter, with its parents. Raises OSError."""
    folder.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Write a file, mode 0600, so that a crash leaves the old one or the new one. Raises OSError; nothing is left."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_dir(path.parent)


def sync_dir(folder: Path) -> None:
    """Make new names in a folder survive a loss of power, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
