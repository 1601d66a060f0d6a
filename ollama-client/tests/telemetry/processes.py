"""Real processes: one that listens as Ollama does and has children at work, and somebody else at work."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil

WORK = "import time\nend = time.monotonic() + 120\nwhile time.monotonic() < end: pass"
"""Ends by itself, should nobody end it."""
_LISTENS = f"""
import socket, subprocess, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
for line in sys.stdin:
    print(subprocess.Popen([sys.executable, "-S", "-c", {WORK!r}]).pid, flush=True)
"""
_LEAVES = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-S", "-c", {WORK!r}], start_new_session=True, stdout=subprocess.DEVNULL).pid)
"""


class Listener:
    """Stands in for Ollama: it listens at `url`, and has a child at work for each `bear`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.pid = process.pid
        self.url = f"http://127.0.0.1:{self._line()}"

    def bear(self) -> int:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@contextmanager
def a_listener(program: str | Path = sys.executable) -> Generator[Listener]:
    pipe = subprocess.PIPE
    with subprocess.Popen([program, "-S", "-c", _LISTENS], stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Listener(process)
        finally:
            for one in reversed([psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]):
                one.kill()


@contextmanager
def somebody_else_at_work() -> Generator[int]:
    """A busy process that is no descendant of this one: its parent has left it."""
    told = subprocess.run([sys.executable, "-S", "-c", _LEAVES], stdout=subprocess.PIPE, text=True, check=True)
    pid = int(told.stdout)
    try:
        yield pid
    finally:
        psutil.Process(pid).kill()


def named(folder: Path, name: str) -> Path:
    """A program that runs under a name of the test's."""
    link = folder / name
    link.symlink_to(Path(sys.executable).resolve())
    return link
