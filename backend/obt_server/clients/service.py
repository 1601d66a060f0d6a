"""Clients: enrol, hear their heartbeats, judge their presence, archive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.enrolment import EnrolmentReply, EnrolmentRequest
from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import Heartbeat
from obt_server import __version__
from obt_server.audit import service as audit
from obt_server.auth import service as auth
from obt_server.auth.schemas import EnrolmentTokenView
from obt_server.clients import clones, history, repository
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clients.schemas import ClientDetail, ClientView
from obt_server.clients.tables import ClientRow
from obt_server.clients.versions import Release
from obt_server.clients.views import detail_of, release_in, summary_of, view_of
from obt_server.db import Document, Question, announce, lock
from obt_server.errors import ConflictError, NotFoundError
from obt_server.events import ClientChanged, PresenceChanged

UNSEEN_VERSION = ""
_ENROL_LOCK = 881_002
"""Two that ask for one ID take turns: the second is told, not failed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the server has of a client; None where it has nothing."""

    hardware_fingerprint: str | None
    models_hash: str | None
    boot_id: UUID | None
    clone_seen_at: datetime | None
    key: auth.KeyState


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether a client is there, and since when it is not."""

    id: str
    presence: Presence
    last_seen_at: datetime | None
    offline_since: datetime | None
    noted: Presence | None
    """What its history says of it now."""


class Heard(NamedTuple):
    """What was heard last of a client, and what the server has of it; then the answers to further questions."""

    id: str
    at: datetime
    said: Document
    key_hash: str
    stored: Stored
    answers: Sequence[bool]


class ClientExistsError(ConflictError):
    """Somebody has this ID already."""

    code = "client_exists"

    def __init__(self, client_id: str) -> None:
        super().__init__(f"A client with the ID '{client_id}' exists. Choose another with OBT_CLIENT_ID.")


async def enrol(session: AsyncSession, request: EnrolmentRequest, interval_s: float, now: datetime) -> EnrolmentReply:
    """Make a machine a client and give it its key.

    The same machine (its nonce tells) may ask again until it was seen with its key, since the reply may have been lost;
    that takes no second use of the token. A client whose key was revoked may enrol again, with a token that is good.
    Anybody else's wish for the same ID is refused.
    """
    await lock(session, _ENROL_LOCK)
    known = await session.get(ClientRow, request.client_id)
    if known is None:
        token = await auth.use_token(session, request.token, now)
        await _add(session, _new_row(request, interval_s, token.tags, now))
        await _note_enrolled(session, "client.enrolled", request, token)
    elif (key := await auth.key_state(session, request.client_id)).revoked_at is not None:
        token = await auth.use_token(session, request.token, now)
        await clones.forget(session, request.client_id)
        await _note_enrolled(session, "client.enrolled_again", request, token)
    else:
        await auth.check_token_known(session, request.token)
        is_same = await auth.is_same_enrolment(session, request.client_id, request.nonce)
        if key.was_used(known.last_seen_at) or not is_same:
            raise ClientExistsError(request.client_id)
    issued = await auth.issue_key(session, request.client_id, request.nonce, now)
    announce(session, ClientChanged(request.client_id))
    return EnrolmentReply(client_id=request.client_id, name=request.name, key=issued, heartbeat_interval_s=interval_s)


async def _note_enrolled(session: AsyncSession, action: str, wish: EnrolmentRequest, token: EnrolmentTokenView) -> None:
    after = {"name": wish.name, "tags": token.tags, "enrolment_token": token.label}
    await audit.note(session, action, "client", wish.client_id, after=after)


async def _add(session: AsyncSession, row: ClientRow) -> None:
    session.add(row)
    try:
        await session.flush()
    except IntegrityError:  # somebody else was quicker by less than one transaction
        raise ClientExistsError(row.id) from None


