"""What the stand-ins for the systems' own programs share: a record of their calls, and processes that are real.

A stand-in is a program of its own that is found on PATH: `FAKE_STATE` names the folder of its state.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

STATE = Path(os.environ["FAKE_STATE"])


def record_call(program: str) -> list[str]:
    """Write down what was asked, and return the arguments."""
    with (STATE / "calls.ndjson").open("a") as file:
        file.write(json.dumps([program, *sys.argv[1:]]) + "\n")
    return sys.argv[1:]


def start(command: Sequence[str], folder: str, log: str, env: Mapping[str, str]) -> None:
    """Start the service's process, unless it runs."""
    if pid() is not None:
        return
    with Path(log).open("ab") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    (STATE / "pid").write_text(str(process.pid))


def pid() -> int | None:
    """Return the service's process, if it lives."""
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        process = psutil.Process(int((STATE / "pid").read_text()))
        return None if process.status() == psutil.STATUS_ZOMBIE else process.pid
    return None


def stop(number: signal.Signals = signal.SIGTERM) -> None:
    """Send a signal, and wait for the end."""
    if (running := pid()) is not None:
        os.kill(running, number)
        while pid() is not None:
            time.sleep(0.02)
    (STATE / "pid").unlink(missing_ok=True)


def clean_env() -> dict[str, str]:
    """What a service manager gives its services: little, and nothing of the shell that asked."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
