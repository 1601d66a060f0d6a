"""A command that is watched: its processor time and memory, with all processes that it starts."""

import asyncio
import os
import resource
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_LOOK_EVERY_S = 0.25
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

    def cpu_between_s(self, from_ns: int, until_ns: int) -> float:
        """Processor time between two moments, by straight lines between looks."""
        return self._cpu_at(until_ns) - self._cpu_at(from_ns)

    def _cpu_at(self, at_ns: int) -> float:
        looks = [(self.started_ns, 0.0), *self.looks, (self.ended_ns, max(self.cpu_s, self.looks[-1][1]))]
        index = min(max(1, bisect_left(looks, (at_ns, 0.0))), len(looks) - 1)
        (before_ns, before_s), (after_ns, after_s) = looks[index - 1], looks[index]
        share = (at_ns - before_ns) / max(1, after_ns - before_ns)
        return before_s + (after_s - before_s) * min(max(0.0, share), 1.0)


async def watch(
    command: Sequence[str | Path], *, log: Path, timeout_s: float, env: Mapping[str, str] | None = None
) -> Watched:
    """Run a command to its end and watch it. Raises CommandError."""
    used_before_s = _children_cpu_s()
    watched = Watched(time.time_ns())
    with log.open("wb") as out:
        variables = {**os.environ, **(env or {})}
        program = await asyncio.create_subprocess_exec(
            *map(str, command), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, env=variables
        )
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
    await program.wait()


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2_000:]
