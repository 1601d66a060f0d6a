"""What an image is built by, done without a container engine: the very commands of a Dockerfile's first stage.

`python -m dev.rehearse deploy/server.Dockerfile FOLDER` copies into FOLDER what `.dockerignore` lets pass, runs each
RUN there with the folders of the image put below FOLDER, and leaves what they made. What an engine adds is not
rehearsed: the base image, the second stage, users and mounts. Standard library only.
"""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.house_rules import committed_files
from dev.paths import ROOT
from dev.program import run_main
from dev.trouble import Trouble

_IMAGE_FOLDERS = re.compile(r"(?<![\w.])/(?=(?:src|opt/obt)\b)")


def commands(dockerfile: str) -> list[str]:
    """Return the commands of the first stage, in order, each on one line."""
    first = re.split(r"^FROM .*$", dockerfile, flags=re.MULTILINE)[1]
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", first, flags=re.MULTILINE)).splitlines()
    return [line.removeprefix("RUN ") for line in lines if line.startswith("RUN ")]


def context(root: Path) -> Iterator[str]:
    """Yield the files, relative to `root`, that an engine is sent: the last fitting rule of `.dockerignore` counts."""
    rules = [line for line in (root / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    yield from (file for file in committed_files(root) if (root / file).is_file() and _passes(file, rules))


def _passes(file: str, rules: list[str]) -> bool:
    passes = True
    parts = file.split("/")
    parents = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    for rule in rules:
        pattern = rule.removeprefix("!")
        names = parts if pattern.startswith("**/") else parents
        if any(_fits(name, pattern.removeprefix("**/")) for name in names):
            passes = rule.startswith("!")
    return passes


def _fits(name: str, pattern: str) -> bool:
    return name.count("/") == pattern.count("/") and fnmatch.fnmatchcase(name, pattern)


def rehearse(dockerfile: Path, folder: Path) -> None:
    """Do it. Raises Trouble for a folder that is there, CalledProcessError for a command that fails."""
    if folder.exists():
        raise Trouble(f"{folder} exists.", "Name a folder that does not: it is filled with a copy of the project.")
    for file in context(ROOT):
        target = folder / "src" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, target)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "VIRTUAL_ENV"))}
    for command in commands(dockerfile.read_text("utf-8")):
        here = _IMAGE_FOLDERS.sub(f"{folder}/", command).replace("python -m", f"{sys.executable} -m")
        print(f"── {here}", flush=True)
        subprocess.run(["sh", "-ec", here], cwd=folder / "src", env=inherited, check=True)


def main() -> int:
    """Rehearse one Dockerfile."""
    dockerfile, folder = sys.argv[1:]
    rehearse(Path(dockerfile), Path(folder).absolute())
    return 0


if __name__ == "__main__":
    run_main(main)
