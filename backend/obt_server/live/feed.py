"""Turns events into messages once, and hands them to every browser's queue."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import structlog
from pydantic_core import to_json

from obt_server import __version__, events
from obt_server.clients import service as clients
from obt_server.clients.presence import PresenceRule
from obt_server.clients.shown import ShownClients
from obt_server.clock import Clock
from obt_server.db import Database, Document
from obt_server.jobs import service as jobs
from obt_server.live.schemas import (
    ClientChanged,
    ClientRemoved,
    JobChanged,
    LiveEvent,
    ModelsChanged,
    OperationChanged,
    ResultAdded,
    Resync,
    SessionChanged,
    Snapshot,
)
from obt_server.live.together import Together
from obt_server.operations import service as operations
from obt_server.results import service as results
from obt_server.sessions import service as sessions

log = structlog.get_logger()
COALESCE_S = 0.1
"""Changes of one thing within so many seconds become one message."""
QUEUE_MAX = 500
"""A browser that is so many different changes behind is told to fetch anew."""
CHANGED_MAX = QUEUE_MAX
"""Things that changed since the feed last looked; past it browsers are told to fetch anew, and none is looked up."""


_ABOUT_CLIENTS = (events.ClientChanged, events.PresenceChanged)
PART_CLIENTS = 50
"""So many clients in one message of a snapshot: read within a few milliseconds, by a slow phone too."""


class Mailbox:
    """The messages that wait for one browser: the newest for each thing, in the order of first change."""

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}
        self._filled = asyncio.Event()
        self.doubted = asyncio.Event()
        """Set when some browser signed out: this one may be it."""

    def put(self, key: str, message: str) -> None:
        """Leave a message; one about the same thing that still waits is replaced."""
        if key not in self._waiting and len(self._waiting) >= QUEUE_MAX:
            self._waiting = {"resync": Resync().model_dump_json()}
        elif "resync" not in self._waiting:
            self._waiting[key] = message
        self._filled.set()

    async def take(self) -> list[str]:
        """Wait for messages, and take all."""
        await self._filled.wait()
        self._filled.clear()
        messages, self._waiting = list(self._waiting.values()), {}
        return messages


class Feed:
    """Hears events, looks the changed things up together, and sends them to all browsers."""

    def __init__(self, db: Database, rule: PresenceRule, clock: Clock, shown: ShownClients) -> None:
        self._db = db
        self._rule = rule
        self._clock = clock
        self._shown = shown
        self._mailboxes: set[Mailbox] = set()
        self._changed: dict[events.Event, None] = {}
        self._woken = asyncio.Event()
        self._standing = Together(self._look)

    @property
    def listeners(self) -> int:
        """How many browsers listen."""
        return len(self._mailboxes)

    def hear(self, happened: Sequence[events.Event]) -> None:
        """Remember what changed. Nobody listening: nothing to remember."""
        if any(isinstance(event, events.SignedOut | events.Missed) for event in happened):
            for mailbox in self._mailboxes:
                mailbox.doubted.set()
        if self._mailboxes:
            if len(self._changed) <= CHANGED_MAX:
                self._changed.update(dict.fromkeys(happened))
            self._woken.set()

    def open(self) -> Mailbox:
        """Begin to collect messages for one browser."""
        mailbox = Mailbox()
        self._mailboxes.add(mailbox)
        return mailbox

    def close(self, mailbox: Mailbox) -> None:
        """Stop collecting."""
        self._mailboxes.discard(mailbox)

    async def snapshot(self) -> bytes:
        """Return how things stand: a `Snapshot` as JSON."""
        return (await self._standing.get()).whole()

    async def snapshot_messages(self) -> Sequence[str]:
        """Return the same for a socket: of many clients `SnapshotPart`s, then the `Snapshot` with the last of them."""
        return (await self._standing.get()).messages

    async def _look(self) -> "_Standing":
        now = self._clock.now()
        async with self._db.read() as session:
            found = await self._shown.list(session, now)
            rest = Snapshot(
                server_time=now,
                server_version=__version__,
                clients=[],
                sessions=await sessions.list_open(session),
                operations=await operations.list_open(session),
            )
        return _Standing(rest.model_dump(exclude={"clients"}), [client.json for client in found])

    async def run(self) -> None:
        """Send changes, for ever."""
        while True:
            await self._woken.wait()
            changed, self._changed = self._changed, {}
            self._woken.clear()
            try:
                await self._send(changed) if len(changed) <= CHANGED_MAX else self._post([("resync", Resync())])
            except Exception:
                log.exception("live_feed_failed")
                self._post([("resync", Resync())])
            await asyncio.sleep(COALESCE_S)

    async def _send(self, changed: Iterable[events.Event]) -> None:
        by_kind: dict[type, list[events.Event]] = {}
        for event in changed:
            by_kind.setdefault(type(event), []).append(event)
        if events.Missed in by_kind:
            self._post([("resync", Resync())])
            return
        self._post(await self._client_messages(chain(*(by_kind.get(kind, []) for kind in _ABOUT_CLIENTS))))
        self._post(
            [
                (f"models {e.client_id}", ModelsChanged(client_id=e.client_id))
                for e in by_kind.get(events.ModelsChanged, [])
                if isinstance(e, events.ModelsChanged)
            ]
        )
        self._post(await self._job_messages(by_kind.get(events.JobChanged, [])))
        self._post(await self._operation_messages(by_kind.get(events.OperationChanged, [])))
        self._post(await self._result_messages(by_kind.get(events.ResultAdded, [])))

    async def _client_messages(self, changed: Iterable[events.Event]) -> list[tuple[str, LiveEvent]]:
        ids = {event.client_id for event in changed if isinstance(event, _ABOUT_CLIENTS)}
        if not ids:
            return []
        async with self._db.read() as session:
            views = await clients.list_views(session, self._rule, self._clock.now(), ids)
        return [
            (f"client {view.id}", ClientRemoved(client_id=view.id) if view.archived_at else ClientChanged(client=view))
            for view in views
        ]

    async def _job_messages(self, changed: Iterable[events.Event]) -> list[tuple[str, LiveEvent]]:
        moved = [event for event in changed if isinstance(event, events.JobChanged)]
        if not moved:
            return []
        async with self._db.read() as session:
            job_views = await jobs.list_views(session, {event.job_id for event in moved})
            session_views = await sessions.list_views(session, {event.session_id for event in moved})
        messages: list[tuple[str, LiveEvent]] = [(f"job {view.id}", JobChanged(job=view)) for view in job_views]
        return messages + [(f"session {view.id}", SessionChanged(session=view)) for view in session_views]

    async def _operation_messages(self, changed: Iterable[events.Event]) -> list[tuple[str, LiveEvent]]:
        ids = {event.operation_id for event in changed if isinstance(event, events.OperationChanged)}
        if not ids:
            return []
        async with self._db.read() as session:
            views = await operations.list_views(session, ids)
        return [(f"operation {view.id}", OperationChanged(operation=view)) for view in views]

    async def _result_messages(self, changed: Iterable[events.Event]) -> list[tuple[str, LiveEvent]]:
        ids = [event.result_id for event in changed if isinstance(event, events.ResultAdded)]
        if not ids:
            return []
        async with self._db.read() as session:
            return [(f"result {view.id}", ResultAdded(result=view)) for view in await results.list_views(session, ids)]

    def _post(self, messages: Iterable[tuple[str, LiveEvent]]) -> None:
        for key, message in messages:
            text = message.model_dump_json()
            for mailbox in self._mailboxes:
                mailbox.put(key, text)


@dataclass(frozen=True)
class _Standing:
    """How things stand: a snapshot without its clients, and those, each as JSON."""

    rest: Document
    clients: Sequence[bytes]

    def whole(self) -> bytes:
        """As one message."""
        return _with_clients(self.rest, self.clients)

    @cached_property
    def messages(self) -> Sequence[str]:
        """In parts, the same ones for all browsers that asked at once: of a large fleet they are megabytes."""
        parts = [self.clients[at : at + PART_CLIENTS] for at in range(0, len(self.clients), PART_CLIENTS)] or [()]
        ahead = [_with_clients({"type": "snapshot_part"}, part).decode() for part in parts[:-1]]
        return [*ahead, _with_clients(self.rest, parts[-1]).decode()]


def _with_clients(rest: Document, clients_in_json: Sequence[bytes]) -> bytes:
    return to_json(rest)[:-1] + b',"clients":[%s]}' % b",".join(clients_in_json)
