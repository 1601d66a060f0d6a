"""Browsers in which somebody is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from obt_server.audit import service as audit
from obt_server.auth.people_schemas import BrowserSessionView
from obt_server.auth.random_secrets import hash_secret, new_secret
from obt_server.auth.roles import Identity, Kind
from obt_server.auth.tables import BrowserSessionRow, PersonRow
from obt_server.db import Database, announce
from obt_server.errors import NotFoundError
from obt_server.events import SignedOut

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was there last: a write for each request would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from, as far as it says. `secret` is of the session that it had before."""

    address: str
    name: str
    secret: str | None = None


def browser_of(connection: HTTPConnection, cookie: str) -> Browser:
    """Return where a request comes from."""
    address = connection.client.host if connection.client else "unknown"
    name = "".join(c for c in connection.headers.get("user-agent", "") if c.isprintable())
    return Browser(address[:64], name[:200], connection.cookies.get(cookie))


async def start(
    session: AsyncSession, person_id: UUID, browser: Browser, *, valid_for: timedelta, now: datetime
) -> str:
    """Sign a person in; return the cookie's value. Always a new one: what the browser had before ends."""
    secret = new_secret("session")
    await session.execute(delete(BrowserSessionRow).where(BrowserSessionRow.expires_at <= now))
    if browser.secret:
        await end_by_secret(session, browser.secret)
    row = BrowserSessionRow(
        id=uuid4(),
        secret_hash=hash_secret(secret),
        person_id=person_id,
        created_at=now,
        expires_at=now + valid_for,
        last_seen_at=now,
        address=browser.address,
        browser=browser.name,
    )
    session.add(row)
    await _mark_seen(session, person_id, now)
    return secret


async def identity_of(db: Database, secret: str, now: datetime) -> Identity | None:
    """Return who is signed in by this cookie; None for nobody."""
    statement = (
        select(BrowserSessionRow.id, BrowserSessionRow.last_seen_at, PersonRow.id, PersonRow.name, PersonRow.role)
        .join(PersonRow, PersonRow.id == BrowserSessionRow.person_id)
        .where(BrowserSessionRow.secret_hash == hash_secret(secret), BrowserSessionRow.expires_at > now)
        .where(PersonRow.is_disabled.is_(False))
    )
    async with db.read() as session:
        found = (await session.execute(statement)).first()
    if found is None:
        return None
    session_id, last_seen_at, person_id, name, role = found
    if now - last_seen_at >= SEEN_EVERY:
        await _see(db, session_id, person_id, now)
    return Identity(Kind(role), person_id=person_id, session_id=session_id, name=name)


async def _see(db: Database, session_id: UUID, person_id: UUID, now: datetime) -> None:
    async with db.write() as session:
        row = BrowserSessionRow
        await session.execute(update(row).where(row.id == session_id).values(last_seen_at=now))
        await _mark_seen(session, person_id, now)


async def _mark_seen(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(last_seen_at=now))


async def list_of(session: AsyncSession, sender: Identity, now: datetime) -> list[BrowserSessionView]:
    """Return the sessions of who asks, the last seen first."""
    statement = (
        select(BrowserSessionRow)
        .where(BrowserSessionRow.person_id == sender.person_id, BrowserSessionRow.expires_at > now)
        .order_by(BrowserSessionRow.last_seen_at.desc(), BrowserSessionRow.id)
    )
    return [_view(row, sender.session_id) for row in await session.scalars(statement)]


def _view(row: BrowserSessionRow, current: UUID | None) -> BrowserSessionView:
    return BrowserSessionView(
        id=row.id,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        address=row.address,
        browser=row.browser,
        is_current=row.id == current,
    )


async def known_addresses(session: AsyncSession, person_id: UUID, now: datetime) -> Sequence[str]:
    """Return from where a person is signed in."""
    row = BrowserSessionRow
    return list(
        await session.scalars(select(row.address).where(row.person_id == person_id, row.expires_at > now).distinct())
    )


async def end(session: AsyncSession, sender: Identity, session_id: UUID | None) -> None:
    """End one of one's own sessions. Raises NotFoundError for anybody else's too: it tells nothing."""
    row = BrowserSessionRow
    statement = delete(row).where(row.id == session_id, row.person_id == sender.person_id).returning(row.id)
    if await session.scalar(statement) is None:
        raise NotFoundError("You have no such session.")
    await audit.note(session, "session.ended", "person", sender.person_id)
    announce(session, SignedOut())


async def end_by_secret(session: AsyncSession, secret: str) -> None:
    """End the session of a cookie."""
    await session.execute(delete(BrowserSessionRow).where(BrowserSessionRow.secret_hash == hash_secret(secret)))
    announce(session, SignedOut())


async def end_all(session: AsyncSession, person_id: UUID, *, but: UUID | None = None) -> None:
    """End all sessions of a person, perhaps but one."""
    row = BrowserSessionRow
    statement = delete(row).where(row.person_id == person_id)
    await session.execute(statement if but is None else statement.where(row.id != but))
    announce(session, SignedOut())
