"""The environment of the process that is Ollama, where this user may see it: that of its own, or with root's rights."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from obt_client.telemetry.ollama_processes import is_relay, listeners

_NAMES = frozenset({"ollama", "ollama.exe"})


def environ_of_listener(port: int) -> Mapping[str, str] | None:
    """Return the environment of the Ollama that listens at a port of this machine; None where none can be read."""
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
    """Whoever has the port open here, unless it is known to hand on what it is asked."""
    for pid in listeners("localhost", port):
        with suppress(psutil.Error):
            if not is_relay(process := psutil.Process(pid)):
                yield process
