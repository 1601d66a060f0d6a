"""Ctrl-C and SIGTERM: the first one ends a run in good order, the second one at once."""

import asyncio
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from obt_client.bench.stop import StopSignal
from obt_client.cli.exits import INTERRUPTED


@contextmanager
def on_signals(stop: StopSignal, part: Path) -> Generator[None]:
    """While a run is measured. The second signal leaves what was written so far in `part`."""
    loop, was_told = asyncio.get_running_loop(), False

    def hand_over(_number: int, _frame: FrameType | None) -> None:
        nonlocal was_told
        if was_told:
            sys.stderr.write(f"\nStopped at once. What was measured is in {part}\n")
            sys.stderr.flush()
            os._exit(INTERRUPTED)  # nothing may be waited for: every sample is on disk
        sys.stderr.write("\nStopping: what was measured is kept. Again: at once.\n")
        was_told = True
        loop.call_soon_threadsafe(stop.set, "cancelled")

    before = {number: signal.signal(number, hand_over) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
