"""The virtual environment, from nothing but a Python. Standard library only: it runs before anything is installed."""

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from dev import stamps
from dev.paths import LOCAL, LOGS, MEMBERS, ROOT, VENV, VENV_PYTHON, program
from dev.program import run_main
from dev.shell import CommandFailed, Say, fetch, run
from dev.steps import Step, run_steps
from dev.trouble import Trouble

DEMO, DEV = "demo", "dev"
LOCKS = {DEMO: ROOT / "requirements.lock", DEV: ROOT / "requirements-dev.lock"}
UV_LOCK = ROOT / "dev" / "uv-wheel.lock"
UV_HOME = LOCAL / "uv"
PIP_HOME = LOCAL / "pip"
_one_at_a_time = threading.Lock()


def ensure_venv(level: str, say: Say) -> None:
    """Make `.venv` hold what `level` (demo or dev) needs and the packages of this workspace. Quick when it does.

    Raises Trouble without network, without pip and venv.
    """
    if any(stamps.is_current("venv", _wanted(enough)) for enough in {level, DEV}) and VENV_PYTHON.exists():
        return
    uv = ensure_uv(say)
    _create_venv(uv, say)
    stamps.clear("venv")
    say(f"installing {_count_pins(LOCKS[level])} Python packages")
    target = ("--python", VENV_PYTHON)
    fetch(
        "A Python package",
        [uv, "pip", "sync", *target, "--require-hashes", LOCKS[level]],
        log=LOGS / "venv.log",
        say=say,
    )
    members = [part for member in MEMBERS for part in ("-e", ROOT / member)]
    fetch("The workspace", [uv, "pip", "install", *target, "--no-deps", *members], log=LOGS / "members.log", say=say)
    stamps.mark("venv", _wanted(level))


def ensure_uv(say: Say) -> Path:
    """Return the pinned uv in `.local`, installed with pip if it is not there yet."""
    uv = program(UV_HOME / "bin", "uv")
    with _one_at_a_time:
        wanted = stamps.digest([UV_LOCK])
        if not (uv.exists() and stamps.is_current("uv", wanted)):
            say("installing uv")
            _pip_into(UV_HOME, UV_LOCK, say)
            stamps.mark("uv", wanted)
    return uv


def ensure_pip(say: Say) -> list[str]:
    """Return the command that runs pip: this Python's own, else one in `.local`. Raises Trouble without both."""
    own = program(PIP_HOME / ("Scripts" if os.name == "nt" else "bin"), "python")
    if own.exists():
        return [str(own), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    say("making a pip of its own")
    _make_pip()
    return [str(own), "-m", "pip"]


def _make_pip() -> None:
    log = LOGS / "pip.log"
    if importlib.util.find_spec("ensurepip"):
        command = [sys.executable, "-m", "venv", PIP_HOME]
    elif uv := shutil.which("uv"):
        command = [uv, "venv", "--clear", "--seed", "--python", sys.executable, PIP_HOME]
    else:
        raise _no_pip()
    try:
        run(command, log=log)
    except CommandFailed as failure:
        shutil.rmtree(PIP_HOME, ignore_errors=True)
        raise _no_pip() from failure


def _no_pip() -> Trouble:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Trouble(
        f"This Python ({sys.executable}) has neither pip nor venv.",
        f"Debian, Ubuntu: sudo apt-get install python{version}-venv\nElsewhere: install pip for it. Then run it again.",
    )


def _pip_into(folder: Path, lock: Path, say: Say) -> None:
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_USER": "0"}
    command = [*ensure_pip(say), "install", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    fetch("uv", [*command, "--target", part, "-r", lock], log=LOGS / "uv.log", say=say, env=quiet)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def _create_venv(uv: Path, say: Say) -> None:
    if _works(VENV_PYTHON):
        return
    say("creating .venv")
    run([uv, "venv", "--clear", "--no-python-downloads", "--python", sys.executable, VENV], log=LOGS / "venv.log")


def _works(python: Path) -> bool:
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and subprocess.run([python, "-c", check], check=False, capture_output=True).returncode == 0


def _wanted(level: str) -> str:
    """Digest of what the environment is made of; it moves with the lock, the members' dependencies and the folder."""
    projects = [ROOT / member / "pyproject.toml" for member in MEMBERS]
    return level + stamps.digest([LOCKS[level], *projects], str(ROOT))


def _count_pins(lock: Path) -> int:
    return sum(line[:1].isalnum() for line in lock.read_text("utf-8").splitlines())


def main() -> int:
    """Set the environment up from the command line: `python3 -m dev.bootstrap [demo|dev]`."""
    level = sys.argv[1] if len(sys.argv) > 1 else DEV
    if level not in LOCKS:
        raise Trouble(f"There is no level {level!r}: demo or dev.")
    run_steps([Step("Python environment", lambda step: ensure_venv(level, step.say))])
    return 0


if __name__ == "__main__":
    run_main(main)
