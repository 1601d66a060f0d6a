"""The locks: every version and hash that is installed, for every platform, without the name of any index's host.

Standard library only. `make lock` writes them, `make check` holds them true to the packages' pyproject.toml.
"""

import difflib
import shutil
import sys
import tempfile
from pathlib import Path

from dev.bootstrap import DEMO, DEV, LOCKS, ensure_uv
from dev.paths import LOGS, MEMBERS, ROOT
from dev.program import run_main
from dev.shell import CommandFailed, run
from dev.trouble import Trouble

OWN_PACKAGES = ("obt-core", "obt-server", "obt-client")
CLIENT = "client"
CLIENT_LOCK = ROOT / "requirements-client.lock"
"""What an installed client runs on, and nothing else: the server hands it to machines that become clients."""
SERVER = "server"
SERVER_LOCK = ROOT / "requirements-server.lock"
"""What a server alone runs on: it is part of a release, beside the server's wheel."""
LEVELS = (DEMO, DEV, CLIENT, SERVER)
_ALONE = {CLIENT: ("ollama-client", CLIENT_LOCK), SERVER: ("backend", SERVER_LOCK)}
DIFFERENCES_SHOWN = 12
_GROUPS = {
    DEMO: ("--group", "demo"),
    DEV: ("--group", "demo", "--group", "dev", "-c", LOCKS[DEMO].name),
    CLIENT: ("-c", LOCKS[DEMO].name),
    SERVER: ("-c", LOCKS[DEMO].name),
}


def lock_of(level: str) -> Path:
    """Return the file of a level."""
    return _ALONE[level][1] if level in _ALONE else LOCKS[level]


def compile_lock(level: str, target: Path, *, upgrade: bool = False) -> None:
    """Write the lock of `level` to `target`. Versions in it are kept where they still fit, unless `upgrade`."""
    everything = ["pyproject.toml", *(f"{member}/pyproject.toml" for member in MEMBERS)]
    projects = [f"{_ALONE[level][0]}/pyproject.toml"] if level in _ALONE else everything
    without_own = [part for package in OWN_PACKAGES for part in ("--no-emit-package", package)]
    command = [
        ensure_uv(print), "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-emit-index-url",
        "--no-header", "--no-annotate", *(["--upgrade"] if upgrade else []),
        *_GROUPS[level], *projects, *without_own, "-o", target,
    ]  # fmt: skip
    run(command, log=LOGS / f"lock-{level}.log")


def differences(level: str) -> list[str]:
    """Return what a fresh resolution would change in the lock of `level`. Raises CommandFailed without network."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / lock_of(level).name
        shutil.copy(lock_of(level), fresh)
        compile_lock(level, fresh)
        before, after = (path.read_text("utf-8").splitlines() for path in (lock_of(level), fresh))
    changes = difflib.unified_diff(before, after, lineterm="", n=0)
    return [line for line in changes if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def check() -> int:
    """Tell whether the locks are true. Skipped, with a word, where the index cannot be reached."""
    for level in LEVELS:
        lock = lock_of(level)
        try:
            changes = differences(level)
        except CommandFailed as failure:
            if not failure.is_offline():
                raise
            print(f"skipped: {lock.name} was not compared, the package index cannot be reached")
            continue
        if changes:
            shown = "\n".join(changes[:DIFFERENCES_SHOWN])
            raise Trouble(f"{lock.name} is not what the pyproject.toml files ask for; run `make lock`.", shown)
        print(f"{lock.name}: true")
    return 0


def main() -> int:
    """`python3 -m dev.locks [check|upgrade]`; without a word it writes what changed."""
    word = sys.argv[1] if len(sys.argv) > 1 else "write"
    if word == "check":
        return check()
    for level in LEVELS:
        lock = lock_of(level)
        compile_lock(level, lock, upgrade=word == "upgrade")
        print(f"{lock.relative_to(ROOT)}: written")
    return 0


if __name__ == "__main__":
    run_main(main)
