"""Trouble that is told to a person in a sentence, never as a trace. Standard library only."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


class Trouble(Exception):  # noqa: N818 - it reads as what a person has
    """Something that a person can mend: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message + "".join(f"\n  {line}" for line in self.hint.splitlines())


class Troubles(Trouble):
    """Several at once, of steps that ran side by side."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__("\n\n".join(dict.fromkeys(str(trouble) for trouble in troubles)))


def run_main(main: Callable[[], int]) -> None:
    """Run a program's `main` and exit with its status. SIGTERM ends it as Ctrl-C does, so that it tidies up."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        status = main()
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("\nStopped. Run it again to continue.", file=sys.stderr)
        status = INTERRUPTED
    sys.exit(status)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
