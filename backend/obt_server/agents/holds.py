"""Heartbeats that wait for something to say. They hold no database session."""

import asyncio
from collections.abc import Container, Sequence

from obt_server.events import ClientChanged, Event, JobChanged, OperationChanged


class Hold:
    """One held beat. `is_over`: it is to be answered now, whether there is something to say or not."""

    __slots__ = ("_timer", "_woken", "is_over")

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._woken = asyncio.Event()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.end)

    @property
    def left_s(self) -> float:
        """How many seconds are left."""
        return max(0.0, self._timer.when() - asyncio.get_running_loop().time())

    async def wait(self) -> None:
        """Wait until something happened that concerns the client, or the time is over."""
        await self._woken.wait()
        self._woken.clear()

    def wake(self) -> None:
        """Let the beat look whether there is something to say now."""
        self._woken.set()

    def end(self) -> None:
        """Let the beat be answered."""
        self.is_over = True
        self._woken.set()

    def forget(self) -> None:
        """Have nothing come of it any more: the beat is answered, or who sent it is gone."""
        self._timer.cancel()


class Holds:
    """The beats held by this process: one a client, at most `held_max`."""

    def __init__(self, held_max: int) -> None:
        self._held_max = held_max
        self._by_client: dict[str, Hold] = {}
        self._is_draining = False

    def __len__(self) -> int:
        return len(self._by_client)

    def enter(self, client_id: str, seconds: float) -> Hold | None:
        """Make place for a beat, before its state is read: what happens from now on releases it.

        An older beat of the same client is released. None for no seconds, where no place is left, or where the
        server is stopping.
        """
        if older := self._by_client.pop(client_id, None):
            older.end()
        if seconds <= 0 or self._is_draining or len(self._by_client) >= self._held_max:
            return None
        hold = Hold(seconds)
        self._by_client[client_id] = hold
        return hold

    def leave(self, client_id: str, hold: Hold) -> None:
        """Give the place back."""
        hold.forget()
        if self._by_client.get(client_id) is hold:
            del self._by_client[client_id]

    def hear(self, events: Sequence[Event]) -> None:
        """Wake the beats of clients that an event is about. Where events were missed, `warming` looks whom to wake."""
        for event in events:
            is_about_one = isinstance(event, ClientChanged | JobChanged | OperationChanged)
            if is_about_one and (hold := self._by_client.get(event.client_id)):
                hold.wake()

    def wake_but(self, quiet: Container[str]) -> None:
        """Wake the beats of all clients but those."""
        for client_id, hold in self._by_client.items():
            if client_id not in quiet:
                hold.wake()

    def release_all(self) -> None:
        """Release every beat, and hold none from now on: the server is stopping."""
        self._is_draining = True
        for hold in self._by_client.values():
            hold.end()
