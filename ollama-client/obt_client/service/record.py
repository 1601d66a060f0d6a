"""Which process the service is, where the system does not know: a file that is true of one process only.

A process ID is used again, after a restart of the machine at the latest. So the record has the moment of the start
beside it, in a form that no change of the clock touches where the system has one, and the command line must be ours.
"""

import os
import sys
import time
from pathlib import Path

import psutil
from pydantic import BaseModel, Field, ValidationError

from obt_client.files import write_atomically
from obt_client.service.plan import ServiceError

MODULE = "obt_client.service.started"
_POLL_S = 0.05


class Record(BaseModel):
    """The content of service.json. `started` tells one process from another that has the same ID later."""

    pid: int = Field(gt=0)
    started: str


def write(path: Path) -> None:
    """Say that this process is the service. Raises OSError."""
    record = Record(pid=os.getpid(), started=_started(psutil.Process()))
    write_atomically(path, record.model_dump_json())


def erase(path: Path) -> None:
    """Remove the record, if it is this process's own."""
    if (record := _read(path)) and record.pid == os.getpid():
        path.unlink(missing_ok=True)


def process_of(path: Path) -> psutil.Process | None:
    """Return the process that the record names, None where it has ended. Raises ServiceError."""
    record = _read(path)
    if record is None:
        return None
    try:
        process = psutil.Process(record.pid)
        is_it = is_alive(process) and _started(process) == record.started and _is_ours(process)
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None
    return process if is_it else None


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs: one that nobody has waited for yet has ended."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ended(process: psutil.Process, limit_s: float) -> bool:
    """Wait for the end of a process, for so many seconds at most; whether it came."""
    end_s = time.monotonic() + limit_s
    while is_alive(process):
        if time.monotonic() > end_s:
            return False
        time.sleep(_POLL_S)
    return True


def _read(path: Path) -> Record | None:
    try:
        return Record.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error}. Run the same command as its owner, or as root.") from None


def _started(process: psutil.Process) -> str:
    """Linux counts from the boot, in ticks of the kernel (proc(5), field 22); elsewhere it is a time of day."""
    if sys.platform == "linux":
        fields = Path(f"/proc/{process.pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {fields[19]}"
    return f"{process.create_time():.2f}"


def _is_ours(process: psutil.Process) -> bool:
    try:
        return MODULE in process.cmdline()
    except psutil.AccessDenied:
        return True  # another user's: the moment of its start must do
