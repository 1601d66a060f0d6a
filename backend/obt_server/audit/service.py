"""Writing deeds down where they are done, and reading them. `record` keeps what it is told: never tell it a secret."""

import getpass
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from obt_server.audit import repository
from obt_server.audit.schemas import AuditEntry, AuditFilter, AuditPage, AuditWish
from obt_server.clock import SystemClock
from obt_server.config import Settings
from obt_server.db import CONNECTION, Database, Document
from obt_server.spreadsheets import Cell, csv_lines

ACTOR = "obt_actor"
"""In a request's scope: who sent it. `auth.permissions` puts it there."""
_WALKED = 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `id` is of a person or a client."""

    kind: str
    name: str
    id: str | None = None
    address: str | None = None


NOBODY = Actor("anonymous", "anonymous")
SERVER = Actor("server", "server")
"""What happens by itself."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done to one subject. `before` and `after` hold what of it is another way now."""

    action: str
    subject_kind: str
    subject: str
    before: Document | None = None
    after: Document | None = None


def at_terminal() -> Actor:
    """Return the person at the server's own command line."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user need have no name
        name = "terminal"
    return Actor("terminal", name)


def actor_of(connection: HTTPConnection) -> Actor:
    """Return who sent a request, with the address that it came from."""
    actor: Actor = connection.scope.get(ACTOR, NOBODY)
    return replace(actor, address=connection.client.host if connection.client else None)


async def record(
    session: AsyncSession,
    by: HTTPConnection | Actor,
    action: str,
    subject_kind: str,
    subject: object,
    before: Document | None = None,
    after: Document | None = None,
) -> None:
    """Write down, with what this session writes, what somebody did: one is not stored without the other."""
    await _add(session, by, [Deed(action, subject_kind, str(subject), before, after)])


async def note(
    session: AsyncSession,
    action: str,
    subject_kind: str,
    subject: object,
    before: Document | None = None,
    after: Document | None = None,
) -> None:
    """Write down what was done by whoever sent the request that this session serves, or else by the server."""
    await note_all(session, [Deed(action, subject_kind, str(subject), before, after)])


async def note_all(session: AsyncSession, deeds: Iterable[Deed]) -> None:
    """Write many deeds down at once."""
    await _add(session, session.info.get(CONNECTION, SERVER), deeds)


async def _add(session: AsyncSession, by: HTTPConnection | Actor, deeds: Iterable[Deed]) -> None:
    is_request = isinstance(by, HTTPConnection)
    actor, clock = (actor_of(by), by.app.state.clock) if is_request else (by, SystemClock())
    common = {
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor": actor.name[:120],
        "actor_id": actor.id,
        "address": actor.address[:64] if actor.address else None,
    }
    if rows := [{**common, **asdict(deed), "subject": deed.subject[:300]} for deed in deeds]:
        await repository.add(session, rows)


def contrast(before: Document, after: Document) -> tuple[Document, Document]:
    """Return what of two states is not the same in both."""
    other = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in other}, {name: after.get(name) for name in other}


async def page(session: AsyncSession, wish: AuditWish, settings: Settings) -> AuditPage:
    """Return a page of deeds, newest first."""
    before_id = None if wish.after is None else int(wish.after)
    rows = await repository.page(session, wish, before_id, wish.limit + 1)
    entries = [AuditEntry.model_validate(row, from_attributes=True) for row in rows[: wish.limit]]
    following = str(entries[-1].id) if len(rows) > wish.limit else None
    return AuditPage(entries=entries, kept_days=settings.audit_days or None, next=following)


class LogFormat(StrEnum):
    """What the log can be written as."""

    CSV = "csv"
    JSON = "json"


MEDIA = {LogFormat.CSV: "text/csv; charset=utf-8", LogFormat.JSON: "application/json"}
_COLUMNS = tuple(AuditEntry.model_fields)


async def export(db: Database, wish: AuditFilter, kind: LogFormat) -> AsyncIterator[str]:
    """Write all deeds that a filter leaves, newest first, as of one moment and page by page."""
    async with db.read() as session:
        pages = _walk(session, wish)
        async for text in _json(pages) if kind is LogFormat.JSON else _csv(pages):
            yield text


async def _walk(session: AsyncSession, wish: AuditFilter) -> AsyncIterator[list[AuditEntry]]:
    before_id = None
    while rows := await repository.page(session, wish, before_id, _WALKED):
        yield [AuditEntry.model_validate(row, from_attributes=True) for row in rows]
        before_id = rows[-1].id
        session.expunge_all()


async def _csv(pages: AsyncIterator[list[AuditEntry]]) -> AsyncIterator[str]:
    yield csv_lines([_COLUMNS])
    async for page in pages:
        yield csv_lines([_cells(entry.model_dump(mode="json")) for entry in page])


def _cells(entry: dict[str, Any]) -> list[Cell]:
    values = [entry[name] for name in _COLUMNS]
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in values]


async def _json(pages: AsyncIterator[list[AuditEntry]]) -> AsyncIterator[str]:
    before = "[\n"
    async for page in pages:
        for entry in page:
            yield before + entry.model_dump_json()
            before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"
