"""`make test`: installs what the tests need, runs every runner, and closes with one line that counts them all.

Standard library only. A part that fails does not stop the others.
"""

import argparse
import os
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from dev import reports
from dev.bootstrap import DEV, ensure_venv
from dev.browser import NoBrowser, ensure_browser
from dev.dashboard import ensure_dashboard
from dev.node import Node, ensure_frontend
from dev.paths import FRONTEND, LOCAL, LOGS, VENV_PYTHON, venv_program
from dev.program import run_main
from dev.real_ollama import HOME, install, serving, why_not_here
from dev.reports import Counts
from dev.shell import TIMED_OUT, run, show
from dev.steps import Step, run_steps
from dev.trouble import Trouble, Troubles
from dev.wheels import ensure_wheels

REPORTS = LOCAL / "reports"
OLLAMA_URL = "OBT_TEST_OLLAMA_URL"
"""Names the real Ollama to the tests; those that need one are skipped without it."""
UNIT, FRONTEND_TESTS, E2E = "unit", "frontend", "e2e"
PYTEST_LIMIT_S, BROWSER_LIMIT_S = 2_700.0, 1_200.0
"""A part that hangs is stopped after so long: the others are to be run, and the counts told, all the same."""
WORKERS_MAX = 4
"""Each has a PostgreSQL of its own."""
TESTS_FAILED = 1
"""pytest's exit status where it ran whole."""
AGAIN_MAX = 10
"""Where more tests fail, it is not because they were run side by side."""
PARTS = (UNIT, FRONTEND_TESTS, E2E)


@dataclass
class Setup:
    """What was set up, and what could not be."""

    env: dict[str, str] = field(default_factory=lambda: {"CI": "true"})
    nodes: list[Node] = field(default_factory=list[Node])
    coverage: bool = False
    """Count which lines are run; that takes about a third longer."""
    troubles: dict[str, Trouble] = field(default_factory=dict[str, Trouble])

    @property
    def node(self) -> Node:
        """The Node that the frontend's packages are installed for."""
        return self.nodes[0]


@dataclass(frozen=True)
class Part:
    """One runner: what it needs of the set-up, how it is run, where it reports."""

    title: str
    needs: tuple[str, ...]
    run: Callable[[Setup, Path], int]
    count: Callable[[Path], Counts]
    report: str


def _pytest(setup: Setup, report: Path) -> int:
    """Run most of them side by side, then those alone that ask a real Ollama: it wants every core for itself."""
    statuses = (
        _pytest_side_by_side(setup, report),
        _pytest_of("ollama", setup, beside_ollama(report), *(["--cov-append"] if setup.coverage else [])),
    )
    return next((status for status in statuses if status), 0)


def _pytest_side_by_side(setup: Setup, report: Path) -> int:
    """Run them, then those that failed once more, alone: machines that run tests are shared, and some tests wait."""
    again(report).unlink(missing_ok=True)
    workers = ("--numprocesses=auto", f"--maxprocesses={WORKERS_MAX}", "--dist=loadfile")
    status = _pytest_of("not ollama", setup, report, *workers)
    if status != TESTS_FAILED or _failed_in(report) > AGAIN_MAX:
        return status
    print("\nWhat failed is run once more, alone.", flush=True)
    return _pytest_of("not ollama", setup, again(report), "--last-failed", "--last-failed-no-failures=none")


def _failed_in(report: Path) -> int:
    return reports.of_junit(report).failed


def again(report: Path) -> Path:
    """Where the tests that are run a second time are reported."""
    return report.with_stem(f"{report.stem}-again")


def beside_ollama(report: Path) -> Path:
    """Where the tests with a real Ollama are reported."""
    return report.with_stem(f"{report.stem}-ollama")


def _pytest_of(marked: str, setup: Setup, report: Path, *options: str) -> int:
    report.unlink(missing_ok=True)
    packages = [f"--cov={package}" for package in ("obt_core", "obt_server", "obt_client")]
    coverage = [*packages, "--cov-branch", "--cov-report=term:skip-covered"] if setup.coverage else []
    command = [venv_program("pytest"), "-q", "-m", marked, "--durations=15", f"--junit-xml={report}"]
    return show([*command, *options, *coverage], env=setup.env, limit_s=PYTEST_LIMIT_S * (2 if setup.coverage else 1))


def _count_pytest(report: Path) -> Counts:
    counts = reports.of_junit(report) + reports.of_junit(beside_ollama(report))
    if not again(report).exists():
        return counts
    steady = reports.of_junit(again(report)).passed
    print(f"{steady} of the tests above failed beside others, and passed alone: look at how they wait.")
    return counts + Counts(passed=steady, failed=-steady)


def _vitest(setup: Setup, report: Path) -> int:
    command = setup.node.pnpm("run", "test", "--reporter=default", "--reporter=json", f"--outputFile.json={report}")
    return show(command, cwd=FRONTEND, env={**setup.env, **setup.node.env()}, limit_s=BROWSER_LIMIT_S)


def _playwright(setup: Setup, report: Path) -> int:
    command = setup.node.pnpm("run", "e2e", "--reporter=list,json")
    own = {"PLAYWRIGHT_JSON_OUTPUT_FILE": str(report), "OBT_TEST_PYTHON": str(VENV_PYTHON)}
    return show(command, cwd=FRONTEND, env={**setup.env, **setup.node.env(), **own}, limit_s=BROWSER_LIMIT_S)


