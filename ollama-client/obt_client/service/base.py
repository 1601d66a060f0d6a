"""What every way of running a service can do, and how it is seen that a service runs."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from obt_client.service.plan import Plan, ServiceError

_SETTLED_S = 3.0
"""A client that lives so long has read its settings, its identity and its outbox."""
_START_LIMIT_S = 20.0
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Log:
    """Where the log is: a file, or commands that show its last lines and follow it."""

    file: Path | None = None
    show: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """How a person gets at it without us."""
        return str(self.file) if self.file else " ".join(self.follow)


class Manager(Protocol):
    """One way to run the service. All but `trouble` and the properties raise ServiceError."""

    plan: Plan
    log: Log

    @property
    def kind(self) -> str:
        """What it is, with its article: `a systemd user unit`."""
        ...

    @property
    def when(self) -> str:
        """When it starts by itself, as the end of a sentence."""
        ...

    @property
    def place(self) -> str:
        """The file or the name under which the system knows it."""
        ...

    def trouble(self) -> str | None:
        """Why the service cannot be run in this way on this machine; None where it can."""
        ...

    def is_installed(self) -> bool:
        """Whether it is installed in this way."""
        ...

    def write(self) -> None:
        """Make the system know the service, in place of what it knew of it before. Starts nothing."""
        ...

    def start(self) -> None:
        """Start it; nothing where it runs."""
        ...

    def stop(self) -> None:
        """Stop it in good order and wait for that; nothing where it does not run."""
        ...

    def pid(self) -> int | None:
        """Its process, None where it does not run."""
        ...

    def remove(self) -> None:
        """Make the system forget it, once it is stopped. Nothing where it does not know it."""
        ...


def settled_pid(
    pid_of: Callable[[], int | None], settled_s: float = _SETTLED_S, limit_s: float = _START_LIMIT_S
) -> int | None:
    """Wait until the same process has lived for `settled_s`, and return it; None where it ended or none came."""
    begun_s, pid, seen_s = time.monotonic(), None, 0.0
    while time.monotonic() < begun_s + limit_s:
        found = pid_of()
        if pid is not None and found != pid:
            return None
        if found is not None and pid is None:
            pid, seen_s = found, time.monotonic()
        if pid is not None and time.monotonic() - seen_s >= settled_s:
            return pid
        time.sleep(_POLL_S)
    return None


def put(path: Path, content: bytes, mode: int) -> None:
    """Write a file of the system's, whole. Raises ServiceError."""
    draft = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.chmod(mode)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise ServiceError(f"{path} cannot be written: {error}. Is that folder yours, and its disk not full?") from None


def unlink(path: Path) -> None:
    """Remove a file if it is there. Raises ServiceError."""
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return
    except OSError as error:
        raise ServiceError(f"{path} cannot be removed: {error}. As root, or as its owner, it can.") from None


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of the folders that are there and have nothing in them, in the order given."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def kill(process: psutil.Process) -> None:
    """End a process and its children at once."""
    with suppress(psutil.NoSuchProcess):
        for one in (*process.children(recursive=True), process):
            with suppress(psutil.NoSuchProcess):
                one.kill()
