"""Clients that said nothing new, and to whom nothing is to be said: the most of a fleet, the most of the time.

What is known of them here only spares the database being asked again. It is good until an event names the client: each
change that a beat could be told of announces one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import cast

from pydantic import ValidationError
from pydantic_core import from_json

from obt_core.heartbeat import Heartbeat, MachineLoad
from obt_server.clients.news import is_news
from obt_server.db import Document
from obt_server.events import Event, EventBus, Missed, PresenceChanged

_LOAD = "load"


@dataclass(frozen=True, slots=True)
class Sent:
    """A beat as it came: whose credential, by its hash; its JSON without the load, which moves each time; that."""

    credential: bytes
    raw: Document
    load: object

    def again(self, quiet: "Quiet") -> Document | None:
        """Return this beat as it is kept; None where it is news beside the client's last, or no beat at all."""
        try:
            if self.raw == quiet.sent.raw:  # which was looked at whole
                return {**quiet.said, _LOAD: _load_of(self.load)}
            said = Heartbeat.model_validate({**self.raw, _LOAD: self.load}).model_dump(mode="json")
        except ValidationError:
            return None
        return None if is_news(quiet.said, said) else said


@dataclass(slots=True, eq=False)
class Mark:
    """Set before a client's state is read; void once something happened that concerns it."""

    is_void: bool = False


@dataclass(slots=True, eq=False)
class Quiet:
    """One quiet client: its last beat as it came and as it is kept, and when this server heard it.

    `is_doubtful`: time may have made it another one on screens than one that is there, so that its return is news.
    """

    sent: Sent
    said: Document
    heard_at: datetime
    is_doubtful: bool = False


class QuietClients:
    """The quiet clients of this process, by their IDs; about 4 kB each."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._quiet: dict[str, Quiet] = {}
        self._marks: dict[str, Mark] = {}
        self._moved: set[str] | None = None
        self.cold = asyncio.Event()
        """Set where all were forgotten: `warming` looks them up together."""
        self.cold.set()

    def __contains__(self, client_id: str) -> bool:
        return client_id in self._quiet

    def mark(self, client_id: str) -> Mark:
        """Begin to look whether a client is quiet: what happens from now on voids the look."""
        mark = self._marks[client_id] = Mark()
        return mark

    def unmark(self, client_id: str, mark: Mark) -> None:
        """End a look."""
        if self._marks.get(client_id) is mark:
            del self._marks[client_id]

    def settle(self, client_id: str, mark: Mark, quiet: Quiet) -> None:
        """Keep that a client is quiet, unless something happened since the mark was set."""
        if self._bus.hears_all and not mark.is_void and self._marks.get(client_id) is mark:
            self._quiet[client_id] = quiet

    def watch(self) -> None:
        """Begin to look at many clients: whom something happens to from now on is not settled by `settle_all`."""
        self._moved = set()

    def settle_all(self, found: Mapping[str, Quiet]) -> bool:
        """Keep that clients are quiet, but whom something happened to since `watch`; False where that is not known."""
        if self._moved is None or not self._bus.hears_all:
            return False
        fresh = {id_: quiet for id_, quiet in found.items() if id_ not in self._moved and id_ not in self._quiet}
        self._quiet.update(fresh)
        return True

    def drop(self, client_id: str) -> None:
        """Forget a client: its next beat is looked at whole."""
        self._quiet.pop(client_id, None)
        if self._moved is not None:
            self._moved.add(client_id)
        if mark := self._marks.pop(client_id, None):
            mark.is_void = True

    def find(self, client_id: str, credential: bytes | None) -> Quiet | None:
        """Return a quiet client that has this credential."""
        quiet = self._quiet.get(client_id)
        if quiet is None or credential is None or not compare_digest(quiet.sent.credential, credential):
            return None
        return quiet

    def hear(self, events: Sequence[Event]) -> None:
        """Forget whom an event is about, and everybody where events were missed."""
        for event in events:
            if isinstance(event, Missed):
                self.clear()
                self.cold.set()
            elif isinstance(event, PresenceChanged):
                self._doubt(event.client_id)
            elif client_id := getattr(event, "client_id", None):
                self.drop(client_id)

    def _doubt(self, client_id: str) -> None:
        if quiet := self._quiet.get(client_id):
            quiet.is_doubtful = True

    def clear(self) -> None:
        """Forget all."""
        self._quiet.clear()
        self._moved = None
        for mark in self._marks.values():
            mark.is_void = True
        self._marks.clear()


def read_beat(credential: bytes, body: bytes) -> Sent | None:
    """Read a beat so far as to compare it; None for what is no JSON object."""
    try:
        raw = from_json(body)
    except ValueError:
        return None
    if not isinstance(raw, dict):
        return None
    told = cast("Document", raw)
    return Sent(credential, told, told.pop(_LOAD, None))


def _load_of(told: object) -> Document | None:
    return None if told is None else MachineLoad.model_validate(told).model_dump(mode="json")