RUNNERS = {
    UNIT: Part("pytest: unit, integration, contract", ("venv",), _pytest, _count_pytest, "pytest.xml"),
    FRONTEND_TESTS: Part("Vitest: the dashboard's parts", ("dashboard",), _vitest, reports.of_vitest, "vitest.json"),
    E2E: Part(
        "Playwright: end to end, in a browser",
        ("venv", "dashboard", "browser"),
        _playwright,
        reports.of_playwright,
        "playwright.json",
    ),
}


def set_up(parts: list[str]) -> Setup:
    """Install what `parts` need, side by side. What cannot be had is noted, not raised."""
    setup = Setup()
    python, browser = {UNIT, E2E} & set(parts), E2E in parts
    frontend = {FRONTEND_TESTS, E2E} & set(parts)
    steps = {
        "venv": Step("Python environment", lambda step: ensure_venv(DEV, step.say)) if python else None,
        "dashboard": Step("Dashboard", lambda step: _frontend(setup, step)) if frontend else None,
        "browser": Step("Browser", lambda step: setup.env.update(ensure_browser(step.say))) if browser else None,
        "wheels": Step("Client's wheels", lambda step: ensure_wheels(step.say)) if python else None,
        "ollama": Step("Ollama", install) if python and _installs_ollama() else None,
    }
    wanted = {name: step for name, step in steps.items() if step}
    try:
        run_steps(list(wanted.values()))
    except Troubles:
        setup.troubles = {name: step.trouble for name, step in wanted.items() if step.trouble}
    return setup


def _frontend(setup: Setup, step: Step) -> None:
    setup.nodes.append(ensure_frontend(step.say))
    ensure_dashboard(step.say)


def _installs_ollama() -> bool:
    return OLLAMA_URL not in os.environ and why_not_here() is None


def start_ollama(setup: Setup, stack: ExitStack) -> None:
    """Have a real Ollama with two tiny models running for the tests where this is possible; say so where it is not."""
    if OLLAMA_URL in os.environ or "ollama" in setup.troubles or "venv" in setup.troubles:
        return
    if reason := why_not_here():
        print(f"Tests with a real Ollama are skipped: no {OLLAMA_URL} is set, and of Python's wheels {reason}.")
        return
    url = stack.enter_context(serving(models=HOME / "test-models", log=LOGS / "ollama-test.log"))
    run([VENV_PYTHON, "-m", "dev.random_models", url], log=LOGS / "test-models.log")
    setup.env[OLLAMA_URL] = url


def run_part(name: str, setup: Setup) -> Counts:
    """Run one part visibly and count its tests. A part that could not run, or fails beside its tests, is a failure."""
    part = RUNNERS[name]
    print(f"\n━━ {part.title}", flush=True)
    lacking = [setup.troubles[need] for need in part.needs if need in setup.troubles]
    if lacking and all(isinstance(trouble, NoBrowser) for trouble in lacking):
        return _skip(setup, lacking[0])
    if lacking:
        print("not run: " + "; ".join(trouble.message for trouble in lacking))
        return Counts(failed=1)
    return _run_and_count(part, setup)


def _run_and_count(part: Part, setup: Setup) -> Counts:
    report = REPORTS / part.report
    report.unlink(missing_ok=True)
    status = part.run(setup, report)
    if status == TIMED_OUT:
        print("It took too long and was stopped; what it had not reported by then is not counted.")
    try:
        counts = part.count(report)
    except Trouble as trouble:
        print(f"{trouble} It ended with status {status}.")
        return Counts(failed=1)
    if status and not counts.failed:
        print(f"It ended with status {status} although no test failed.")
        return counts + Counts(failed=1)
    return counts


def _skip(setup: Setup, reason: Trouble) -> Counts:
    """Skip the tests that need a browser, and say how many they are."""
    command = setup.node.pnpm("exec", "playwright", "test", "--list", "--reporter=json")
    env = {**os.environ, **setup.env, **setup.node.env()}
    listed = subprocess.run(command, cwd=FRONTEND, env=env, check=False, capture_output=True, text=True)
    skipped = listed.stdout.count('"tests": [')
    print(
        f"{skipped} tests skipped: {reason.message}\n  Install Chromium, or name one: OBT_TEST_CHROMIUM=/path make test"
    )
    return Counts(skipped=skipped)


def main() -> int:
    """Run the parts asked for, count, and close with the line."""
    parser = argparse.ArgumentParser(prog="make test ARGS=...", description="Install what the tests need and run them.")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="run this part alone (may be given more than once)"
    )
    parser.add_argument("--coverage", action="store_true", help="show which lines of the Python code no test runs")
    options = parser.parse_args()
    parts: list[str] = options.only or list(PARTS)
    REPORTS.mkdir(parents=True, exist_ok=True)
    setup = set_up(parts)
    setup.coverage = options.coverage
    total = Counts(failed=sum(not isinstance(trouble, NoBrowser) for trouble in setup.troubles.values()))
    for trouble in setup.troubles.values():
        print(f"\n{trouble}")
    with ExitStack() as stack:
        start_ollama(setup, stack)
        for part in parts:
            total += run_part(part, setup)
    print(f"\n{total.line()}", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    run_main(main)
