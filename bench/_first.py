"""How soon after a command its first request comes, and how much memory it takes."""

import asyncio
import os
import shlex
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench._command import resident_mib
from obt_client.bench.standin.process import StandIn

_LOOK_EVERY_S = 0.1
_TIMEOUT_S = 60.0
_WATCH_S = 20.0
"""How much longer a command that asks for tokens is watched, at most."""


@dataclass(frozen=True, slots=True)
class First:
    """Seconds from the command to its first request of any kind, and to its first for tokens. None: never came.

    `memory_mib`: the most that its processes had in memory, from the first request for tokens on, 20 s at most;
    `start_memory_mib`: before that.
    """

    command: str
    contact_s: float | None
    tokens_s: float | None
    memory_mib: float
    start_memory_mib: float


async def first_request(command: str, model: str) -> First:
    """Run a command with a stand-in for its Ollama; `{model}` in it becomes the model. It is ended after some time.

    It gets a folder of its own, for its data too. A word `obt-client` is the one of this Python.
    """
    words = [_program(word.format(model=model)) for word in shlex.split(command)]
    with tempfile.TemporaryDirectory() as folder:
        async with StandIn() as standin:
            env = {**os.environ, "OBT_OLLAMA_URL": standin.url, "OBT_CLIENT_DATA_DIR": folder}
            begin_ns = time.time_ns()
            quiet = asyncio.subprocess.DEVNULL
            program = await asyncio.create_subprocess_exec(
                *words, stdin=quiet, stdout=quiet, stderr=quiet, env=env, cwd=folder
            )
            try:
                start_mib, memory_mib = await _watched(standin, program)
            finally:
                with suppress(ProcessLookupError):
                    program.kill()
                await program.wait()
            contact_ns, truths = (await standin.report()).first_ns, await standin.truths()
    tokens_ns = truths[0].received_ns if truths else None
    return First(command, _since(begin_ns, contact_ns), _since(begin_ns, tokens_ns), memory_mib, start_mib)


async def _watched(standin: StandIn, program: asyncio.subprocess.Process) -> tuple[float, float]:
    """Wait until it asks for tokens and some time longer, or for its end; the most memory before and from then on."""
    most_mib, until_s, streams = [0.0, 0.0], time.monotonic() + _TIMEOUT_S, False
    while time.monotonic() < until_s and program.returncode is None:
        most_mib[streams] = max(most_mib[streams], resident_mib(program.pid))
        if not streams and (await standin.report()).requests:
            streams, until_s = True, time.monotonic() + _WATCH_S
        await asyncio.sleep(_LOOK_EVERY_S)
    return most_mib[0], most_mib[1]


def _program(word: str) -> str:
    return str(Path(sys.executable).with_name(word)) if word == "obt-client" else word


def _since(begin_ns: int, at_ns: int | None) -> float | None:
    return None if at_ns is None else round((at_ns - begin_ns) / 1e9, 3)
