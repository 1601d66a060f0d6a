"""Steps that run side by side, each with its line on the screen. Standard library only."""

import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from dev.shell import end_children
from dev.trouble import Trouble, Troubles

FRAME_S = 0.1
BAR_WIDTH = 24
NAME_WIDTH = 20
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
MB = 1_000_000


@dataclass
class Step:
    """One thing to set up. Its `work` gets the step, to tell how far it is."""

    name: str
    work: Callable[["Step"], None]
    text: str = "waiting"
    done_bytes: int = 0
    total_bytes: int = 0
    seconds: float = 0.0
    state: str = "running"
    trouble: Trouble | None = None
    told: Callable[["Step"], None] = field(default=lambda _: None)

    def say(self, text: str) -> None:
        """Tell in a few words what is done now."""
        self.text, self.total_bytes = text, 0
        self.told(self)

    def progress(self, done_bytes: int, total_bytes: int) -> None:
        """Tell how much of a download is there. It never goes back: files are moved about meanwhile."""
        before = self.done_bytes * 10 // self.total_bytes if self.total_bytes else -1
        known = self.done_bytes if self.total_bytes else 0
        self.done_bytes, self.total_bytes = max(known, min(done_bytes, total_bytes)), total_bytes
        if self.done_bytes * 10 // total_bytes > before:
            self.told(self)

    def line(self, mark: str) -> str:
        """Return the step's line on the screen."""
        amount = _bar(self.done_bytes, self.total_bytes) if self.total_bytes and self.state == "running" else ""
        took = f"{self.seconds:.1f} s" if self.state != "running" else ""
        return f"  {mark} {self.name:<{NAME_WIDTH}} " + "  ".join(filter(None, (self.text, amount, took)))


def run_steps(steps: Sequence[Step], out: TextIO = sys.stdout) -> None:
    """Run all steps at once and show them. Raises Troubles after all have ended; Ctrl-C stops what they started."""
    live = out.isatty()
    for step in steps:
        step.told = (lambda _: None) if live else (lambda told: print(told.line(_mark(told)), file=out, flush=True))
    threads = [threading.Thread(target=_run, args=(step,), daemon=True) for step in steps]
    try:
        for thread in threads:
            thread.start()
        _watch(steps, threads, out if live else None)
    except KeyboardInterrupt:
        end_children()
        raise
    if troubles := [step.trouble for step in steps if step.trouble]:
        raise Troubles(troubles)


def _run(step: Step) -> None:
    started = time.monotonic()
    try:
        step.work(step)
        step.text, step.state = "ready", "ok"
    except Trouble as trouble:
        step.trouble, step.state = trouble, "failed"
        step.text = "failed"
    except Exception as error:  # noqa: BLE001 - the top of a thread: without this it would end unseen
        step.trouble, step.state = Trouble(f"{step.name}: {type(error).__name__}: {error}"), "failed"
        step.text = "failed"
    finally:
        step.seconds = time.monotonic() - started
        step.told(step)


def _watch(steps: Sequence[Step], threads: Sequence[threading.Thread], screen: TextIO | None) -> None:
    frame = 0
    while any(thread.is_alive() for thread in threads):
        frame = _draw(steps, frame, screen)
        time.sleep(FRAME_S)
    _draw(steps, frame, screen)


def _draw(steps: Sequence[Step], frame: int, screen: TextIO | None) -> int:
    if screen:
        up = f"\x1b[{len(steps)}A" if frame else ""
        width = shutil.get_terminal_size().columns - 1
        lines = "".join(f"\r\x1b[2K{step.line(_mark(step, SPINNER[frame % len(SPINNER)]))[:width]}\n" for step in steps)
        screen.write(up + lines)
        screen.flush()
    return frame + 1


def _mark(step: Step, running: str = "·") -> str:
    return {"ok": "✓", "failed": "✗"}.get(step.state, running)


def _bar(done: int, total: int) -> str:
    full = done * BAR_WIDTH // total
    return f"▕{'█' * full}{' ' * (BAR_WIDTH - full)}▏ {done // MB} of {total // MB} MB"
