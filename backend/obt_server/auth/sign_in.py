"""The ways in: a password, a one-time link, the first visit. Each gives the value of a session's cookie.

None of them is one transaction: a password is hashed between two, since that takes long and SQLite has one writer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from obt_server.audit import service as audit
from obt_server.auth import browser_sessions, first_visit, links, passwords, people, throttle
from obt_server.auth.browser_sessions import Browser
from obt_server.auth.cookies import session_cookie
from obt_server.auth.people_schemas import PasswordChange, Reset, Setup, SignIn
from obt_server.auth.roles import Identity
from obt_server.auth.tables import PersonRow
from obt_server.context import get_settings
from obt_server.db import CONNECTION, Database
from obt_server.errors import ForbiddenError, NotSignedInError

log = structlog.get_logger()


class WrongPasswordError(NotSignedInError):
    """No such name, no such password, or somebody who may not sign in: which of them is not told."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("Name or password is wrong.")


class WrongCurrentPasswordError(ForbiddenError):
    """Whoever changes a password has to know the present one."""

    code = "wrong_password"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that signs in: where from, when, and for how long."""

    connection: HTTPConnection
    db: Database
    now: datetime
    valid_for: timedelta

    @property
    def browser(self) -> Browser:
        """The browser that it comes from."""
        return browser_sessions.browser_of(self.connection, session_cookie(self.connection.scope["scheme"]))


async def by_password(visit: Visit, wish: SignIn) -> str:
    """Sign in by name and password. Raises WrongPasswordError, TooManyAttemptsError."""
    person, attempt = await _begin(visit, wish.name_or_email)
    is_right = await passwords.is_right(wish.password, person and person.password_hash)
    if person is None or person.is_disabled or not is_right:
        # Not what was typed: people type their password where the name goes.
        log.warning("sign_in_refused", person=person and person.name, address=visit.browser.address)
        raise WrongPasswordError
    async with visit.db.write() as session:
        await throttle.succeed(session, attempt)
        return await start(session, visit, person.id, "password")


async def _begin(visit: Visit, name_or_email: str) -> tuple[PersonRow | None, throttle.Attempt]:
    async with visit.db.write() as session:
        person = await people.find(session, name_or_email)
        known = () if person is None else await browser_sessions.known_addresses(session, person.id, visit.now)
        name = name_or_email.strip().casefold() if person is None else person.name_folded
        settings, address = get_settings(visit.connection), visit.browser.address
        keys = throttle.keys_of(name, address, known, settings.sign_in_guesses)
        attempt = await throttle.begin(session, keys, address, settings.sign_in_wait_max_s, visit.now)
    return person, attempt


async def by_link(visit: Visit, secret: str) -> str:
    """Sign in by a one-time link. Raises LinkInvalidError."""
    async with visit.db.write() as session:
        person = await people.get(session, await links.use(session, secret, links.Purpose.SIGN_IN, visit.now))
        if person.is_disabled:
            raise links.LinkInvalidError
        return await start(session, visit, person.id, "link")


async def by_setup(visit: Visit, wish: Setup) -> str:
    """Make the first administrator, and sign them in. Raises LinkInvalidError, SetUpAlreadyError, WeakPasswordError."""
    async with visit.db.read() as session:
        await first_visit.check_secret(session, wish.secret, visit.now)
    password_hash = await passwords.hash_new(wish.password, wish.name, wish.email)
    async with visit.db.write() as session:
        session.info[CONNECTION] = visit.connection
        person = await first_visit.make_administrator(session, wish, password_hash, visit.now)
        return await start(session, visit, person.id, "setup")


async def by_reset(visit: Visit, wish: Reset) -> str:
    """Choose a password by a one-time link, and sign in; all other sessions end. Raises as `by_setup` does."""
    async with visit.db.read() as session:
        person_id = await links.check(session, wish.secret, links.Purpose.RESET, visit.now)
        assert person_id is not None  # noqa: S101 - only the first visit's link is nobody's
        person = await people.get(session, person_id)
    password_hash = await passwords.hash_new(wish.password, person.name, person.email)
    async with visit.db.write() as session:
        session.info[CONNECTION] = visit.connection
        person = await people.get(session, await links.use(session, wish.secret, links.Purpose.RESET, visit.now))
        if person.is_disabled:
            raise links.LinkInvalidError
        await people.set_password(session, person.id, password_hash, visit.now)
        await browser_sessions.end_all(session, person.id)
        return await start(session, visit, person.id, "reset")


async def start(session: AsyncSession, visit: Visit, person_id: UUID, way: str) -> str:
    """Begin a session; return the cookie's value."""
    person = await people.get(session, person_id)
    actor = audit.Actor(str(person.role), person.name, str(person.id), visit.browser.address)
    await audit.record(session, actor, "session.started", "person", person.id, after={"way": way})
    return await browser_sessions.start(session, person_id, visit.browser, valid_for=visit.valid_for, now=visit.now)


async def change_password(visit: Visit, sender: Identity, wish: PasswordChange) -> None:
    """Change one's own password; one's other sessions end. Raises WrongCurrentPasswordError, WeakPasswordError."""
    assert sender.person_id is not None and sender.name is not None  # noqa: S101, PT018 - whoever may is a person
    person, attempt = await _begin(visit, sender.name)
    if person is None:
        raise WrongPasswordError
    if person.password_hash is not None and not await passwords.is_right(wish.current or "", person.password_hash):
        raise WrongCurrentPasswordError("The present password is wrong.")
    async with visit.db.write() as session:  # before the next one is judged: to choose a weak one is no guess
        await throttle.succeed(session, attempt)
    password_hash = await passwords.hash_new(wish.new, person.name, person.email)
    async with visit.db.write() as session:
        session.info[CONNECTION] = visit.connection
        await people.set_password(session, person.id, password_hash, visit.now)
        await browser_sessions.end_all(session, person.id, but=sender.session_id)
