"""What the server hands to machines that become clients: core's and client's wheels, pip, and the client's lock.

Built when their sources changed, put into the server's package in one move. Standard library only.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from dev import stamps
from dev.bootstrap import ensure_pip, ensure_uv
from dev.dashboard import swap_in
from dev.locks import CLIENT_LOCK
from dev.paths import LOCAL, LOGS, ROOT
from dev.program import run_main
from dev.shell import Say, fetch, run
from dev.steps import Step, run_steps

WHEELS = ROOT / "backend" / "obt_server" / "downloads" / "wheels"
REQUIREMENTS = "obt-client-requirements.txt"
PIP_LOCK = ROOT / "dev" / "pip-wheel.lock"
BUILT = LOCAL / "wheels"
PIP_WHEEL = LOCAL / "pip-wheel"
_PACKAGES = {"obt-core": ROOT / "core" / "obt_core", "obt-client": ROOT / "ollama-client" / "obt_client"}


def ensure_wheels(say: Say) -> None:
    """Have the wheels in the server's package. Quick when no source changed. Raises Trouble."""
    wanted = stamps.digest(sources())
    if (WHEELS / REQUIREMENTS).is_file() and stamps.is_current("wheels", wanted):
        return
    uv = ensure_uv(say)  # first: it makes a pip where there is none, one at a time
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    shutil.copy(_pip_wheel(say), BUILT)
    _build(uv, say)
    shutil.copy(CLIENT_LOCK, BUILT / REQUIREMENTS)
    swap_in(BUILT, WHEELS)
    stamps.mark("wheels", wanted)


def sources() -> Iterator[Path]:
    """Yield the files that the wheels are made of."""
    yield from (CLIENT_LOCK, PIP_LOCK)
    for folder in _PACKAGES.values():
        yield folder.parent / "pyproject.toml"
        yield from (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _build(uv: Path, say: Say) -> None:
    say("building")
    for package in _PACKAGES:
        command = [uv, "build", "--quiet", "--wheel", "--package", package, "--out-dir", BUILT]
        run(command, log=LOGS / f"{package}-wheel.log")
    (BUILT / ".gitignore").unlink(missing_ok=True)  # uv's own habit


def _pip_wheel(say: Say) -> Path:
    """Return the pinned wheel of pip, fetched if it is not here yet: Debian's Python comes without one."""
    wanted = stamps.digest([PIP_LOCK])
    if not (stamps.is_current("pip-wheel", wanted) and list(PIP_WHEEL.glob("*.whl"))):
        shutil.rmtree(PIP_WHEEL, ignore_errors=True)
        options = ("--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:")
        command = [*ensure_pip(say), "download", *options, "--dest", PIP_WHEEL, "-r", PIP_LOCK]
        say("fetching pip")
        fetch("pip", command, log=LOGS / "pip-wheel.log", say=say)
        stamps.mark("pip-wheel", wanted)
    return next(PIP_WHEEL.glob("*.whl"))


def main() -> int:
    """Build from the command line: `python3 -m dev.wheels`."""
    run_steps([Step("Client's wheels", lambda step: ensure_wheels(step.say))])
    return 0


if __name__ == "__main__":
    run_main(main)
