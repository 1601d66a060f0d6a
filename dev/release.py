"""`make release`: what is handed out of one commit, in `dist/`: wheels, what they run on, what is in them, the sums.

Standard library only. The dashboard and the client's wheels, which the server's wheel carries, are built first.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from dev.bootstrap import DEV, ensure_uv, ensure_venv
from dev.dashboard import ensure_dashboard, swap_in
from dev.locks import CLIENT_LOCK, SERVER_LOCK
from dev.paths import LOCAL, LOGS, ROOT, VENV_PYTHON
from dev.program import run_main
from dev.shell import Say, run
from dev.steps import Step, run_steps
from dev.trouble import Trouble
from dev.wheels import ensure_wheels

DIST = ROOT / "dist"
BUILT = LOCAL / "release"
SUMS = "SHA256SUMS"
_LOCKS = {"obt_server": SERVER_LOCK, "obt_client": CLIENT_LOCK}


def assemble(folder: Path, moment_s: int, say: Say) -> None:
    """Fill `folder`, which is empty. `moment_s`, in Unix time, stands in the documents."""
    say("building")
    command = [ensure_uv(say), "build", "--quiet", "--wheel", "--all-packages", "--out-dir", folder]
    run(command, log=LOGS / "release-wheels.log")
    (folder / ".gitignore").unlink(missing_ok=True)  # uv's own habit
    for package, lock in _LOCKS.items():
        (wheel,) = folder.glob(f"{package}-*.whl")
        shutil.copyfile(lock, folder / f"{'-'.join(wheel.name.split('-')[:2])}-requirements.txt")
    say("listing what is in them")
    env = {"SOURCE_DATE_EPOCH": str(moment_s)}
    run([VENV_PYTHON, "-m", "dev.sbom", folder], env=env, log=LOGS / "release-sbom.log")
    (folder / SUMS).write_text(sums(folder), "utf-8")


def sums(folder: Path) -> str:
    """Return a line for each file, as `sha256sum --check` reads them."""
    files = sorted(file for file in folder.iterdir() if file.name != SUMS)
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def moment_of_commit(root: Path = ROOT) -> int:
    """Return the Unix time of the commit that stands here. Raises Trouble where something is in no commit."""
    if changed := _git(root, "status", "--porcelain"):
        raise Trouble("A release is made of a commit, and these differ from it:", changed)
    return int(_git(root, "log", "-1", "--format=%ct"))


def _git(root: Path, *arguments: str) -> str:
    told = subprocess.run(["git", *arguments], cwd=root, check=False, capture_output=True, text=True)
    if told.returncode:
        raise Trouble("git does not know this folder: a release is made of a commit.", told.stderr)
    return told.stdout.rstrip()


def release(moment_s: int, say: Say) -> None:
    """Put a whole release in place of the last one."""
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    assemble(BUILT, moment_s, say)
    swap_in(BUILT, DIST)


def main() -> int:
    """Build a release of the commit that stands here, and print its sums."""
    moment_s = moment_of_commit()
    run_steps(
        [
            Step("Python environment", lambda step: ensure_venv(DEV, step.say)),
            Step("Dashboard", lambda step: ensure_dashboard(step.say)),
            Step("Client's wheels", lambda step: ensure_wheels(step.say)),
        ]
    )
    run_steps([Step("Release", lambda step: release(moment_s, step.say))])
    print((DIST / SUMS).read_text("utf-8"), end="")
    return 0


if __name__ == "__main__":
    run_main(main)
