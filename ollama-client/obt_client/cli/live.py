"""Shows a run while it goes on, on standard error: lines that stay in place on a terminal, else a line a step."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from obt_client.cli.tally import Tally
from obt_core.jobs import JobOutcome, JobPhase, JobProgress
from obt_core.results import Sample

_SAY_EVERY_S = 10.0


class View(Protocol):
    """Shows a tally; a context that restores the terminal."""

    def progress(self, model: str, progress: JobProgress) -> None: ...
    def sample(self, model: str, sample: Sample) -> None: ...
    def ended(self, model: str, outcome: JobOutcome) -> None: ...
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

    def _write(self, text: str) -> None:
        if not self._quiet:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


def view_of(tally: Tally, *, quiet: bool = False) -> View:
    """What fits standard error."""
    if quiet or not sys.stderr.isatty():
        return _Lines(tally, quiet=quiet)
    from obt_client.cli.screen import Screen

    return Screen(tally)
