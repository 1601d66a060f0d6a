"""Shows a run while it goes on, on standard error: lines that stay in place on a terminal, else a line a step."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from obt_client.cli.tally import Tally
from obt_core.jobs import JobOutcome, JobPhase, JobProgress
from obt_core.results import Sample

_REDRAW_S = 0.5
"""Drawing costs the processor that is being measured on: not more often, and never in a thread of its own."""
_SAY_EVERY_S = 10.0


class View(Protocol):
    """Shows a tally; a context that restores the terminal."""

    def progress(self, model: str, progress: JobProgress) -> None: ...
    def sample(self, model: str, sample: Sample) -> None: ...
    def ended(self, model: str, outcome: JobOutcome) -> None: ...
    def say(self, text: str) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Lines:
    """For logs and pipes: a line when a model or a workload begins, and every ten seconds."""

    def __init__(self, tally: Tally, *, quiet: bool) -> None:
        self._tally, self._quiet = tally, quiet
        self._step: object = None
        self._said_s = time.monotonic()

    def progress(self, model: str, progress: JobProgress) -> None:
        self._tally.progress(model, progress)
        step = (model, progress.phase, progress.workload)
        is_new = step != self._step and progress.phase in {JobPhase.PREFLIGHT, JobPhase.SAMPLING}
        if is_new or time.monotonic() - self._said_s >= _SAY_EVERY_S:
            self._step, self._said_s = step, time.monotonic()
            self._write(f"{model}: {self._tally.doing(model)}; {self._tally.time_left()}")

    def sample(self, model: str, sample: Sample) -> None:
        self._tally.sample(model, sample)

    def ended(self, model: str, outcome: JobOutcome) -> None:
        self._tally.ended(model, outcome)
        self._write(f"{model}: {self._tally.doing(model)}")

    def say(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def _write(self, text: str) -> None:
        if not self._quiet:
            self.say(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class _Screen:
    """For people: redrawn in place."""

    def __init__(self, tally: Tally, console: Console) -> None:
        self._tally, self._console = tally, console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._drawn_s = 0.0

    def progress(self, model: str, progress: JobProgress) -> None:
        self._tally.progress(model, progress)
        self._draw()

    def sample(self, model: str, sample: Sample) -> None:
        self._tally.sample(model, sample)

    def ended(self, model: str, outcome: JobOutcome) -> None:
        self._tally.ended(model, outcome)
        self._draw(at_once=True)

    def say(self, text: str) -> None:
        self._console.print(Text(text))

    def _draw(self, *, at_once: bool = False) -> None:
        if not at_once and time.monotonic() - self._drawn_s < _REDRAW_S:
            return
        self._drawn_s = time.monotonic()
        self._live.update(Text("\n".join(self._tally.lines(self._console.width))), refresh=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()


def view_of(tally: Tally, *, quiet: bool = False) -> View:
    """What fits standard error."""
    console = Console(stderr=True, highlight=False)
    return _Screen(tally, console) if console.is_terminal and not quiet else _Lines(tally, quiet=quiet)
