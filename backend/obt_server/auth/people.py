"""People: who they are, what their role is, and that an administrator is always left."""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.audit import service as audit
from obt_server.auth import browser_sessions, links
from obt_server.auth.people_schemas import NewPerson, PersonChange, PersonView
from obt_server.auth.roles import Role
from obt_server.auth.tables import PersonRow
from obt_server.db import Document, announce, lock
from obt_server.errors import ConflictError, NotFoundError, UnprocessableError
from obt_server.events import SignedOut

LOCK = 881_005
"""Who changes people takes turns: two administrators who disable each other at once would leave none."""
_FOLDED_MAX = 180


class NameTakenError(ConflictError):
    """Somebody has this name or this address."""

    code = "name_taken"


class LastAdministratorError(ConflictError):
    """Nobody would be left who may make another administrator."""

    code = "last_administrator"


def fold(name: str) -> str:
    """Return a name as it is compared: Anna is anna. Raises UnprocessableError for one that grows too long."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    if len(folded) > _FOLDED_MAX:
        raise UnprocessableError("body.name: is too long")
    return folded


def _folded_name(name: str) -> str:
    """Return a name as it is compared. Raises UnprocessableError for one that would be an address then."""
    folded = fold(name)
    if "@" in folded:
        raise UnprocessableError("body.name: must not hold an @, in no form")
    return folded


async def create(
    session: AsyncSession,
    name: str,
    role: Role,
    now: datetime,
    *,
    email: str | None = None,
    password_hash: str | None = None,
    oidc_subject: str | None = None,
) -> PersonRow:
    """Add a person. Raises NameTakenError."""
    row = PersonRow(
        id=uuid4(),
        name=name,
        name_folded=_folded_name(name),
        email=email,
        password_hash=password_hash,
        role=role,
        is_disabled=False,
        oidc_subject=oidc_subject,
        created_at=now,
        password_changed_at=None if password_hash is None else now,
    )
    session.add(row)
    await _flush(session)
    await audit.note(session, "person.created", "person", row.id, after=_told(row))
    return row


async def invite(session: AsyncSession, wish: NewPerson, now: datetime, valid_for: timedelta) -> tuple[PersonRow, str]:
    """Add a person, with the secret of the link by which they choose a password. Raises NameTakenError."""
    row = await create(session, wish.name, wish.role, now, email=wish.email)
    return row, await links.create(session, links.Purpose.RESET, row.id, valid_for=valid_for, now=now)


async def list_all(session: AsyncSession) -> list[PersonView]:
    """Return everybody, by name."""
    return [view_of(row) for row in await session.scalars(select(PersonRow).order_by(PersonRow.name_folded))]


async def get(session: AsyncSession, person_id: UUID) -> PersonRow:
    """Return a person. Raises NotFoundError."""
    row = await session.get(PersonRow, person_id)
    if row is None:
        raise NotFoundError("There is no such person.")
    return row


async def find(session: AsyncSession, name_or_email: str) -> PersonRow | None:
    """Return who signs in by that name or address."""
    try:
        folded = fold(name_or_email.strip())
    except UnprocessableError:
        return None
    address = name_or_email.strip().lower()
    statement = select(PersonRow).where(or_(PersonRow.name_folded == folded, PersonRow.email == address))
    return await session.scalar(statement)


async def change(session: AsyncSession, person_id: UUID, wish: PersonChange) -> PersonView:
    """Give a person another name, address or role; let them in or not. Raises as `get` does, and for the last one."""
    await lock(session, LOCK)
    row = await get(session, person_id)
    before = _told(row)
    if wish.name is not None:
        row.name, row.name_folded = wish.name, _folded_name(wish.name)
    if "email" in wish.model_fields_set:
        row.email = wish.email
    row.role = wish.role or row.role
    row.is_disabled = row.is_disabled if wish.is_disabled is None else wish.is_disabled
    await _flush(session)
    await _keep_an_administrator(session)
    if row.is_disabled:
        await shut_out(session, row.id)
    announce(session, SignedOut())  # their open sockets ask what they may now
    await audit.note(session, "person.changed", "person", row.id, *audit.contrast(before, _told(row)))
    return view_of(row)


async def delete(session: AsyncSession, person_id: UUID) -> None:
    """Forget a person, their sessions and their keys. What they did stays in the audit log."""
    await lock(session, LOCK)
    row = await get(session, person_id)
    await session.delete(row)
    await _flush(session)
    await _keep_an_administrator(session)
    announce(session, SignedOut())
    await audit.note(session, "person.deleted", "person", row.id, before=_told(row))


async def new_link(
    session: AsyncSession, person_id: UUID, purpose: links.Purpose, valid_for: timedelta, now: datetime
) -> str:
    """Make the secret of a one-time link for a person. Raises NotFoundError."""
    row = await get(session, person_id)
    action = "person.link_made" if purpose is links.Purpose.SIGN_IN else "person.reset_link_made"
    await audit.note(session, action, "person", row.id, after={"name": row.name})
    return await links.create(session, purpose, row.id, valid_for=valid_for, now=now)


async def set_password(session: AsyncSession, person_id: UUID, password_hash: str, now: datetime) -> PersonRow:
    """Give a person another password, and make earlier links useless."""
    row = await get(session, person_id)
    row.password_hash, row.password_changed_at = password_hash, now
    await links.forget_of(session, person_id)
    await audit.note(session, "person.password_changed", "person", row.id, after={"name": row.name})
    return row


async def shut_out(session: AsyncSession, person_id: UUID) -> None:
    """End a person's sessions and links. Their API keys are refused for as long as they are disabled."""
    await links.forget_of(session, person_id)
    await browser_sessions.end_all(session, person_id)


async def administrators(session: AsyncSession) -> list[PersonRow]:
    """Return the administrators who may sign in, by name."""
    statement = select(PersonRow).where(*_is_administrator()).order_by(PersonRow.name_folded)
    return list(await session.scalars(statement))


def view_of(row: PersonRow) -> PersonView:
    """Show a person without their secrets."""
    return PersonView(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        is_disabled=row.is_disabled,
        has_password=row.password_hash is not None,
        has_oidc=row.oidc_subject is not None,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
    )


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError:
        raise NameTakenError("Somebody has this name or this e-mail address already.") from None


async def _keep_an_administrator(session: AsyncSession) -> None:
    """Raise where none is left: the request's transaction undoes what it did."""
    if not await session.scalar(select(func.count()).select_from(PersonRow).where(*_is_administrator())):
        raise LastAdministratorError("This is the last administrator. Make another one first.")


def _is_administrator() -> tuple[ColumnElement[bool], ...]:
    return PersonRow.role == Role.ADMINISTRATOR, PersonRow.is_disabled.is_(False)


def _told(row: PersonRow) -> Document:
    """What the audit log keeps of a person."""
    return {"name": row.name, "email": row.email, "role": str(row.role), "is_disabled": row.is_disabled}
