"""Stamps: what was made from which sources, so that nothing is made twice. Standard library only."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dev.paths import LOCAL

STAMPS = LOCAL / "stamps"


def digest(files: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the names and contents of `files` and over `facts`. A missing file counts as such."""
    total = hashlib.sha256("\0".join(facts).encode())
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "missing"
        total.update(f"{file}\0{content}\0".encode())
    return total.hexdigest()


def is_current(name: str, wanted: str) -> bool:
    """Whether `name` was last made from what `wanted` is the digest of."""
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text("utf-8") == wanted


def mark(name: str, made_from: str) -> None:
    """Note that `name` is made."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(made_from, "utf-8")


def clear(name: str) -> None:
    """Forget that `name` was made; done before it is made again, so that a cut attempt is not taken for a whole one."""
    (STAMPS / name).unlink(missing_ok=True)
