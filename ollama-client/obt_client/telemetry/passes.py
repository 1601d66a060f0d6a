"""Going through all sources in a thread that can be left behind: a call into a driver may never return."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from obt_client.daemon import in_daemon
from obt_client.telemetry.source import Source

_T = TypeVar("_T")


class Pass(Generic[_T]):
    """One walk through the sources, one after the other. `begun_s`: when it began, on the monotonic clock."""

    def __init__(self, sources: Sequence[Source], do: Callable[[Source], _T]) -> None:
        self._sources, self._do = tuple(sources), do
        self._at: Source | None = None
        self._is_left = False
        self.begun_s = 0.0
        self.done: list[tuple[Source, _T]] = []
        self.failed: list[tuple[Source, Exception]] = []

    async def within(self, limit_s: float) -> Source | None:
        """Walk in a thread. Return the source that was stuck when the time was over, None where all were visited."""
        try:
            async with asyncio.timeout(limit_s):
                await in_daemon(self._walk, name="telemetry")
        except TimeoutError:
            self._is_left = True
            return self._at
        return None

    def _walk(self) -> None:
        """Visit all; a source that raises takes no other with it. One that answers too late ends the walk."""
        self.begun_s = time.monotonic()
        for source in self._sources:
            self._at = source
            self._visit(source)
            if self._is_left:
                return
        self._at = None

    def _visit(self, source: Source) -> None:
        try:
            answer = self._do(source)
        except Exception as error:  # noqa: BLE001 - a source is a foreign library; whatever it raises, the rest stands
            self.failed.append((source, error))
        else:
            self.done.append((source, answer))
