"""A run on a terminal: lines that stay in place. Apart from the rest, since rich takes long to import."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from obt_client.cli.tally import Tally
from obt_core.jobs import JobOutcome, JobProgress
from obt_core.results import Sample

_REDRAW_S = 0.5
"""Drawing costs the processor that is being measured on: not more often, and never in a thread of its own."""


class Screen:
    """For people: redrawn in place."""

    def __init__(self, tally: Tally) -> None:
        self._tally, self._console = tally, Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._drawn_s = 0.0

    def progress(self, model: str, progress: JobProgress) -> None:
        self._tally.progress(model, progress)
        self._draw()

    def sample(self, model: str, sample: Sample) -> None:
        self._tally.sample(model, sample)

    def ended(self, model: str, outcome: JobOutcome) -> None:
        self._tally.ended(model, outcome)
        self._draw(at_once=True)

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
