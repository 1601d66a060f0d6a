"""`obt-server user` and `obt-server link`: people, from the server's own command line."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server import beside
from obt_server.audit.service import at_terminal
from obt_server.auth import first_visit, links, passwords, people
from obt_server.auth.links import Purpose
from obt_server.auth.people_schemas import Email, NewPassword, PersonChange, PersonName
from obt_server.auth.roles import Role
from obt_server.auth.tables import PersonRow
from obt_server.config import Settings
from obt_server.db import CONNECTION
from obt_server.errors import ObtError
from obt_server.program import fail, settings_of

user_cli = typer.Typer(help="People who sign in: their roles, their passwords.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Their name, or their e-mail address.")]
T = TypeVar("T")
_NAME, _EMAIL, _PASSWORD = TypeAdapter[str](PersonName), TypeAdapter[str](Email), TypeAdapter[str](NewPassword)


@user_cli.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[
        Role | None, typer.Option(help="What they may do; else the first is administrator, others viewer.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Address to sign in with, too.")] = None,
    by_link: Annotated[bool, typer.Option("--link", help="No password: print a one-time link.")] = False,
) -> None:
    """Add a person. Asks for their password, or prints a one-time link by which they sign in."""
    settings, called = settings_of(), _valid(_NAME, name, "name")
    address = None if email is None else _valid(_EMAIL, email, "e-mail address")
    password_hash = None if by_link else _ask_password(called, address)

    async def work(session: AsyncSession) -> str:
        taken = await _role_of_new(session, role)
        row = await people.create(session, called, taken, beside.now(), email=address, password_hash=password_hash)
        if by_link:
            return await _link(session, settings, row, Purpose.SIGN_IN)
        return f"{called} may sign in, as {taken}."

    typer.echo(_run(settings, work))


async def _role_of_new(session: AsyncSession, wished: Role | None) -> Role:
    """Who is first makes the others: without an administrator nobody could."""
    if await first_visit.exist_people(session):
        return wished or Role.VIEWER
    if wished not in {None, Role.ADMINISTRATOR}:
        fail("the first person has to be an administrator.")
    return Role.ADMINISTRATOR


@user_cli.command("list")
def list_people() -> None:
    """List who may sign in."""
    views = _run(settings_of(), people.list_all)
    if not views:
        typer.echo("Nobody yet. Open the link of `obt-server link`, or: obt-server user create NAME")
    for view in views:
        seen = f"seen {view.last_seen_at:%Y-%m-%d %H:%M} UTC" if view.last_seen_at else "never seen"
        state = "disabled" if view.is_disabled else seen
        typer.echo("  ".join(part for part in (view.name, view.role, state, view.email) if part))


@user_cli.command("disable")
def disable(name: Name) -> None:
    """Let a person in no more: their sessions end at once, their API keys are refused."""

    async def work(session: AsyncSession) -> str:
        row = await _find(session, name)
        return (await people.change(session, row.id, PersonChange(is_disabled=True))).name

    typer.echo(f"{_run(settings_of(), work)} may not sign in any more.")


@user_cli.command("reset")
def reset(name: Name) -> None:
    """Print a one-time link by which a person chooses another password. A disabled one is let in again."""
    settings = settings_of()

    async def work(session: AsyncSession) -> str:
        row = await _find(session, name)
        if row.is_disabled:
            await people.change(session, row.id, PersonChange(is_disabled=False))
        return await _link(session, settings, row, Purpose.RESET)

    typer.echo(_run(settings, work))


def link(user: Annotated[str | None, typer.Option(help="Whose; else the only administrator's.")] = None) -> None:
    """Print a fresh one-time link that signs a browser in; the server may be running."""
    settings = settings_of()
    typer.echo(_run(settings, lambda session: sign_in_link(session, settings, user)))


async def sign_in_link(session: AsyncSession, settings: Settings, user: str | None = None) -> str:
    """Make a link of that person, of the only administrator, or while there is nobody the one of the first visit."""
    if not await first_visit.exist_people(session):
        secret = await first_visit.new_link(session, _valid_for(settings), beside.now())
        return links.address(beside.address_now(settings), Purpose.SETUP, secret)
    row = await _find(session, user) if user else await _only_administrator(session)
    if row.is_disabled:
        fail(f"{row.name} is disabled. Let them in again: obt-server user reset {row.name}")
    return await _link(session, settings, row, Purpose.SIGN_IN)


async def _link(session: AsyncSession, settings: Settings, row: PersonRow, purpose: Purpose) -> str:
    secret = await people.new_link(session, row.id, purpose, _valid_for(settings), beside.now())
    return links.address(beside.address_now(settings), purpose, secret)


async def _find(session: AsyncSession, name: str) -> PersonRow:
    row = await people.find(session, name)
    if row is None:
        fail(f"there is nobody called '{name}'. See: obt-server user list")
    return row


async def _only_administrator(session: AsyncSession) -> PersonRow:
    found = await people.administrators(session)
    if len(found) != 1:
        names = ", ".join(row.name for row in found)
        fail(f"there are several administrators ({names}): say whose link, with --user NAME.")
    return found[0]


def _ask_password(*names: str | None) -> str:
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    _valid(_PASSWORD, password, "password")
    try:
        return asyncio.run(passwords.hash_new(password, *names))
    except ObtError as error:
        fail(error.detail)


def _valid(kind: TypeAdapter[str], value: str, what: str) -> str:
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        fail(f"this {what} cannot be taken: {error.errors()[0]['msg']}")


def _valid_for(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.link_valid_s)


def _run(settings: Settings, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def in_database() -> T:
        async with beside.open_database(settings) as db, db.write() as session:
            session.info[CONNECTION] = at_terminal()
            return await work(session)

    try:
        return beside.run(in_database())
    except ObtError as error:
        fail(error.detail)
