"""Heartbeats that wait for something to say. They hold no database session, and share one timer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from obt_server.events import Event, JobChanged

RELEASE_TICK_S = 0.1


@dataclass(slots=True, eq=False)
class _Hold:
    deadline: float
    released: asyncio.Event = field(default_factory=asyncio.Event)


class Holds:
    """The beats held by this process: one a client, at most `held_max`."""

    def __init__(self, held_max: int) -> None:
        self._held_max = held_max
        self._by_client: dict[str, _Hold] = {}
        self._is_draining = False

    def __len__(self) -> int:
        return len(self._by_client)

    def enter(self, client_id: str, seconds: float) -> _Hold | None:
        """Make place for a beat, before its state is read: what happens from now on releases it.

        An older beat of the same client is released. None where no place is left, or the server is stopping.
        """
        if older := self._by_client.pop(client_id, None):
            older.released.set()
        if self._is_draining or len(self._by_client) >= self._held_max:
            return None
        hold = _Hold(asyncio.get_running_loop().time() + seconds)
        self._by_client[client_id] = hold
        return hold

    def leave(self, client_id: str, hold: _Hold) -> None:
        """Give the place back."""
        if self._by_client.get(client_id) is hold:
            del self._by_client[client_id]

    def hear(self, events: Sequence[Event]) -> None:
        """Release the beats of clients that an event is about."""
        for event in events:
            if isinstance(event, JobChanged) and (hold := self._by_client.get(event.client_id)):
                hold.released.set()

    def release_all(self) -> None:
        """Release every beat, and hold none from now on: the server is stopping."""
        self._is_draining = True
        for hold in self._by_client.values():
            hold.released.set()

    async def run_timer(self) -> None:
        """Release beats whose time is over, for ever."""
        while True:
            await asyncio.sleep(RELEASE_TICK_S)
            now = asyncio.get_running_loop().time()
            for hold in [hold for hold in self._by_client.values() if hold.deadline <= now]:
                hold.released.set()
