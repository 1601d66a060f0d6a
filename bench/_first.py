"""How soon after a command its first request comes."""

import asyncio
import os
import shlex
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from obt_client.bench.standin.process import StandIn

_LOOK_EVERY_S = 0.05
_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class First:
    """Seconds from the command to its first request of any kind, and to its first for tokens. None: never came."""

    command: str
    contact_s: float | None
    tokens_s: float | None


async def first_request(command: str, model: str) -> First:
    """Run a command with a stand-in for its Ollama until it asks for tokens; `{model}` in it becomes the model.

    It gets a data directory of its own. A word `obt-client` is the one of this Python.
    """
    words = [_program(word.format(model=model)) for word in shlex.split(command)]
    with tempfile.TemporaryDirectory() as folder:
        async with StandIn() as standin:
            env = {**os.environ, "OBT_OLLAMA_URL": standin.url, "OBT_CLIENT_DATA_DIR": folder}
            begin_ns = time.time_ns()
            quiet = asyncio.subprocess.DEVNULL
            program = await asyncio.create_subprocess_exec(*words, stdin=quiet, stdout=quiet, stderr=quiet, env=env)
            try:
                tokens_ns = await _asked_for_tokens_ns(standin, program)
            finally:
                with suppress(ProcessLookupError):
                    program.kill()
                await program.wait()
            contact_ns = (await standin.report()).first_ns
    return First(command, _since(begin_ns, contact_ns), _since(begin_ns, tokens_ns))


async def _asked_for_tokens_ns(standin: StandIn, program: asyncio.subprocess.Process) -> int | None:
    begin_s = time.monotonic()
    while time.monotonic() - begin_s < _TIMEOUT_S:
        over = program.returncode is not None
        if truths := await standin.truths():
            return truths[0].received_ns
        if over:
            break
        await asyncio.sleep(_LOOK_EVERY_S)
    return None


def _program(word: str) -> str:
    return str(Path(sys.executable).with_name(word)) if word == "obt-client" else word


def _since(begin_ns: int, at_ns: int | None) -> float | None:
    return None if at_ns is None else round((at_ns - begin_ns) / 1e9, 3)
