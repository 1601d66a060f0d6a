"""Who somebody is here whom the OpenID provider let in, and what their role is."""

import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import count
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.auth import people
from obt_server.auth.oidc_provider import Claims
from obt_server.auth.people_schemas import Email, PersonChange
from obt_server.auth.roles import Role
from obt_server.auth.tables import PersonRow
from obt_server.config import Settings
from obt_server.db import lock
from obt_server.errors import ForbiddenError

NAME_MAX = 60
_EMAIL = TypeAdapter[str](Email)


class NoRoleError(ForbiddenError):
    """The provider knows them, and nothing that it says of them is mapped to a role."""

    code = "oidc_no_role"


async def person_of(session: AsyncSession, claims: Claims, settings: Settings, now: datetime) -> PersonRow:
    """Return the person, who is made the first time. Raises NoRoleError, also for somebody who is disabled.

    Known by issuer and subject, which the provider gives to nobody else; the first time by an e-mail address that it
    has verified. Their role follows what the provider says now, where the settings map what it says; but for the last
    administrator's.
    """
    await lock(session, people.LOCK)
    subject, role = f"{claims['iss']} {claims['sub']}", role_of(claims, settings)
    row = await _find(session, subject, _verified_email(claims))
    if role is None and (row is None or maps_roles(settings)):
        raise NoRoleError("Your account at the provider has no role here. Ask an administrator.")
    if row is None:
        return await _create(session, claims, subject, role or Role.VIEWER, now)
    if row.is_disabled:
        raise NoRoleError("You may not sign in here. Ask an administrator.")
    row.oidc_subject = subject
    is_another = role is not None and maps_roles(settings) and role != row.role
    if is_another and not await _is_last_administrator(session, row):
        await people.change(session, row.id, PersonChange(role=role))
    return row


def maps_roles(settings: Settings) -> bool:
    """Whether the settings say who gets which role."""
    return bool(settings.oidc_administrators or settings.oidc_operators or settings.oidc_viewers)


def role_of(claims: Claims, settings: Settings) -> Role | None:
    """Return the highest role that one of the claim's values is mapped to, else the default; None for neither."""
    told = claims.get(settings.oidc_role_claim)
    values = {str(value) for value in cast("list[Any]", told)} if isinstance(told, list) else {str(told)}
    mapped: dict[Role, Collection[str]] = {
        Role.ADMINISTRATOR: settings.oidc_administrators,
        Role.OPERATOR: settings.oidc_operators,
        Role.VIEWER: settings.oidc_viewers,
    }
    found = next((role for role, names in mapped.items() if values.intersection(names)), None)
    return found or (Role(settings.oidc_default_role) if settings.oidc_default_role else None)


async def _find(session: AsyncSession, subject: str, email: str | None) -> PersonRow | None:
    known = await session.scalar(select(PersonRow).where(PersonRow.oidc_subject == subject))
    if known is not None or email is None:
        return known
    return await session.scalar(select(PersonRow).where(PersonRow.email == email, PersonRow.oidc_subject.is_(None)))


async def _create(session: AsyncSession, claims: Claims, subject: str, role: Role, now: datetime) -> PersonRow:
    email = _verified_email(claims)
    if email and await session.scalar(select(PersonRow.id).where(PersonRow.email == email)):
        email = None  # of somebody who signs in by another account of the provider
    for name in _names(claims):
        if await people.find(session, name) is None:
            return await people.create(session, name, role, now, email=email, oidc_subject=subject)
    raise AssertionError  # the names have no end


def _names(claims: Claims) -> Iterator[str]:
    """The name that the provider tells; where it is taken, with a number."""
    told = next((claims[field] for field in ("preferred_username", "name", "email") if claims.get(field)), "person")
    told = unicodedata.normalize("NFKC", str(told))  # a wide @ is one
    plain = "".join(c for c in told.partition("@")[0] if c.isprintable()).strip()[: NAME_MAX - 6] or "person"
    yield plain
    yield from (f"{plain} {number}" for number in count(2))


def _verified_email(claims: Claims) -> str | None:
    if claims.get("email_verified") is not True:
        return None
    try:
        return _EMAIL.validate_python(claims.get("email"))
    except ValidationError:
        return None


async def _is_last_administrator(session: AsyncSession, row: PersonRow) -> bool:
    return [one.id for one in await people.administrators(session)] == [row.id]
