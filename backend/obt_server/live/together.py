"""What many ask for at once is made once: every browser asks for a snapshot when a server comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Together(Generic[Thing]):
    """Makes something for all who ask. Nobody gets what began to be made before they asked: it may be out of date."""

    def __init__(self, make: Callable[[], Awaitable[Thing]]) -> None:
        self._make = make
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[Thing] | None = None

    async def get(self) -> Thing:
        """Return what is made next; who goes away meanwhile does not take it from the others."""
        if self._next is None:
            self._next = asyncio.create_task(self._run())
        return await asyncio.shield(self._next)

    async def _run(self) -> Thing:
        async with self._turn:
            self._next = None  # who asks from now on is given the one after this
            return await self._make()
