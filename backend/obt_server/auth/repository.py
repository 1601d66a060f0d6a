"""SQL of credentials."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.auth.tables import BrowserSessionRow, ClientKeyRow, EnrolmentTokenRow, SignInLinkRow


async def use_token(session: AsyncSession, token_hash: str, now: datetime) -> bool:
    """Take one use of a token that is good now; False if there is none."""
    statement = (
        update(EnrolmentTokenRow)
        .where(EnrolmentTokenRow.token_hash == token_hash)
        .where(EnrolmentTokenRow.uses_left > 0, EnrolmentTokenRow.expires_at > now)
        .values(uses_left=EnrolmentTokenRow.uses_left - 1)
        .returning(EnrolmentTokenRow.id)
    )
    return (await session.execute(statement)).first() is not None


async def token_exists(session: AsyncSession, token_hash: str) -> bool:
    """Whether such a token was ever made, good or not."""
    found = await session.scalar(select(EnrolmentTokenRow.id).where(EnrolmentTokenRow.token_hash == token_hash))
    return found is not None


async def client_of_key(session: AsyncSession, key_hash: str) -> str | None:
    """Return the client that has this key."""
    return await session.scalar(select(ClientKeyRow.client_id).where(ClientKeyRow.key_hash == key_hash))


async def use_link(session: AsyncSession, secret_hash: str, now: datetime) -> bool:
    """Use a sign-in link up; False if there is no such link now."""
    statement = (
        delete(SignInLinkRow)
        .where(SignInLinkRow.secret_hash == secret_hash, SignInLinkRow.expires_at > now)
        .returning(SignInLinkRow.secret_hash)
    )
    return (await session.execute(statement)).first() is not None


async def has_browser_session(session: AsyncSession, secret_hash: str, now: datetime) -> bool:
    """Whether that browser is signed in."""
    statement = select(BrowserSessionRow.secret_hash).where(
        BrowserSessionRow.secret_hash == secret_hash, BrowserSessionRow.expires_at > now
    )
    return await session.scalar(statement) is not None


async def delete_browser_session(session: AsyncSession, secret_hash: str) -> None:
    """Sign one browser out."""
    await session.execute(delete(BrowserSessionRow).where(BrowserSessionRow.secret_hash == secret_hash))


async def delete_expired(session: AsyncSession, now: datetime) -> None:
    """Forget links and browser sessions whose time is over."""
    await session.execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at <= now))
    await session.execute(delete(BrowserSessionRow).where(BrowserSessionRow.expires_at <= now))


async def list_tokens(session: AsyncSession) -> list[EnrolmentTokenRow]:
    """Return all tokens, newest first."""
    return list(await session.scalars(select(EnrolmentTokenRow).order_by(EnrolmentTokenRow.created_at.desc())))
