"""`make bench`: benchmarks of OBT itself. Each script of `bench/` measures one thing and prints its figures."""

import ast
import sys
from pathlib import Path

from dev.bootstrap import DEV, ensure_venv
from dev.paths import ROOT, VENV_PYTHON
from dev.program import run_main
from dev.shell import show
from dev.steps import Step, run_steps
from dev.trouble import Trouble

FOLDER = ROOT / "bench"


def scripts() -> dict[str, Path]:
    """Return the benchmarks by name. Files that begin with an underscore are theirs to share."""
    return {file.stem: file for file in sorted(FOLDER.glob("[!_]*.py"))}


def purpose(script: Path) -> str:
    """Return the first line of a script's docstring."""
    return (ast.get_docstring(ast.parse(script.read_text("utf-8"))) or "").partition("\n")[0]


def main() -> int:
    """Run the benchmarks named on the command line, else list them and run all."""
    known = scripts()
    names = sys.argv[1:] or list(known)
    if unknown := [name for name in names if name not in known]:
        raise Trouble(f"There is no benchmark {', '.join(unknown)}.", "There are:\n" + "\n".join(known))
    run_steps([Step("Python environment", lambda step: ensure_venv(DEV, step.say))])
    failed: list[str] = []
    for name in names:
        print(f"\n── {name}: {purpose(known[name])}", flush=True)
        failed += [name] if show([VENV_PYTHON, "-m", f"bench.{name}"]) else []
    if failed:
        raise Trouble(f"Failed: {', '.join(failed)}.")
    return 0


if __name__ == "__main__":
    run_main(main)
