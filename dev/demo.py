"""`make demo`: from a bare machine to benchmark results in the terminal and in the browser.

This half needs nothing but Python: it sets everything up, side by side, then hands over to `dev.demo_run`, which runs
in the virtual environment.
"""

import argparse
import os
import sys

from dev.bootstrap import DEMO, ensure_venv
from dev.dashboard import ensure_dashboard
from dev.ollama_address import wanted_address
from dev.paths import LOCAL, ROOT, VENV_PYTHON
from dev.ports import DASHBOARD_PORT, require_free
from dev.program import run_main
from dev.real_ollama import find_local, install
from dev.steps import Step, run_steps
from dev.wheels import ensure_wheels

DATA = LOCAL / "demo"
OLLAMA_URL = "OBT_DEMO_OLLAMA_URL"
"""Tells the second half which Ollama was found; empty: start the installed one."""

_STORY = """\
What it does: installs what is missing into .venv and .local (outside this folder only the package managers' caches),
finds the Ollama of this machine, starts an OBT server and an OBT client, benchmarks the installed models with a suite,
prints the results, and keeps the dashboard open until Ctrl-C. Without an Ollama, on Linux x86-64, it installs one in
.local; without a model it makes two small ones with random weights. A second run continues where the first stopped.

  make demo                              look around, Ctrl-C to stop
  make demo ARGS=--once                  stop after the table
  make demo ARGS="--models llama3.2:3b --models qwen3:4b"
  OLLAMA_HOST=127.0.0.1:11500 make demo  an Ollama on another port

Its data lies in .local/demo; `make clean` takes it and all the rest away.
"""


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; both halves do."""
    parser = argparse.ArgumentParser(
        prog="make demo ARGS=...",
        description="Benchmark this machine's Ollama and look at the results.",
        epilog=_STORY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--once", action="store_true", help="end after the result table instead of serving")
    parser.add_argument("--port", type=int, default=DASHBOARD_PORT, help="the dashboard's port (%(default)s)")
    parser.add_argument(
        "--models", action="append", default=[], metavar="NAME", help="a model to measure; may be repeated"
    )
    parser.add_argument("--suite", default="quick", help="what to measure (%(default)s)")
    return parser.parse_args(arguments)


def set_up() -> str:
    """Install what is missing; return the URL of the Ollama that was found, empty where ours is to be started."""
    found = find_local()
    wanted = wanted_address(os.environ)
    if not wanted.is_local():
        print(f"OLLAMA_HOST names {wanted.host}, another machine; the demo measures this one.")
    if found:
        print(f"Ollama {found[1]} answers on {found[0]}.")
    steps = [
        Step("Python environment", lambda step: ensure_venv(DEMO, step.say)),
        Step("Dashboard", lambda step: ensure_dashboard(step.say)),
        Step("Client's wheels", lambda step: ensure_wheels(step.say)),
    ]
    run_steps(steps if found else [*steps, Step("Ollama", install)])
    return found[0] if found else ""


def main() -> int:
    """Set up, then become the second half: one process, so that Ctrl-C and SIGTERM reach it."""
    options = parse_arguments(sys.argv[1:])
    require_free(options.port, "demo")
    os.environ[OLLAMA_URL] = set_up()
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "dev.demo_run", *sys.argv[1:]])  # noqa: S606 - our own


if __name__ == "__main__":
    run_main(main)
