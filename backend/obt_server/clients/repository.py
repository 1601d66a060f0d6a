"""SQL of clients."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from obt_core.heartbeat import AgentState
from obt_server.auth import service as auth
from obt_server.clients.presence import Presence
from obt_server.clients.tables import ClientRow, PresenceChangeRow
from obt_server.db import Document, Question

_CLIENT = ClientRow.__table__.c
"""The attributes of `ClientRow` would have its mapper walk each of thousands of rows, for nothing."""
_UNSHOWN = {"hardware", "boot_id", "hardware_fingerprint", "models_hash", "presence", "restored_at"}
SeenRow = Row[str, datetime | None, float, datetime | None, Presence | None]
_SHOWN = [column for column in _CLIENT if column.name not in _UNSHOWN]
"""What a list reads: not the whole hardware, which is long."""
SEEN = ("last_seen_at", "offline_since")
DOCUMENTS = ("status", "machine", "tags")
_STORED = [
    *(_CLIENT[name] for name in SEEN),
    *(cast(column, Text).label(column.name) if column.name in DOCUMENTS else column
      for column in _SHOWN if column.name not in SEEN),
]  # fmt: skip
"""The same, first what each beat changes; documents as they are stored, for most of them are known already."""
_NAMED_MOST = 1_000
_TURNS: dict[str, bool] = {"key_share": True}
"""FOR NO KEY UPDATE: who changes a client takes turns, and does not hold up who only names it (a foreign key's check).

Else a beat, which has its client and wants its job, and an outcome, which has the job and names the client, meet.
"""


async def list_rows(session: AsyncSession, ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Return the clients with the given IDs by name, without their hardware."""
    statement = select(*_SHOWN).where(ClientRow.id.in_(list(ids))).order_by(ClientRow.name, ClientRow.id)
    return (await session.execute(statement)).all()


async def list_stored(session: AsyncSession, *, archived: bool) -> Sequence[Row[Any]]:
    """Return `_STORED` of all clients that are `archived` or not, by name."""
    is_archived = _CLIENT.archived_at.is_not(None) if archived else _CLIENT.archived_at.is_(None)
    statement = select(*_STORED).where(is_archived).order_by(_CLIENT.name, _CLIENT.id)
    return (await session.execute(statement)).all()


_KNOWN = (ClientRow.hardware_fingerprint, ClientRow.models_hash, ClientRow.boot_id, ClientRow.clone_seen_at)


async def find_stored(session: AsyncSession, client_id: str, *also: ColumnElement[bool]) -> Sequence[Any] | None:
    """Return what `service.Stored` tells of a client, then the answers to further questions."""
    told: list[Any] = [*_KNOWN, *auth.key_questions(client_id)]
    return (await session.execute(select(*told, *also).where(ClientRow.id == client_id))).one_or_none()


async def list_heard(session: AsyncSession, after: str, limit: int, *also: Question) -> Sequence[Sequence[Any]]:
    """Return ID, moment and text of the last beat, and the key's hash, then the same, of those not archived, by ID."""
    heard = [ClientRow.id, ClientRow.last_seen_at, ClientRow.status, auth.key_hash_question(ClientRow.id)]
    told: list[Any] = [*heard, *_KNOWN, *auth.key_questions(ClientRow.id)]
    asked = (question(ClientRow.id) for question in also)
    conditions = ClientRow.id > after, ClientRow.archived_at.is_(None), ClientRow.last_seen_at.is_not(None)
    return (await session.execute(select(*told, *asked).where(*conditions).order_by(ClientRow.id).limit(limit))).all()


async def last_said(session: AsyncSession, client_id: str) -> Row[datetime | None, Document | None] | None:
    """Return when a client was last seen, and its last beat."""
    statement = select(ClientRow.last_seen_at, ClientRow.status).where(ClientRow.id == client_id)
    return (await session.execute(statement)).one_or_none()


async def list_seen(session: AsyncSession, ids: Iterable[str] | None = None) -> Sequence[SeenRow]:
    """Return what presence is judged by, of clients that are not archived or of those with the given IDs."""
    condition = ClientRow.archived_at.is_(None) if ids is None else ClientRow.id.in_(list(ids))
    return (await session.execute(_seen_of().where(condition))).all()


async def list_silent(session: AsyncSession, ids: Iterable[str], since: datetime) -> list[tuple[str, datetime, float]]:
    """Return who of these was last seen before a moment: the ID, when, and its interval in seconds."""
    statement = select(ClientRow.id, ClientRow.last_seen_at, ClientRow.interval_s)
    rows = await session.execute(statement.where(ClientRow.id.in_(list(ids)), ClientRow.last_seen_at <= since))
    return [(id_, at, every_s) for id_, at, every_s in rows if at is not None]


async def list_unsettled(session: AsyncSession, silent_since: datetime) -> Sequence[SeenRow]:
    """Return what presence is judged by, but for who is noted as online and was heard since, or as offline and not."""
    heard, noted = ClientRow.last_seen_at > silent_since, ClientRow.presence
    is_there = and_(heard, noted == Presence.ONLINE)
    is_gone = and_(~heard, noted == Presence.OFFLINE, ClientRow.offline_since.is_not(None))
    statement = _seen_of().where(ClientRow.archived_at.is_(None), ClientRow.last_seen_at.is_not(None))
    return (await session.execute(statement.where(or_(noted.is_(None), ~or_(is_there, is_gone))))).all()


def _seen_of() -> Select[str, datetime | None, float, datetime | None, Presence | None]:
    return select(
        ClientRow.id, ClientRow.last_seen_at, ClientRow.interval_s, ClientRow.offline_since, ClientRow.presence
    )


async def get_to_change(session: AsyncSession, client_id: str) -> ClientRow:
    """Return one client, which exists; two who change it take turns."""
    return await session.get_one(ClientRow, client_id, with_for_update=_TURNS)


async def names(session: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those clients."""
    if not (asked := set(ids)):
        return {}
    found = await session.execute(select(ClientRow.id, ClientRow.name).where(ClientRow.id.in_(asked)))
    return {row.id: row.name for row in found}


async def labels(session: AsyncSession) -> Sequence[Row[str, str, list[str]]]:
    """Return ID, name and tags of all clients, archived ones too: their results stay."""
    return (await session.execute(select(_CLIENT.id, _CLIENT.name, _CLIENT.tags))).all()


async def list_holders(session: AsyncSession, client_id: str | None) -> Sequence[Row[str, str, str | None]]:
    """Return ID, name and inventory's hash of clients that are not archived, by name; or of the one with that ID."""
    statement = select(ClientRow.id, ClientRow.name, ClientRow.models_hash).where(ClientRow.archived_at.is_(None))
    if client_id is not None:
        statement = statement.where(ClientRow.id == client_id)
    return (await session.execute(statement.order_by(ClientRow.name, ClientRow.id))).all()


async def store_beat(session: AsyncSession, client_id: str, values: Mapping[str, Any]) -> None:
    """Write what a client said; one that was away is back, unless a person put it away."""
    kept = case((ClientRow.is_archived_by_person, ClientRow.archived_at), else_=None)
    await session.execute(update(ClientRow).where(ClientRow.id == client_id).values(**values, archived_at=kept))


async def boots(session: AsyncSession, client_id: str) -> Row[UUID | None, UUID | None, datetime | None]:
    """Return which boot of a client was heard last, which one before it, and when it was seen to run twice."""
    statement = select(ClientRow.boot_id, ClientRow.other_boot_id, ClientRow.clone_seen_at)
    return (await session.execute(statement.where(ClientRow.id == client_id))).one()


async def set_values(session: AsyncSession, client_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of one client."""
    await session.execute(update(ClientRow).where(ClientRow.id == client_id).values(**values))


async def mark_offline(session: AsyncSession, last_seen: Mapping[str, datetime | None], now: datetime) -> None:
    """Note since when clients are offline, as far as nothing was heard of them since they were last seen."""
    table = ClientRow.__table__
    statement = (
        update(ClientRow)
        .where(table.c.id == bindparam("client"), table.c.offline_since.is_(None))
        .where(table.c.last_seen_at <= bindparam("at"))
        .values(offline_since=now)
        .execution_options(synchronize_session=False)
    )
    rows = [{"client": client_id, "at": at} for client_id, at in sorted(last_seen.items())]
    await (await session.connection()).execute(statement, rows)


async def archive_unseen_since(session: AsyncSession, moment: datetime, now: datetime) -> list[str]:
    """Archive clients that were last seen before `moment`, or came never and enrolled before it; return their IDs.

    One that a person brought back since is left.
    """
    statement = (
        update(ClientRow)
        .where(ClientRow.archived_at.is_(None), func.coalesce(ClientRow.last_seen_at, ClientRow.enrolled_at) < moment)
        .where(or_(ClientRow.restored_at.is_(None), ClientRow.restored_at < moment))
        .values(archived_at=now)
        .returning(ClientRow.id)
    )
    return list((await session.scalars(statement)).all())


async def exists(session: AsyncSession, client_id: str) -> bool:
    """Whether there is such a client."""
    return await session.scalar(select(ClientRow.id).where(ClientRow.id == client_id)) is not None


async def find_to_change(session: AsyncSession, client_id: str) -> ClientRow | None:
    """Return one client, None where there is none; two who change it take turns."""
    return await session.get(ClientRow, client_id, with_for_update=_TURNS)


async def list_to_change(session: AsyncSession, ids: Iterable[str]) -> list[ClientRow]:
    """Return those clients without their hardware, in the order of their IDs; two who change them take turns."""
    statement = select(ClientRow).where(ClientRow.id.in_(set(ids))).order_by(ClientRow.id)
    statement = statement.options(defer(ClientRow.hardware, raiseload=True)).with_for_update(key_share=True)
    return list(await session.scalars(statement))


async def list_tags(session: AsyncSession, ids: Collection[str] | None = None) -> Sequence[Row[str, list[str]]]:
    """Return the tags of all clients that have some, or of those with the given IDs."""
    statement = select(ClientRow.id, ClientRow.tags)
    rows = (await session.execute(statement if ids is None else statement.where(_may_be(ids)))).all()
    return [row for row in rows if row.tags and (ids is None or row.id in ids)]


async def takes_work(session: AsyncSession, client_id: str) -> bool:
    """Whether nobody drained the client, or archived it."""
    statement = select(ClientRow.id).where(ClientRow.id == client_id, ClientRow.drained_at.is_(None))
    return await session.scalar(statement.where(ClientRow.is_archived_by_person.is_(False))) is not None


async def list_idle(
    session: AsyncSession, ids: Collection[str]
) -> Sequence[Row[str, datetime | None, float, list[str]]]:
    """Return those of the clients that last said to be idle, and that nobody drained or archived."""
    statement = select(ClientRow.id, ClientRow.last_seen_at, ClientRow.interval_s, ClientRow.tags)
    statement = statement.where(ClientRow.archived_at.is_(None), ClientRow.drained_at.is_(None))
    is_idle = ClientRow.status["state"].as_string() == AgentState.IDLE
    rows = (await session.execute(statement.where(is_idle, _may_be(ids)))).all()
    return [row for row in rows if row.id in ids]


def _may_be(ids: Collection[str]) -> ColumnElement[bool]:
    """Whether a client is one of few; true of all where they are many: a statement takes only so many values."""
    return ClientRow.id.in_(ids) if len(ids) <= _NAMED_MOST else true()


async def kept_from_work(session: AsyncSession, ids: Iterable[str]) -> set[str]:
    """Return those of them that a person drained or archived."""
    is_kept = or_(ClientRow.drained_at.is_not(None), ClientRow.is_archived_by_person)
    return set(await session.scalars(select(ClientRow.id).where(ClientRow.id.in_(list(ids)), is_kept)))


async def tags_of(session: AsyncSession, client_id: str) -> list[str]:
    """Return the tags of one client; none of one that there is not."""
    return await session.scalar(select(ClientRow.tags).where(ClientRow.id == client_id)) or []


class Note(NamedTuple):
    """From `at` on the client had that presence; None: nobody knows."""

    client_id: str
    at: datetime
    presence: Presence | None


async def lock_noted(
    session: AsyncSession, ids: Iterable[str]
) -> Sequence[Row[str, datetime | None, float, Presence | None]]:
    """Return what was noted last of those clients, until the end of the transaction for this session alone."""
    statement = select(ClientRow.id, ClientRow.last_seen_at, ClientRow.interval_s, ClientRow.presence)
    statement = statement.where(ClientRow.id.in_(list(ids))).order_by(ClientRow.id).with_for_update(key_share=True)
    return (await session.execute(statement)).all()


async def add_notes(session: AsyncSession, notes: Sequence[Note]) -> None:
    """Add to the history of clients; of two notes on one moment the later one stands."""
    if not notes:
        return
    table, newest = PresenceChangeRow.__table__, {note.client_id: note.presence for note in notes}
    rows = list({(note.client_id, note.at): note._asdict() for note in notes}.values())
    same = tuple_(table.c.client_id, table.c.at).in_([(row["client_id"], row["at"]) for row in rows])
    await session.execute(delete(PresenceChangeRow).where(same))
    await session.execute(insert(PresenceChangeRow), rows)
    for presence in set(newest.values()):
        ids = [client_id for client_id, one in newest.items() if one == presence]
        await session.execute(update(ClientRow).where(ClientRow.id.in_(ids)).values(presence=presence))


async def list_notes(
    session: AsyncSession, client_id: str, before: datetime | None, limit: int
) -> list[PresenceChangeRow]:
    """Return a client's history, newest first, from before that moment."""
    statement = select(PresenceChangeRow).where(PresenceChangeRow.client_id == client_id)
    if before is not None:
        statement = statement.where(PresenceChangeRow.at < before)
    return list(await session.scalars(statement.order_by(PresenceChangeRow.at.desc()).limit(limit)))
