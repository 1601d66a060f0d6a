"""The rules of this house that no linter knows: read over every committed file. Standard library only.

No host of a package registry and no path of somebody's machine stands in the project, and no source file outgrows
its room.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from dev.paths import ROOT
from dev.program import run_main

MOST_LINES = 300
_SOURCES = {".py", ".ts", ".svelte", ".js"}
_GENERATED = ("frontend/src/lib/api/schema.d.ts",)
# Written apart, so that this file keeps its own rule.
_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com")
_HOST = re.compile("|".join(re.escape(host) for host in _HOSTS), re.IGNORECASE)
_MACHINE_PATH = re.compile(
    r"(?<![\w./~<}-])(?:/(?:work|root|tmp)(?=[/\s\"'`)]|$)|/(?:home|Users)/\w+|[A-Z]:\\Users\\\w+)"
)


def violations(root: Path, files: list[str]) -> Iterator[str]:
    """Yield each place in `files`, relative to `root`, that breaks a rule, as `file:line: what`."""
    for file in files:
        path = root / file
        if path.is_file() and (text := _text(path)) is not None:
            yield from _in_text(file, text)


def _in_text(file: str, text: str) -> Iterator[str]:
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if found := _HOST.search(line):
            yield f"{file}:{number}: names a package registry's host ({found.group()})"
        if found := _MACHINE_PATH.search(line):
            yield f"{file}:{number}: names a path of one machine ({found.group()})"
    if PurePosixPath(file).suffix in _SOURCES and len(lines) >= MOST_LINES and file not in _GENERATED:
        yield f"{file}: {len(lines)} lines; under {MOST_LINES} is the rule: split it by idea"


def committed_files(root: Path) -> list[str]:
    """Return the files that git has or would have, relative to `root`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted(filter(None, set(told.split("\0"))))


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def main() -> int:
    """Check the files named on the command line, else all."""
    found = list(violations(ROOT, sys.argv[1:] or committed_files(ROOT)))
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    run_main(main)
