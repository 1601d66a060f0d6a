"""Processor time of a family of processes that come and go. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

ProcessId = tuple[int, float]
"""Its number and when it was started: numbers are used again."""


@dataclass(frozen=True, slots=True)
class Used:
    """What one process has used: itself, and its children that ended and were waited for (Linux alone tells those)."""

    own_s: float
    reaped_s: float = 0.0
    resident_bytes: int = 0


class CpuAccount:
    """Seconds that the family has used since it was first seen.

    A child that ends takes its time out of the sum of those that live; where its parent has waited for it, the same
    time is in the parent's account of ended children. So the sum of both is what the family used, whoever ended. Where
    nobody tells of ended children, what those that live have used more is the least that it was.
    """

    def __init__(self) -> None:
        self._before: dict[ProcessId, Used] = {}
        self.total_s = 0.0
        self.is_new = True
        """Whether nothing was added yet."""

    def rise_s(self, seen: Mapping[ProcessId, Used], adopted: Collection[ProcessId] = ()) -> float:
        """Seconds used since the last `add`.

        Processes that were not seen before were born since, and count whole; not so the `adopted`, whose past is not
        the family's.
        """
        before = self._before | {one: seen[one] for one in adopted if one not in self._before}
        whole = sum(map(_whole_s, seen.values())) - sum(map(_whole_s, before.values()))
        living = (max(0.0, used.own_s - (before[one].own_s if one in before else 0.0)) for one, used in seen.items())
        return max(whole, sum(living), 0.0)

    def add(self, seen: Mapping[ProcessId, Used], adopted: Collection[ProcessId] = ()) -> float:
        """Count what was used since the last time, and return all that was ever counted."""
        self.total_s += self.rise_s(seen, adopted)
        self._before, self.is_new = dict(seen), False
        return self.total_s


def _whole_s(used: Used) -> float:
    return used.own_s + used.reaped_s
