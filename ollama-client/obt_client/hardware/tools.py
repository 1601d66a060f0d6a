"""Running a vendor's tool: a fixed argument list, no shell, a time limit, bounded output, no language but English."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from obt_core.hardware import NoteCode

OUTPUT_BYTES_MAX = 4 * 2**20
"""More than any tool here prints: `system_profiler -json` gives about 20 KB."""


@dataclass(frozen=True)
class ToolReply:
    """What a tool printed on its standard output. `trouble` is None where it ran well."""

    text: str = ""
    trouble: NoteCode | None = None
    is_missing: bool = False


def run_tool(arguments: Sequence[str], limit_s: float) -> ToolReply:
    """Run a tool and return what it printed. Never raises; what a killed tool has printed so far is dropped."""
    if (program := shutil.which(arguments[0])) is None:
        return ToolReply(is_missing=True)
    try:
        process = _start([program, *arguments[1:]])
    except PermissionError:
        return ToolReply(trouble=NoteCode.PERMISSION_DENIED)
    except (OSError, ValueError):
        return ToolReply(trouble=NoteCode.FAILED)
    return _finish(process, limit_s)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(  # noqa: S603 - a fixed list of arguments, none of them from outside
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C", "LANGUAGE": "C"},
        start_new_session=True,
        creationflags=hidden,
    )


def _finish(process: "subprocess.Popen[bytes]", limit_s: float) -> ToolReply:
    """Wait for the end of the output in a thread that can be left behind: a child of the tool may hold the pipe."""
    told: list[bytes] = []
    pipe = process.stdout
    reader = threading.Thread(
        target=lambda: told.append(pipe.read(OUTPUT_BYTES_MAX) if pipe else b""), daemon=True, name="tool"
    )
    reader.start()
    reader.join(limit_s)
    trouble = NoteCode.TIMED_OUT if reader.is_alive() else NoteCode.FAILED  # before the end of the tool ends the reader
    if reader.is_alive() or not _has_ended(process):
        _kill(process)
        return ToolReply(trouble=trouble)
    if pipe:
        pipe.close()
    text = b"".join(told).decode(errors="replace")
    return ToolReply(text, NoteCode.FAILED if process.returncode else None)


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """A tool that closed its output ends at once; one that was cut at the limit of its output does not."""
    try:
        process.wait(0.5)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the tool and its children. It is waited for in a thread: one inside a driver may not die at once."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    threading.Thread(target=process.wait, daemon=True, name="tool-end").start()
