"""What happened: small facts that a write announces and that go out after its commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ClientChanged:
    """A client's row on a screen is no longer true."""

    client_id: str


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Time alone made a client's presence another one: screens show that, and the client has nothing to hear of it."""

    client_id: str


@dataclass(frozen=True, slots=True)
class ModelsChanged:
    """A client's inventory was replaced."""

    client_id: str


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job moved, or told of its progress."""

    job_id: UUID
    session_id: UUID
    client_id: str


@dataclass(frozen=True, slots=True)
class ResultAdded:
    """A result was stored or replaced."""

    result_id: UUID


@dataclass(frozen=True, slots=True)
class OperationChanged:
    """An operation was asked for, moved, or told of its progress."""

    operation_id: UUID
    client_id: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A browser signed out: open sockets ask again whether they may stay."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Events of other servers may have been missed: whatever was kept of the database is doubtful."""


Event = (
    Missed | ClientChanged | PresenceChanged | ModelsChanged | JobChanged | ResultAdded | OperationChanged | SignedOut
)
Listener = Callable[[Sequence[Event]], None]


class EventBus:
    """Carries events to listeners within this process. A listener returns at once and never raises.

    `hears_all`: whatever changes in the database is told here, by whichever server it was done.
    """

    def __init__(self, *, hears_all: bool = True) -> None:
        self._listeners: list[Listener] = []
        self.hears_all = hears_all

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with every batch of events, in order."""
        self._listeners.append(listener)

    def publish(self, events: Sequence[object]) -> None:
        """Hand events to every listener; the failure of one does not concern the others."""
        known = [event for event in events if isinstance(event, Event)]
        for listener in self._listeners:
            try:
                listener(known)
            except Exception:
                log.exception("event_listener_failed")
