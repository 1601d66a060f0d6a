"""The environment of the process that is Ollama, where this user may see it: that of its own, or with root's rights."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

_NAMES = frozenset({"ollama", "ollama.exe"})
_WORDS = 4
"""How much of a command line is looked at: the program, or an interpreter and what it runs."""


def environ_of_listener(port: int) -> Mapping[str, str] | None:
    """Return the environment of the Ollama that listens at a port of this machine; None where none can be read.

    A program before Ollama that only hands on is not taken for it: its command would have to name Ollama.
    """
    for process in (*_one_of(_servers(port)), *_listeners(port)):
        with suppress(psutil.Error, OSError):
            # macOS hides the environment of signed programs: it is empty then, as no real one is.
            if environ := process.environ():
                return environ
    return None


def _servers(port: int) -> Iterator[psutil.Process]:
    """`ollama serve` with that port open, be it in a container of this machine, which has ports of its own."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name().lower() in _NAMES and "serve" in process.cmdline() and _has_open(process, port):
                yield process


def _has_open(process: psutil.Process, port: int) -> bool:
    rows = process.net_connections("tcp")
    return any(row.status == psutil.CONN_LISTEN and row.laddr and row.laddr.port == port for row in rows)


def _one_of(found: Iterator[psutil.Process]) -> list[psutil.Process]:
    """The one that is meant: beside this process before in a container, and none where that leaves several."""
    processes = list(found)
    beside = [process for process in processes if _network_of(process.pid) == _network_of(os.getpid())]
    likely = beside or processes
    return likely if len(likely) == 1 else []


def _network_of(pid: int) -> str | None:
    """Linux: the network that a process sees; elsewhere there is one."""
    try:
        return str(Path(f"/proc/{pid}/ns/net").readlink())
    except OSError:
        return None


def _listeners(port: int) -> Iterator[psutil.Process]:
    """Whoever has the port open here, if its command names Ollama."""
    with suppress(psutil.Error, OSError):  # macOS tells root alone
        rows = psutil.net_connections("tcp")
        pids = {row.pid for row in rows if row.status == psutil.CONN_LISTEN and row.laddr and row.laddr.port == port}
        for pid in sorted(filter(None, pids)):
            process = psutil.Process(pid)
            if "ollama" in " ".join([process.name(), *process.cmdline()[:_WORDS]]).lower():
                yield process
