"""Running other programs: into a log or visibly, with another try where the network is involved.

Standard library only.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dev.paths import ROOT
from dev.trouble import Trouble

ATTEMPTS = 3
PAUSE_S = 3.0
"""Before the second attempt; twice as long before the third."""
TAIL_LINES = 15
SHUTDOWN_S = 5.0
TELLING_S = 60.0
"""A program that is interrupted sums up within this time."""
TIMED_OUT = 124
"""The status that stands for a program that was stopped because it took too long."""
_OFFLINE = (
    "could not resolve", "name resolution", "dns error", "network is unreachable", "enotfound", "eai_again",
    "econnrefused", "connection refused", "failed to establish", "failed to fetch", "tunnel", "timed out",
    "no matching distribution", "econnreset", "etimedout", "error sending request", "cannot connect to proxy",
)  # fmt: skip

Say = Callable[[str], None]
"""Tells a person what is done now, in a few words."""

_children: set[subprocess.Popen[bytes]] = set()


class CommandFailed(Trouble):
    """A program that ended with another status than 0."""

    def __init__(self, command: Sequence[str | Path], status: int, log: Path) -> None:
        self.status = status
        self.tail = tail(log)
        shown = " ".join(str(part) for part in command)
        super().__init__(f"`{shown}` ended with status {status}.", f"{self.tail}\n(the whole log: {relative(log)})")

    def is_offline(self) -> bool:
        """Whether the program's last words are those of a machine without network."""
        return any(sign in self.tail.lower() for sign in _OFFLINE)


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    fresh: bool = True,
) -> None:
    """Run a program with its output in `log`. Raises CommandFailed, which shows the log's end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb" if fresh else "ab") as out:
        child = _start(command, cwd=cwd, env=env, out=out.fileno())
        status = _wait(child)
    if status:
        raise CommandFailed(command, status, log)


def show(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    limit_s: float | None = None,
) -> int:
    """Run a program visibly, in this terminal; return its exit status, TIMED_OUT if it was stopped after `limit_s`.

    It is interrupted as a person would do it, so that it tells what it has found so far, and ended if it does not end.
    """
    child = _start(command, cwd=cwd, env=env, out=None)
    try:
        return _wait(child, limit_s)
    except subprocess.TimeoutExpired:
        _interrupt(child)
        end_children()
        return TIMED_OUT


def fetch(
    what: str, command: Sequence[str | Path], *, log: Path, say: Say, env: Mapping[str, str] | None = None
) -> None:
    """Run a program that downloads; try again when it fails. Raises Trouble after the last attempt."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            run(command, log=log, env=env)
        except CommandFailed as failure:
            if attempt == ATTEMPTS:
                raise _download_trouble(what, failure, log) from failure
            pause = PAUSE_S * attempt
            say(f"{what} failed; trying again in {pause:.0f} s ({attempt + 1} of {ATTEMPTS})")
            time.sleep(pause)
        else:
            return


def _interrupt(child: subprocess.Popen[bytes]) -> None:
    if os.name != "posix":
        return
    child.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        child.wait(TELLING_S)


def end_children() -> None:
    """Stop every program that is still running; called when this one is interrupted."""
    for child in list(_children):
        child.terminate()
    for child in list(_children):
        try:
            child.wait(SHUTDOWN_S)
        except subprocess.TimeoutExpired:
            child.kill()


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, "(empty)" where there is nothing in it."""
    try:
        text = log.read_text("utf-8", errors="replace").rstrip()
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:]) or "(empty)"


def relative(path: Path) -> str:
    """Return a path as it reads from the project's folder."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _download_trouble(what: str, failure: CommandFailed, log: Path) -> Trouble:
    if failure.is_offline():
        message = f"{what} could not be downloaded: the package index cannot be reached."
        hint = "Is this machine online (or a proxy set)? What was downloaded is kept: run it again to continue."
        return Trouble(message, f"{hint}\nDetails: {relative(log)}")
    hint = f"Run it again to continue where it stopped. The last lines of {relative(log)}:\n{failure.tail}"
    return Trouble(f"{what} could not be installed.", hint)


def _start(
    command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None, out: int | None
) -> subprocess.Popen[bytes]:
    try:
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd, env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT if out is not None else None,
        )  # fmt: skip
    except OSError as error:
        raise Trouble(f"{command[0]} could not be started: {error.strerror}.") from error
    _children.add(child)
    return child


def _wait(child: subprocess.Popen[bytes], limit_s: float | None = None) -> int:
    try:
        return child.wait(limit_s)
    finally:
        if child.returncode is not None:
            _children.discard(child)
