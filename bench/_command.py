"""A command that is watched: its processor time and memory, with all processes that it starts."""

import asyncio
import os
import resource
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psutil

_LOOK_EVERY_S = 0.1
_MEBIBYTE = 2**20


class CommandError(Exception):
    """A command failed or took too long; the text holds the end of what it printed."""


@dataclass(slots=True)
class Watched:
    """What a command took. `looks`: (ns of CLOCK_REALTIME, CPU seconds of all its processes until then)."""

    started_ns: int
    ended_ns: int = 0
    cpu_s: float = 0.0
    """Of the whole command, as the kernel counted it."""
    memory_mib: float = 0.0
    """The most that the resident memory of its processes came to together; pages shared by two count twice."""
    looks: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])

    def cpu_share_between(self, from_ns: int, until_ns: int) -> float:
        """Share of one core between two moments, by the first and the last look in between."""
        inside = [look for look in self.looks if from_ns <= look[0] <= until_ns]
        if len(inside) < 2:
            return self.cpu_s * 1e9 / (self.ended_ns - self.started_ns)
        (first_ns, first_s), (last_ns, last_s) = inside[0], inside[-1]
        return (last_s - first_s) * 1e9 / (last_ns - first_ns)


@asynccontextmanager
async def running(
    command: Sequence[str | Path], *, log: Path, env: Mapping[str, str] | None = None
) -> AsyncGenerator[None, None]:
    """Have a command running meanwhile; it is killed with its family at the end."""
    with log.open("wb") as out:
        program = await _started(command, out, env)
        try:
            yield
        finally:
            await _end(program)


async def watch(
    command: Sequence[str | Path], *, log: Path, timeout_s: float, env: Mapping[str, str] | None = None
) -> Watched:
    """Run a command to its end and watch it. Raises CommandError."""
    used_before_s = _children_cpu_s()
    watched = Watched(time.time_ns())
    with log.open("wb") as out:
        program = await _started(command, out, env)
        looking = asyncio.create_task(_look(program.pid, watched))
        try:
            status = await asyncio.wait_for(program.wait(), timeout_s)
        except BaseException as error:
            await _end(program)
            if isinstance(error, TimeoutError):
                raise CommandError(f"{command[0]} took more than {timeout_s:.0f} s\n{_tail(log)}") from error
            raise
        finally:
            watched.ended_ns = time.time_ns()
            looking.cancel()
    watched.cpu_s = _children_cpu_s() - used_before_s
    if status:
        raise CommandError(f"{command[0]} ended with status {status}\n{_tail(log)}")
    return watched


async def _started(
    command: Sequence[str | Path], out: BinaryIO, env: Mapping[str, str] | None
) -> asyncio.subprocess.Process:
    variables = {**os.environ, **(env or {})}
    return await asyncio.create_subprocess_exec(
        *map(str, command), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, env=variables
    )


def _children_cpu_s() -> float:
    """Of all processes that this one started and that have ended, with those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _look(pid: int, watched: Watched) -> None:
    """Look again and again; what a process had used when last seen stays counted after its end."""
    used_s: dict[int, float] = {}
    while True:
        memory = 0
        for process in _family(pid):
            with suppress(psutil.Error), process.oneshot():
                times = process.cpu_times()
                used_s[process.pid] = times.user + times.system
                memory += process.memory_info().rss
        watched.looks.append((time.time_ns(), sum(used_s.values())))
        watched.memory_mib = max(watched.memory_mib, round(memory / _MEBIBYTE, 1))
        await asyncio.sleep(_LOOK_EVERY_S)


def resident_mib(pid: int) -> float:
    """Resident memory of a process and its family together, in MiB."""
    total = 0
    for process in _family(pid):
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return round(total / _MEBIBYTE, 1)


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


async def _end(program: asyncio.subprocess.Process) -> None:
    for process in reversed(_family(program.pid)):
        with suppress(psutil.Error):
            process.kill()
    with suppress(ProcessLookupError):
        program.kill()
    await program.wait()


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2_000:]
