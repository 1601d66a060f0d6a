"""While there are no people: who makes the first administrator, and that nothing else answers."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from obt_server.auth import links, people
from obt_server.auth.people_schemas import Setup
from obt_server.auth.roles import Role
from obt_server.auth.tables import PersonRow, SignInLinkRow
from obt_server.db import lock
from obt_server.errors import ConflictError, ForbiddenError


class NeedsSetupError(ForbiddenError):
    """There are no people yet, so there is nobody who could ask."""

    code = "needs_setup"


class SetUpAlreadyError(ConflictError):
    """The first administrator exists."""

    code = "set_up_already"


async def exist_people(session: AsyncSession) -> bool:
    """Whether anybody could sign in."""
    return await session.scalar(select(PersonRow.id).limit(1)) is not None


async def is_over(connection: HTTPConnection) -> bool:
    """Whether there are people. Once there are, there always will be: the last administrator stays."""
    state = connection.app.state
    if not state.has_people:
        async with state.db.read() as session:
            state.has_people = await exist_people(session)
    return state.has_people


async def check_over(connection: HTTPConnection) -> None:
    """Raise NeedsSetupError while there are no people."""
    if not await is_over(connection):
        raise NeedsSetupError(
            "This server has no administrator yet. Open the link that `obt-server serve` printed, or that "
            "`obt-server link` prints on the server's machine."
        )


async def check_secret(session: AsyncSession, secret: str, now: datetime) -> None:
    """Refuse what will be refused, before a password is hashed for it. Raises LinkInvalidError, SetUpAlreadyError."""
    if await exist_people(session):
        raise SetUpAlreadyError("There is an administrator. Sign in, or ask them.")
    await links.check(session, secret, links.Purpose.SETUP, now)


async def make_administrator(session: AsyncSession, wish: Setup, password_hash: str, now: datetime) -> PersonRow:
    """Make the first person. Raises LinkInvalidError, SetUpAlreadyError."""
    await lock(session, people.LOCK)
    await check_secret(session, wish.secret, now)
    await session.execute(delete(SignInLinkRow).where(SignInLinkRow.purpose == links.Purpose.SETUP))
    return await people.create(
        session, wish.name, Role.ADMINISTRATOR, now, email=wish.email, password_hash=password_hash
    )


async def new_link(session: AsyncSession, valid_for: timedelta, now: datetime) -> str:
    """Make the secret with which the first administrator is made."""
    return await links.create(session, links.Purpose.SETUP, None, valid_for=valid_for, now=now)
