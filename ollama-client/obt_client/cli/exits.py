"""How a command ends."""

import typer

OK = 0
FAILED = 1
MISUSED = 2
SLOWER = 3
"""A `--fail-if` was hit."""
INTERRUPTED = 130

IN_WORDS = """\
  0    done
  1    failed: no Ollama, a model that could not be measured, nothing to judge
  2    misuse: unknown option, model or suite; runs of two suites to compare
  3    a --fail-if was hit
  130  stopped by Ctrl-C or SIGTERM; what was measured is in the file
"""


def failure(message: str, status: int = FAILED) -> typer.Exit:
    """Say why on standard error; raise what this returns, and the command ends."""
    typer.echo(message, err=True)
    return typer.Exit(status)
