"""One-time secrets that lead somewhere in the dashboard."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.auth.random_secrets import hash_secret, new_secret
from obt_server.auth.tables import SignInLinkRow
from obt_server.errors import NotSignedInError


class Purpose(StrEnum):
    """What a link is for."""

    SETUP = "setup"
    SIGN_IN = "sign_in"
    RESET = "reset"


_KINDS = {Purpose.SETUP: "setup", Purpose.SIGN_IN: "link", Purpose.RESET: "reset"}
_FRAGMENTS = {Purpose.SETUP: "setup=", Purpose.SIGN_IN: "", Purpose.RESET: "reset="}


class LinkInvalidError(NotSignedInError):
    """A link that is unknown, expired or used."""

    code = "link_invalid"

    def __init__(self) -> None:
        super().__init__("This link was used already or is too old. Run `obt-server link` for a new one.")


async def create(
    session: AsyncSession, purpose: Purpose, person_id: UUID | None, *, valid_for: timedelta, now: datetime
) -> str:
    """Make a link's secret. It is told here, and never again."""
    secret = new_secret(_KINDS[purpose])
    await session.execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at <= now))
    row = SignInLinkRow(
        secret_hash=hash_secret(secret), purpose=purpose, person_id=person_id, expires_at=now + valid_for
    )
    session.add(row)
    return secret


def address(server_url: str, purpose: Purpose, secret: str) -> str:
    """Return what is opened. The secret stands after a #, which no server and no proxy gets to see or to log."""
    return f"{server_url}/sign-in#{_FRAGMENTS[purpose]}{secret}"


async def check(session: AsyncSession, secret: str, purpose: Purpose, now: datetime) -> UUID | None:
    """Return whose a link is, None for nobody's. Raises LinkInvalidError where it is not good now."""
    found = (await session.execute(select(SignInLinkRow.person_id).where(*_is_good(secret, purpose, now)))).first()
    if found is None:
        raise LinkInvalidError
    return found.person_id


async def use(session: AsyncSession, secret: str, purpose: Purpose, now: datetime) -> UUID:
    """Use a person's link up; return whose it is. Raises LinkInvalidError."""
    statement = delete(SignInLinkRow).where(*_is_good(secret, purpose, now)).returning(SignInLinkRow.person_id)
    person_id = await session.scalar(statement)
    if person_id is None:
        raise LinkInvalidError
    return person_id


async def forget_of(session: AsyncSession, person_id: UUID) -> None:
    """Make all links of a person useless."""
    await session.execute(delete(SignInLinkRow).where(SignInLinkRow.person_id == person_id))


def _is_good(secret: str, purpose: Purpose, now: datetime) -> tuple[ColumnElement[bool], ...]:
    row = SignInLinkRow
    return row.secret_hash == hash_secret(secret), row.purpose == purpose, row.expires_at > now
