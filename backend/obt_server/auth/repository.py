"""SQL of the credentials of machines."""

from datetime import datetime

from sqlalchemy import Row, ScalarSelect, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.auth.tables import ClientKeyRow, EnrolmentTokenRow
from obt_server.db import WhichClient


async def use_token(session: AsyncSession, token_hash: str, now: datetime) -> EnrolmentTokenRow | None:
    """Take one use of a token that is good now, and return it; None if there is none."""
    statement = (
        update(EnrolmentTokenRow)
        .where(EnrolmentTokenRow.token_hash == token_hash)
        .where(EnrolmentTokenRow.uses_left > 0, EnrolmentTokenRow.expires_at > now)
        .values(uses_left=EnrolmentTokenRow.uses_left - 1)
        .returning(EnrolmentTokenRow)
    )
    return await session.scalar(statement)


async def token_exists(session: AsyncSession, token_hash: str) -> bool:
    """Whether such a token was ever made, good or not."""
    found = await session.scalar(select(EnrolmentTokenRow.id).where(EnrolmentTokenRow.token_hash == token_hash))
    return found is not None


async def find_key(session: AsyncSession, key_hash: str) -> Row[str, bool] | None:
    """Return whose key this is, and whether it is one that was told and not used yet. None for one that was revoked."""
    is_next = (ClientKeyRow.key_hash != key_hash).label("is_next")
    statement = select(ClientKeyRow.client_id, is_next)
    statement = statement.where(or_(ClientKeyRow.key_hash == key_hash, ClientKeyRow.next_key_hash == key_hash))
    statement = statement.where(ClientKeyRow.revoked_at.is_(None))
    return (await session.execute(statement)).first()


_KEY_STATE = (ClientKeyRow.rotation_asked_at, ClientKeyRow.revoked_at, ClientKeyRow.created_at)


async def key_state(session: AsyncSession, client_id: str) -> Row[datetime | None, datetime | None, datetime] | None:
    """Return since when the client is to take another key, its key is revoked, and it is used."""
    return (await session.execute(select(*_KEY_STATE).where(ClientKeyRow.client_id == client_id))).first()


def key_hash_question(client_id: WhichClient) -> ScalarSelect[str]:
    """Return the hash of a client's key as a question, to be asked within another statement."""
    return select(ClientKeyRow.key_hash).where(ClientKeyRow.client_id == client_id).scalar_subquery()


def key_questions(client_id: WhichClient) -> list[ScalarSelect[datetime | None]]:
    """Return the same as questions, to be asked within another statement."""
    return [select(column).where(ClientKeyRow.client_id == client_id).scalar_subquery() for column in _KEY_STATE]


async def revoke_key(session: AsyncSession, client_id: str, now: datetime) -> bool:
    """Revoke a client's key, and forget the one that comes next; False where it is revoked."""
    statement = (
        update(ClientKeyRow)
        .where(ClientKeyRow.client_id == client_id, ClientKeyRow.revoked_at.is_(None))
        .values(revoked_at=now, next_key_hash=None, rotation_asked_at=None)
        .returning(ClientKeyRow.client_id)
    )
    return (await session.execute(statement)).first() is not None


async def ask_rotation(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Want another key of the client, unless somebody does already."""
    wanted = func.coalesce(ClientKeyRow.rotation_asked_at, now)
    await session.execute(
        update(ClientKeyRow).where(ClientKeyRow.client_id == client_id).values(rotation_asked_at=wanted)
    )


async def set_next_key(session: AsyncSession, client_id: str, key_hash: str) -> bool:
    """Keep the hash of the key that comes next, in place of one that was not used; False if nobody asked for it."""
    statement = (
        update(ClientKeyRow)
        .where(ClientKeyRow.client_id == client_id, ClientKeyRow.rotation_asked_at.is_not(None))
        .where(ClientKeyRow.revoked_at.is_(None))
        .values(next_key_hash=key_hash)
        .returning(ClientKeyRow.client_id)
    )
    return (await session.execute(statement)).first() is not None


async def begin_next_key(session: AsyncSession, key_hash: str, now: datetime) -> str | None:
    """Make the key that comes next the only one of its client; None where it comes no more.

    Its enrolment is over then: what a machine enrolled with gives nobody another key.
    """
    statement = (
        update(ClientKeyRow)
        .where(ClientKeyRow.next_key_hash == key_hash, ClientKeyRow.revoked_at.is_(None))
        .values(key_hash=key_hash, next_key_hash=None, rotation_asked_at=None, nonce_hash="", created_at=now)
        .returning(ClientKeyRow.client_id)
    )
    return await session.scalar(statement)


async def list_tokens(session: AsyncSession) -> list[EnrolmentTokenRow]:
    """Return all tokens, newest first."""
    return list(await session.scalars(select(EnrolmentTokenRow).order_by(EnrolmentTokenRow.created_at.desc())))
