"""The dashboard: built when its sources changed, put into the server's package in one move. Standard library only."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from dev import stamps
from dev.node import ensure_frontend, run_script
from dev.paths import DASHBOARD, FRONTEND, LOCAL, LOGS, ROOT
from dev.program import run_main
from dev.shell import Say
from dev.steps import Step, run_steps
from dev.trouble import Trouble

BUILT = LOCAL / "dashboard"
FALLBACK = "200.html"
"""What the server answers for every page that has no file of its own."""
METHOD = ROOT / "docs" / "measuring.md"
"""A page of the dashboard shows it."""
_NOT_SOURCES = {"node_modules", ".svelte-kit", "build", "coverage", "test-results", "playwright-report", "e2e", "tests"}


def ensure_dashboard(say: Say) -> None:
    """Have the built dashboard in the server's package. Quick when no source changed."""
    wanted = stamps.digest([*sources(FRONTEND), METHOD])
    if (DASHBOARD / FALLBACK).is_file() and stamps.is_current("dashboard", wanted):
        return
    node = ensure_frontend(say)
    say("building")
    shutil.rmtree(BUILT, ignore_errors=True)
    run_script(node, "build", LOGS / "dashboard.log", {"OBT_BUILD_DIR": str(BUILT)})
    if not (BUILT / FALLBACK).is_file():
        raise Trouble(f"The dashboard's build wrote no {FALLBACK}.", "See .local/logs/dashboard.log.")
    swap_in(BUILT, DASHBOARD)
    stamps.mark("dashboard", wanted)


def sources(folder: Path) -> Iterator[Path]:
    """Yield the files that a build depends on: all but tests, installed packages and what is made."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_SOURCES]
        yield from (Path(parent, name) for name in files if not name.endswith((".test.ts", ".spec.ts")))


def swap_in(built: Path, place: Path) -> None:
    """Put a whole build in place of the last one; a running server sees the one or the other."""
    fresh, old = place.with_name(place.name + ".new"), place.with_name(place.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(built, fresh)
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    """Build from the command line: `python3 -m dev.dashboard`."""
    run_steps([Step("Dashboard", lambda step: ensure_dashboard(step.say))])
    return 0


if __name__ == "__main__":
    run_main(main)
