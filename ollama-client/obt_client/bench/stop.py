"""How a job is told to stop, and how what it waits for is cut short."""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

StopReason = Literal["cancelled", "client_stopped"]
"""`cancelled` cuts the running request at once; `client_stopped` lets it end."""
T = TypeVar("T")


class StoppedError(Exception):
    """What was waited for was cut short by the stop."""


class StopSignal:
    """Like an asyncio.Event that knows why it was set. `cancelled` goes before `client_stopped`, however they come."""

    def __init__(self) -> None:
        self.reason: StopReason | None = None
        self._event = asyncio.Event()
        self._cut: dict[asyncio.Task[Any], tuple[StopReason, ...]] = {}

    def set(self, reason: StopReason) -> None:
        """Stop. Setting it again changes nothing, but `cancelled` after `client_stopped`."""
        if self.reason is None or reason == "cancelled":
            self.reason = reason
        self._event.set()
        for task, reasons in self._cut.items():
            if self.reason in reasons:
                task.cancel()

    def is_set(self) -> bool:
        return self._event.is_set()

    async def wait(self) -> None:
        """Wait until it is set, for whatever reason."""
        await self._event.wait()

    async def cut(self, work: Coroutine[Any, Any, T], *reasons: StopReason) -> T:
        """Do the work unless one of these reasons comes first, or has come. Raises StoppedError then."""
        if self.reason in reasons:
            work.close()
            raise StoppedError(self.reason)
        task = asyncio.get_running_loop().create_task(work)
        with self._cutting(task, reasons):
            try:
                return await task
            except asyncio.CancelledError:
                me = asyncio.current_task()
                if not task.cancelled() or (me is not None and me.cancelling()):
                    raise  # it is the job itself that is being cancelled
                raise StoppedError(self.reason) from None

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work unless the stop comes first, for whatever reason. Raises StoppedError then."""
        return await self.cut(work, "cancelled", "client_stopped")

    @contextmanager
    def _cutting(self, task: asyncio.Task[Any], reasons: tuple[StopReason, ...]) -> Generator[None, None, None]:
        self._cut[task] = reasons
        try:
            yield
        finally:
            del self._cut[task]
