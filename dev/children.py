"""The programs that the demo runs: started with a log each, watched, and stopped in the opposite order."""

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

from dev.paths import LOGS
from dev.shell import relative, tail
from dev.trouble import Trouble

STOP_S = 10.0
"""How long a program may take to end after SIGTERM."""


@dataclass(frozen=True)
class Child:
    """A running program and where its output goes."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    def ended(self) -> Trouble:
        """Return what to tell when it ended by itself: which, how, and its last words."""
        message = f"{self.name[:1].upper()}{self.name[1:]} ended by itself, with status {self.process.returncode}."
        return Trouble(message, f"The end of {relative(self.log)}:\n{tail(self.log)}")

    async def stop(self) -> None:
        """End it, and all that it started, kindly first."""
        if self.process.returncode is None:
            _signal(self.process, signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), STOP_S)
        if self.process.returncode is None:
            _signal(self.process, signal.SIGKILL)
            await self.process.wait()


class Children:
    """Programs that live as long as the `async with` block."""

    def __init__(self, folder: Path, logs: Path = LOGS) -> None:
        self._folder = folder
        self._logs = logs
        self._children: list[Child] = []
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for child in reversed(self._children):
            await child.stop()

    async def start(self, name: str, command: Sequence[str | Path], env: Mapping[str, str]) -> Child:
        """Start a program, named as in "the server ended", in a session of its own: Ctrl-C reaches this one alone."""
        for folder in (self._folder, self._logs):
            folder.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"demo-{name.rsplit(maxsplit=1)[-1].lower()}.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *_not_orphaned(),
                *command,
                cwd=self._folder,
                env={**clean_environment(), **env},
                start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        child = Child(name, process, log)
        self._children.append(child)
        self._news.set()
        return child

    async def watch(self) -> NoReturn:
        """Wait until one of them ends by itself. Raises Trouble that says which."""
        while True:
            self._news.clear()
            await self._news_or_an_end()
            for child in self._children:
                if child.process.returncode is not None:
                    raise child.ended()

    async def _news_or_an_end(self) -> None:
        waiting = [asyncio.ensure_future(child.process.wait()) for child in self._children]
        waiting.append(asyncio.ensure_future(self._news.wait()))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for future in waiting:
                future.cancel()


def clean_environment() -> dict[str, str]:
    """Return this environment without settings of OBT and of Ollama: the demo's programs get their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_"))}


def _not_orphaned() -> list[str]:
    """Return the words before a command with which it ends even if this program is killed outright; Linux can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
