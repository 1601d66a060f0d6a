"""What a person does with clients: name and tag them, give them no more work, put them away."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.audit import service as audit
from obt_server.auth import service as auth
from obt_server.auth.tags import TAGS_MAX, in_order
from obt_server.clients import repository
from obt_server.clients.schemas import ClientChange, ClientsChange
from obt_server.clients.tables import ClientRow
from obt_server.db import Document, announce
from obt_server.errors import NotFoundError, UnprocessableError
from obt_server.events import ClientChanged


async def change(session: AsyncSession, client_id: str, wish: ClientChange) -> None:
    """Give a client another name or other tags. Raises NotFoundError."""
    row = await _row_of(session, client_id)
    before = _told(row)
    row.name = wish.name or row.name
    row.tags = row.tags if wish.tags is None else wish.tags
    if before != _told(row):
        await audit.note(session, "client.changed", "client", client_id, *audit.contrast(before, _told(row)))
    announce(session, ClientChanged(client_id))


async def change_many(session: AsyncSession, wish: ClientsChange, now: datetime) -> int:
    """Tag or drain many clients, all or none; return how many are another way now. Raises NotFoundError."""
    rows = await repository.list_to_change(session, wish.client_ids)
    if unknown := sorted(set(wish.client_ids) - {row.id for row in rows}):
        raise NotFoundError(f"There is no client '{unknown[0]}'.")
    before = {row.id: _told(row) for row in rows}
    changed = {row.id: _told(row) for row in rows if _is_changed(row, wish, now)}
    await audit.note_all(session, [_changed(each, before[each], told) for each, told in changed.items()])
    announce(session, *map(ClientChanged, changed))
    return len(changed)


def _changed(client_id: str, before: Document, after: Document) -> audit.Deed:
    return audit.Deed("client.changed", "client", client_id, *audit.contrast(before, after))


def _told(row: ClientRow) -> Document:
    """What the audit log keeps of a client."""
    return {"name": row.name, "tags": row.tags, "drained": row.drained_at is not None}


def _is_changed(row: ClientRow, wish: ClientsChange, now: datetime) -> bool:
    tags = in_order({*row.tags, *wish.add_tags} - set(wish.remove_tags))
    if len(tags) > TAGS_MAX:
        raise UnprocessableError(f"'{row.name}' would have {len(tags)} tags; {TAGS_MAX} are possible.")
    drained_at = row.drained_at if wish.drained is None else _since(row.drained_at, wish.drained, now)
    is_changed = (row.tags, row.drained_at) != (tags, drained_at)
    row.tags, row.drained_at = tags, drained_at
    return is_changed


def _since(before: datetime | None, is_wanted: bool, now: datetime) -> datetime | None:
    return (before or now) if is_wanted else None


async def set_drained(session: AsyncSession, client_id: str, is_drained: bool, now: datetime) -> None:
    """Give a client no more work, or work again; what it runs goes on. Raises NotFoundError."""
    row = await _row_of(session, client_id)
    if is_drained != (row.drained_at is not None):
        await audit.note(session, "client.drained" if is_drained else "client.resumed", "client", client_id)
    row.drained_at = _since(row.drained_at, is_drained, now)
    announce(session, ClientChanged(client_id))


async def archive(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Put a client away: off the lists, and without work, until it is restored. Raises NotFoundError.

    It stays away though it beats, since a person said so; one that was archived for its silence comes back by itself.
    Its results stay.
    """
    row = await _row_of(session, client_id)
    row.archived_at, row.is_archived_by_person = row.archived_at or now, True
    await audit.note(session, "client.archived", "client", client_id, after={"name": row.name})
    announce(session, ClientChanged(client_id))


async def restore(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Bring a client back onto the lists. Raises NotFoundError."""
    row = await _row_of(session, client_id)
    row.archived_at, row.is_archived_by_person, row.restored_at = None, False, now
    await audit.note(session, "client.restored", "client", client_id, after={"name": row.name})
    announce(session, ClientChanged(client_id))


async def rotate_key(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Have a client take another key. Raises NotFoundError."""
    await _row_of(session, client_id)
    await auth.ask_rotation(session, client_id, now)
    await audit.note(session, "client.key_rotation_asked", "client", client_id)
    announce(session, ClientChanged(client_id))


async def revoke_key(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Shut a client out, until it enrols anew. Raises NotFoundError. What it sent stays."""
    await _row_of(session, client_id)
    if await auth.revoke_key(session, client_id, now):
        await audit.note(session, "client.key_revoked", "client", client_id)


async def _row_of(session: AsyncSession, client_id: str) -> ClientRow:
    row = await repository.find_to_change(session, client_id)
    if row is None:
        raise NotFoundError(f"There is no client '{client_id}'.")
    return row
