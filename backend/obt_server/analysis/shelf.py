"""What was read and computed, kept in memory within bounds."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from obt_server.analysis.comparing import Values
from obt_server.analysis.schemas import Pair

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")
VALUES_MAX = 2_000_000
"""Of samples, 8 bytes each: 16 MB in all."""
LINES_MAX = 50_000


class Shelf(Generic[Key, Thing]):
    """Things by their keys, with a weight each; what was not asked for longest goes first when they are too heavy."""

    def __init__(self, weight_max: int) -> None:
        self._weight_max, self._weight = weight_max, 0
        self._things = OrderedDict[Key, tuple[Thing, int]]()

    def get(self, key: Key) -> Thing | None:
        """Return what is kept under that key."""
        found = self._things.get(key)
        if found is None:
            return None
        self._things.move_to_end(key)
        return found[0]

    def put(self, key: Key, thing: Thing, weight: int) -> None:
        """Keep a thing, unless it alone is too heavy."""
        if weight > self._weight_max:
            return
        self._weight += weight - (self._things.pop(key)[1] if key in self._things else 0)
        self._things[key] = thing, weight
        while self._weight > self._weight_max:
            self._weight -= self._things.popitem(last=False)[1][1]

    def __len__(self) -> int:
        return len(self._things)


class Desk:
    """What comparisons of one server share. One is computed at a time: the others' is then often on the shelf."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.values = Shelf[tuple[str, ...], Values](VALUES_MAX)
        self.pairs = Shelf[tuple[str, ...], tuple[list[Pair], int]](LINES_MAX)
