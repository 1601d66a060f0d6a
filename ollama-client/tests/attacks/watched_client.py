"""The real client, with every file that it writes, program that it starts and address that it asks written down.

`python watched_client.py EVENTS run`: Python's own audit events, which nothing in the process gets around by accident.
"""

import json
import os
import runpy
import sys
from typing import Any

_EVENTS = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.spawn")
_CHANGES = (
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "shutil.rmtree",
)
_ASKS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _watch(event: str, given: tuple[Any, ...]) -> None:
    told = _told(event, given)
    if told is not None:
        os.write(_EVENTS, json.dumps({"event": event, "told": told}, default=str).encode() + b"\n")


def _told(event: str, given: tuple[Any, ...]) -> list[Any] | None:
    if event == "open":
        path, mode, flags = given
        is_writing = (flags or 0) & _WRITING if mode is None else set("wax+").intersection(mode)
        return [os.fsdecode(path)] if is_writing and not isinstance(path, int) else None
    if event in {"os.remove", "os.rmdir"} and given[1] != -1:
        return None  # named from an open folder on: a part of `shutil.rmtree`, which tells the whole path itself
    if event in _CHANGES or event == "shutil.rmtree":
        return [os.path.abspath(os.fsdecode(one)) for one in given if not isinstance(one, int | None)]  # noqa: PTH100
    if event in _STARTS:
        return [str(one) for one in given[:2]]  # the program and its arguments
    if event in _ASKS:
        return [one for one in given if isinstance(one, str | int | tuple | bytes)]
    return None


sys.addaudithook(_watch)
sys.argv = ["obt-client", *sys.argv[2:]]
runpy.run_module("obt_client", run_name="__main__", alter_sys=True)
