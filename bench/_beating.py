"""Starts the many clients of `bench._beaters` beside, and looks at what they ask."""

import asyncio
import json
import resource
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import cast

import psutil

from bench._beaters import Told, Wish

_DESCRIPTORS_BESIDE = 200


def raise_descriptors(clients: int) -> None:
    """Be allowed a connection for each client, or end."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if clients + _DESCRIPTORS_BESIDE > hard:
        sys.exit(f"{clients} connections need more open files than the {hard} that this user may have (ulimit -n).")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Beaters:
    """The many clients, in a process of theirs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._said = cast("asyncio.StreamReader", process.stdout)
        self._hears = cast("asyncio.StreamWriter", process.stdin)

    async def connect(self, port: int) -> None:
        """Have each connect and be heard; they beat on. Ends the program where they ended."""
        self._hears.write(f"{port}\n".encode())
        await self._until("known")

    async def measure(self) -> None:
        """Have what they do measured, and wait until that begins. Ends the program where they ended."""
        self._hears.write(b"measure\n")
        await self._until("ready")

    async def _until(self, word: str) -> None:
        if (await self._said.readline()).strip() != word.encode():
            sys.exit("The beaters ended.")

    def stop(self) -> None:
        """Have them end before their time."""
        self._hears.write(b"stop\n")

    async def told(self) -> Told:
        """Wait for the end; return what came of it."""
        return Told(**json.loads(await self._said.readline()))


@asynccontextmanager
async def beaters(wish: Wish) -> AsyncGenerator[Beaters]:
    """Have clients made beside, which beat once they are connected; they are ended with the block."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench._beaters", stdin=pipe, stdout=pipe)
    cast("asyncio.StreamWriter", process.stdin).write(json.dumps(asdict(wish)).encode() + b"\n")
    try:
        yield Beaters(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def cpu_s_of(process: psutil.Process) -> float:
    """What a process used until now, in CPU seconds."""
    times = process.cpu_times()
    return times.user + times.system


def size_of(folder: Path) -> int:
    """All its files, in bytes, but for the write-ahead log: its files are made at once, and used again."""
    lasting = (file for file in folder.rglob("*") if "pg_wal" not in file.parts and not file.name.endswith("-wal"))
    return sum(file.stat().st_size for file in lasting if file.is_file())
