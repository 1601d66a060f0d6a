"""A bar on the terminal: how far, how fast, how long still."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Write the rate of the last seconds."""
        return Text(f"{task.speed or 0:,.0f} {task.fields['unit']}/s")


class Bar:
    """Hears of rows, or of other things that are gone through, and draws."""

    def __init__(self, progress: Progress, unit: str) -> None:
        self._progress, self._unit = progress, unit
        self._task: TaskID | None = None

    def begin(self, what: str, rows: int) -> None:
        """Draw another bar."""
        self._task = self._progress.add_task(what, total=rows, unit=self._unit, table="")

    def advance(self, rows: int, table: str) -> None:
        """Go on."""
        if self._task is not None:
            self._progress.update(self._task, advance=rows, table=table)


@contextmanager
def shown(unit: str = "rows") -> Generator[Bar]:
    """Draw on standard error; where that is no terminal, say nothing."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[table]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Bar(progress, unit)