def _new_row(request: EnrolmentRequest, interval_s: float, tags: list[str], now: datetime) -> ClientRow:
    return ClientRow(
        id=request.client_id,
        name=request.name,
        tags=tags,
        client_version=request.client_version or UNSEEN_VERSION,
        protocol_version=request.protocol_version,
        enrolled_at=now,
        interval_s=interval_s,
        model_count=0,
    )


async def get_row(session: AsyncSession, client_id: str) -> ClientRow:
    """Return one client. Raises NotFoundError."""
    row = await session.get(ClientRow, client_id)
    if row is None:
        raise NotFoundError(f"There is no client '{client_id}'.")
    return row


async def stored(session: AsyncSession, client_id: str, *also: ColumnElement[bool]) -> tuple[Stored, *tuple[bool, ...]]:
    """Return what the server has of a client, then the answers to other rooms' questions: each beat asks all at once.

    Raises NotFoundError.
    """
    row = await repository.find_stored(session, client_id, *also)
    if row is None:
        raise NotFoundError(f"There is no client '{client_id}'.")
    return _stored_of(row)


def _heard_of(client_id: str, at: datetime, said: Document, key_hash: str, *known: Any) -> Heard:
    stored, *answers = _stored_of(known)
    return Heard(client_id, at, said, key_hash, stored, answers)


def _stored_of(row: Sequence[Any]) -> tuple[Stored, *tuple[bool, ...]]:
    fingerprint, models_hash, boot_id, clone_seen_at, asked_at, revoked_at, begun_at, *answers = row
    key = auth.KeyState(asked_at, revoked_at, begun_at)
    return Stored(fingerprint, models_hash, boot_id, clone_seen_at, key), *answers


async def list_heard(session: AsyncSession, after: str, limit: int, *also: Question) -> list[Heard]:
    """Return the same of many, with what they said last: a page in the order of their IDs, of those not archived."""
    rows = await repository.list_heard(session, after, limit, *also)
    return [_heard_of(*row) for row in rows]


async def list_views(session: AsyncSession, rule: PresenceRule, now: datetime, ids: Iterable[str]) -> list[ClientView]:
    """Return the clients with the given IDs, by name. All of them, for a list, are `ShownClients`."""
    return [view_of(row, rule, now) for row in await repository.list_rows(session, ids)]


async def get_detail(session: AsyncSession, client_id: str, rule: PresenceRule, now: datetime) -> ClientDetail:
    """Return one client with the whole of its hardware, archived or not. Raises NotFoundError."""
    row = await get_row(session, client_id)
    return detail_of(row, rule, await auth.key_state(session, client_id), now)


async def ids_tagged(session: AsyncSession, tags: Iterable[str]) -> list[str]:
    """Return the clients, archived ones too, that have any of those tags."""
    wanted = set(tags)
    return [row.id for row in await repository.list_tags(session) if wanted.intersection(row.tags)]


async def takes_work(session: AsyncSession, client_id: str) -> bool:
    """Whether a client may be given anything new: a person drained or archived it otherwise."""
    return await repository.takes_work(session, client_id)


