"""The command line as a process, and what it leaves on disk."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

UNWATCHED = {"OBT_GUARD_CPU_PERCENT": "100", "OBT_QUIET_WAIT_S": "0"}
"""What else runs beside the tests is theirs."""


async def start(folder: Path, *arguments: str, **settings: str) -> Process:
    """Start `obt-client` in a folder, with its data in it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_"))}
    told = {"OBT_CLIENT_DATA_DIR": str(folder / "data"), "OBT_OLLAMA_URL": "http://127.0.0.1:1"}
    env = {**clean, **told, **UNWATCHED, **settings}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "obt_client", *arguments, cwd=folder, env=env, stdout=PIPE, stderr=PIPE
    )


async def output(process: Process) -> tuple[int, str, str]:
    """Wait for its end: exit status, standard output, standard error."""
    out, err = await process.communicate()
    assert process.returncode is not None
    assert "Traceback" not in err.decode(), err.decode()
    return process.returncode, out.decode(), err.decode()


async def until_samples(part: Path, samples: int) -> int:
    """Wait until so many samples are on disk; how many there are."""
    while (found := count_samples(part)) < samples:
        await asyncio.sleep(0.02)
    return found


def count_samples(part: Path) -> int:
    """How many samples a run in progress has on disk."""
    return part.read_bytes().count(b'"sample":{') if part.exists() else 0


def parts_in(folder: Path) -> list[Path]:
    """Runs that were begun and not ended."""
    return list(folder.glob("**/*.part"))
