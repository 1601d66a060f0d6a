"""A bare machine for the install script: an empty home, an empty environment, and only the tools that are named."""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

TOOLS = (
    "sh", "cat", "uname", "id", "mkdir", "mktemp", "rm", "rmdir", "mv", "ln", "chmod", "grep", "sed", "cut", "tail",
    "dirname", "basename", "sha256sum", "ldd", "curl",
)  # fmt: skip
"""What the script uses, and every Linux has (curl, or wget, or Python)."""


@dataclass
class Machine:
    """Runs the script as a person would who has just been given this machine."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        for folder in (self.home, self.bin, self.tmp):
            folder.mkdir(parents=True)
        self.has(*TOOLS)
        self.has_program("python3", Path(os.path.realpath(sys.executable)))

    @property
    def home(self) -> Path:
        """Its only user's home."""
        return self.folder / "home"

    @property
    def bin(self) -> Path:
        """All of its PATH."""
        return self.folder / "bin"

    @property
    def tmp(self) -> Path:
        """Where temporary files go."""
        return self.folder / "tmp"

    @property
    def data(self) -> Path:
        """The client's folder."""
        return self.home / ".local/share/obt-client"

    @property
    def python(self) -> Path:
        """The Python of the client's environment."""
        return self.data / "venv/bin/python"

    def has(self, *names: str) -> None:
        """Put tools of this machine on its PATH."""
        for name in names:
            if (found := shutil.which(name, path="/usr/local/bin:/usr/bin:/bin")) is not None:
                self.has_program(name, Path(found))

    def has_program(self, name: str, program: Path) -> None:
        """Put one program on its PATH, under a name."""
        (self.bin / name).symlink_to(program)

    def lacks(self, *names: str) -> None:
        """Take tools away."""
        for name in names:
            (self.bin / name).unlink()

    @property
    def environment(self) -> dict[str, str]:
        """All of its environment."""
        return {"HOME": str(self.home), "PATH": str(self.bin), "TMPDIR": str(self.tmp), **self.settings}

    async def sh(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str]:
        """Run the shell with so many arguments; return its status and all that it printed."""
        process = await asyncio.create_subprocess_exec(
            self.bin / "sh",
            *arguments,
            env=self.environment,
            cwd=self.folder,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate(stdin)
        assert process.returncode is not None
        return process.returncode, out.decode() + err.decode()

    async def client(self, *arguments: str) -> tuple[int, str]:
        """Run the installed client by the name that stands on a person's PATH."""
        return await self.sh(str(self.home / ".local/bin/obt-client"), *arguments)

    def files(self) -> list[str]:
        """List everything in its home and its temporary folder."""
        return sorted(str(path.relative_to(self.folder)) for root in (self.home, self.tmp) for path in root.rglob("*"))

    def pids(self) -> list[int]:
        """Return the client's processes."""
        return [process.pid for process in psutil.process_iter() if str(self.python) in _command_of(process)]

    def kill(self) -> None:
        """End what a failed test left."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _command_of(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return process.cmdline()
    return []