async def names(session: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those clients."""
    return await repository.names(session, ids)


async def labels(session: AsyncSession) -> Sequence[Row[str, str, list[str]]]:
    """Return ID, name and tags of all clients, archived ones too: their results stay."""
    return await repository.labels(session)


async def list_holders(session: AsyncSession, client_id: str | None) -> Sequence[Row[str, str, str | None]]:
    """Return ID, name and inventory's hash of clients that are not archived, by name; or of the one with that ID."""
    return await repository.list_holders(session, client_id)


async def list_seen(
    session: AsyncSession, rule: PresenceRule, now: datetime, ids: Iterable[str] | None = None
) -> list[Seen]:
    """Judge who is there, of all that are not archived or those with the given IDs, without reading what they say."""
    return _judged(await repository.list_seen(session, ids), rule, now)


async def list_unsettled(session: AsyncSession, rule: PresenceRule, now: datetime) -> list[Seen]:
    """Judge those whose presence may be another than is noted: few, so that this may be asked every two seconds."""
    silent_since = now - timedelta(seconds=rule.stale_after_s)
    return _judged(await repository.list_unsettled(session, silent_since), rule, now)


def _judged(rows: Iterable[repository.SeenRow], rule: PresenceRule, now: datetime) -> list[Seen]:
    return [
        Seen(
            id=row.id,
            presence=rule.judge(row.last_seen_at, row.interval_s, now, was_offline=row.offline_since is not None),
            last_seen_at=row.last_seen_at,
            offline_since=row.offline_since,
            noted=row.presence,
        )
        for row in rows
    ]


async def release_of(session: AsyncSession, client_id: str) -> tuple[Release, str]:
    """Return a client's release and its operating system, "" where it is not known. Raises NotFoundError."""
    row = await get_row(session, client_id)
    return release_in(row), (row.machine or {}).get("os", "")


async def store_beat(session: AsyncSession, client_id: str, beat: Heartbeat, rule: PresenceRule, now: datetime) -> None:
    """Write a heartbeat that brought news; the others are flushed together, later."""
    await history.note_heard(session, client_id, rule, now)
    values = {
        "status": beat.model_dump(mode="json"),
        "client_version": beat.client_version,
        "protocol_version": beat.protocol_version,
        "interval_s": beat.interval_s,
        "last_seen_at": now,
        "offline_since": None,
    }
    await repository.store_beat(session, client_id, values)
    await clones.note_boot(session, client_id, beat.boot_id, now)
    announce(session, ClientChanged(client_id))


async def set_hardware(session: AsyncSession, client_id: str, hardware: HardwareSnapshot) -> tuple[str, str | None]:
    """Keep a client's present hardware on its row; return its fingerprint, and that of what it had before."""
    row = await repository.get_to_change(session, client_id)
    before = row.hardware_fingerprint
    fingerprint = _as_told(row, "hardware_fingerprint", hardware.fingerprint())
    told = {"hardware": hardware.model_dump(mode="json"), "machine": summary_of(hardware)}
    values = {**told, "hardware_fingerprint": fingerprint}
    await repository.set_values(session, client_id, values)
    announce(session, ClientChanged(client_id))
    return fingerprint, before


async def set_inventory(session: AsyncSession, client_id: str, models_hash: str, model_count: int) -> None:
    """Keep on a client's row which inventory the server has of it."""
    row = await repository.get_to_change(session, client_id)
    values = {"models_hash": _as_told(row, "models_hash", models_hash), "model_count": model_count}
    await repository.set_values(session, client_id, values)
    announce(session, ClientChanged(client_id))


def _as_told(row: ClientRow, field: str, computed: str) -> str:
    """The hash of what a client told: what its heartbeat said, where it is of another release.

    That may count parts in that are not known here: the server would ask for ever for what it has, and a result would
    not find its machine.
    """
    is_alike = row.client_version == __version__
    return computed if is_alike else (row.status or {}).get(field) or computed


async def mark_offline(session: AsyncSession, gone: Iterable[Seen], now: datetime) -> None:
    """Remember who went offline; who was heard since is not among them."""
    last_seen = {one.id: one.last_seen_at for one in gone}
    if last_seen:
        await repository.mark_offline(session, last_seen, now)
        announce(session, *map(PresenceChanged, last_seen))


async def archive_gone(session: AsyncSession, retention_days: float, now: datetime) -> list[str]:
    """Archive clients that were gone for longer than the retention. Their results stay."""
    moment = now - timedelta(days=retention_days)
    gone = await repository.archive_unseen_since(session, moment, now)
    await audit.note_all(session, [audit.Deed("client.archived", "client", client_id) for client_id in gone])
    announce(session, *(ClientChanged(client_id) for client_id in gone))
    return gone
