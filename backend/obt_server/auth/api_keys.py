"""Keys for programs: named, of a role, until a moment, revocable."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.audit import service as audit
from obt_server.auth.people_schemas import ApiKeyView, CreatedApiKey, NewApiKey
from obt_server.auth.random_secrets import SHOWN_CHARACTERS, hash_secret, is_api_key, new_api_key
from obt_server.auth.roles import Identity, Kind, Permission, Role, lesser
from obt_server.auth.tables import ApiKeyRow, PersonRow
from obt_server.db import Database, announce
from obt_server.errors import ForbiddenError, NotFoundError
from obt_server.events import SignedOut

USED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a key was used last."""


async def identity_of(db: Database, key: str, now: datetime) -> Identity | None:
    """Return the program that has this key; None for nobody. It may never more than its person now."""
    if not is_api_key(key):
        return None
    statement = (
        select(ApiKeyRow, PersonRow.name, PersonRow.role)
        .join(PersonRow, PersonRow.id == ApiKeyRow.person_id)
        .where(ApiKeyRow.secret_hash == hash_secret(key), ApiKeyRow.revoked_at.is_(None))
        .where(or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > now), PersonRow.is_disabled.is_(False))
    )
    async with db.read() as session:
        found = (await session.execute(statement)).first()
    if found is None:
        return None
    row, person_name, person_role = found
    if row.last_used_at is None or now - row.last_used_at >= USED_EVERY:
        await _mark_used(db, row.id, now)
    kind = Kind(lesser(Role(row.role), Role(person_role)))
    return Identity(kind, person_id=row.person_id, key_id=row.id, name=f"{person_name} (key {row.name})")


async def _mark_used(db: Database, key_id: UUID, now: datetime) -> None:
    async with db.write() as session:
        await session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(last_used_at=now))


async def create(session: AsyncSession, sender: Identity, wish: NewApiKey, now: datetime) -> CreatedApiKey:
    """Make a key of one's own. Its text is told here, and never again. Raises ForbiddenError for too high a role."""
    assert sender.person_id is not None and sender.name is not None  # noqa: S101, PT018 - whoever may ask is a person
    if lesser(wish.role, Role(sender.kind)) is not wish.role:
        raise ForbiddenError(f"Your role is {sender.kind}: a key of yours may not be for the role {wish.role}.")
    key = new_api_key()
    row = ApiKeyRow(
        id=uuid4(),
        person_id=sender.person_id,
        name=wish.name,
        role=wish.role,
        prefix=key[:SHOWN_CHARACTERS],
        secret_hash=hash_secret(key),
        created_at=now,
        expires_at=None if wish.expires_in_days is None else now + timedelta(days=wish.expires_in_days),
    )
    session.add(row)
    after = {"name": wish.name, "role": wish.role, "prefix": row.prefix}
    await audit.note(session, "api_key.created", "api_key", row.id, after=after)
    return CreatedApiKey(**_view(row, sender.name).model_dump(), key=key)


async def list_all(session: AsyncSession, sender: Identity, *, of_all: bool) -> list[ApiKeyView]:
    """Return one's own keys, or everybody's, newest first. Raises ForbiddenError where that is not for who asks."""
    if of_all and not sender.may(Permission.ADMINISTER):
        raise ForbiddenError("Only administrators see the keys of others.")
    statement = select(ApiKeyRow, PersonRow.name).join(PersonRow, PersonRow.id == ApiKeyRow.person_id)
    statement = statement.order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id)
    mine = statement if of_all else statement.where(ApiKeyRow.person_id == sender.person_id)
    return [_view(row, name) for row, name in await session.execute(mine)]


async def revoke(session: AsyncSession, sender: Identity, key_id: UUID, now: datetime) -> None:
    """End a key of one's own, or as an administrator anybody's. Raises NotFoundError, for those of others too."""
    statement = update(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
    if not sender.may(Permission.ADMINISTER):
        statement = statement.where(ApiKeyRow.person_id == sender.person_id)
    prefix = await session.scalar(statement.values(revoked_at=now).returning(ApiKeyRow.prefix))
    if prefix is None:
        raise NotFoundError("There is no such key, or it was revoked before.")
    await audit.note(session, "api_key.revoked", "api_key", key_id, before={"prefix": prefix})
    announce(session, SignedOut())


def _view(row: ApiKeyRow, person_name: str) -> ApiKeyView:
    return ApiKeyView(
        id=row.id,
        person_id=row.person_id,
        person_name=person_name,
        name=row.name,
        role=row.role,
        prefix=row.prefix,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
