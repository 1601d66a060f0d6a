"""Whose turn it is: people take turns, not sessions. Pure.

Of all who wait, the one goes first whose last turn is longest ago (who had none yet comes before all); of those alike,
the one who waits for longest; then by name, so that every server decides alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person who waits: since when their oldest job does, and when they were last given something; None: never."""

    person: str
    since: datetime
    served_at: datetime | None


def in_turn(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return who waits, in the order in which they are served."""
    return sorted(waiting, key=lambda one: (one.served_at or _NEVER, one.since, one.person))


def has_place(person: str, contending: Iterable[Waiting], free: int) -> bool:
    """Whether a place is this person's, of so many free ones.

    `contending`: one entry for each client that would take a job at once, with the person whose job that is; a
    person's own clients never stand in each other's way.
    """
    order = in_turn(contending)
    ahead = next((place for place, one in enumerate(order) if one.person == person), len(order))
    return ahead < free
