"""`make check`: all that can be judged without running the program. Every check runs, whatever the one before said.

Standard library only.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from dev.bootstrap import DEV, ensure_venv
from dev.node import Node, ensure_frontend
from dev.paths import FRONTEND, ROOT, VENV_PYTHON, venv_program
from dev.program import run_main
from dev.shell import show
from dev.steps import Step, run_steps
from dev.trouble import Trouble

DEPLOY = ROOT / "deploy"
_COMPOSE = sorted(map(str, DEPLOY.glob("compose*.yaml")))


@dataclass(frozen=True)
class Check:
    """A program whose status 0 means that all is well."""

    name: str
    command: list[str]
    folder: Path = ROOT


def python_checks() -> list[Check]:
    """Return the checks of the Python code and of the project as a whole."""
    python = str(VENV_PYTHON)
    return [
        Check("ruff-check", [venv_program("ruff"), "check", "--quiet"]),
        Check("ruff-format", [venv_program("ruff"), "format", "--check", "--quiet"]),
        Check("import-rules", [venv_program("lint-imports"), "--no-cache"]),
        Check("house-rules", [python, "-m", "dev.house_rules"]),
        Check("shellcheck", [venv_program("shellcheck"), "backend/obt_server/downloads/install.sh"]),
        Check("hadolint", [venv_program("hadolint"), *map(str, sorted(DEPLOY.glob("*.Dockerfile")))]),
        Check("compose", [venv_program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", *_COMPOSE]),
        Check("pyright", [venv_program("pyright"), "--pythonpath", python]),
        Check("locks", [python, "-m", "dev.locks", "check"]),
        Check("types", [python, "-m", "dev.gen", "check"]),
    ]


def frontend_checks(node: Node) -> list[Check]:
    """Return the checks of the dashboard's code."""
    scripts = {"eslint": "lint", "prettier": "format:check", "svelte-check": "check"}
    return [Check(name, node.pnpm("run", script), FRONTEND) for name, script in scripts.items()]


def run_all(checks: list[Check], env: dict[str, str]) -> list[str]:
    """Run the checks one after the other, visibly; return the names of those that failed."""
    failed: list[str] = []
    for check in checks:
        print(f"\n── {check.name}", flush=True)
        started = time.monotonic()
        status = show(check.command, cwd=check.folder, env=env)
        took = time.monotonic() - started
        print(f"{'✓' if status == 0 else '✗'} {check.name} ({took:.1f} s)", flush=True)
        failed += [check.name] if status else []
    return failed


def chosen(checks: list[Check], names: list[str]) -> list[Check]:
    """Return the checks with those names, all where none is given. Raises Trouble for a name that none has."""
    known = [check.name for check in checks]
    if unknown := [name for name in names if name not in known]:
        raise Trouble(f"There is no check {', '.join(unknown)}.", f"There are: {', '.join(known)}")
    return [check for check in checks if not names or check.name in names]


def main() -> int:
    """Check everything, or what is named on the command line: `make check ARGS="pyright eslint"`."""
    nodes: list[Node] = []
    run_steps(
        [
            Step("Python environment", lambda step: ensure_venv(DEV, step.say)),
            Step("Frontend's packages", lambda step: nodes.append(ensure_frontend(step.say))),
        ]
    )
    checks = chosen(python_checks() + frontend_checks(nodes[0]), sys.argv[1:])
    failed = run_all(checks, nodes[0].env())
    print(
        f"\n{len(checks) - len(failed)} of {len(checks)} checks passed"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    run_main(main)
