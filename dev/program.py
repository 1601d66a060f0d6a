"""How every program of this folder begins and ends. Standard library only."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

from dev.shell import end_children
from dev.trouble import Trouble

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


def run_main(main: Callable[[], int]) -> None:
    """Run a program's `main` and exit with its status. SIGTERM ends it as Ctrl-C does, so that it tidies up."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        status = main()
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        end_children()
        print("\nStopped. Run it again to continue.", file=sys.stderr)
        status = INTERRUPTED
    sys.exit(status)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
