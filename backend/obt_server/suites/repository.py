"""SQL of suites and prompts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.suites import Suite
from obt_server.db import Document
from obt_server.suites.tables import SavedPromptRow, SavedSuiteRow, SuiteRow

LISTED_MAX = 200
"""Of each kind; a list is for people."""


async def suite_by_hash(session: AsyncSession, content_hash: str) -> SuiteRow | None:
    """Return a suite that was run or saved."""
    return await session.get(SuiteRow, content_hash)


async def saved_suite(session: AsyncSession, name: str) -> SuiteRow | None:
    """Return the content that is saved under a name now."""
    join = select(SuiteRow).join(SavedSuiteRow, SavedSuiteRow.suite_hash == SuiteRow.hash)
    return await session.scalar(join.where(SavedSuiteRow.name == name))


async def saved_suites(session: AsyncSession) -> list[Suite]:
    """Return the saved suites by name."""
    join = select(SuiteRow.content).join(SavedSuiteRow, SavedSuiteRow.suite_hash == SuiteRow.hash)
    rows = await session.scalars(join.order_by(SavedSuiteRow.name).limit(LISTED_MAX))
    return [Suite.model_validate(content) for content in rows]


async def used_suites(session: AsyncSession, apart_from: Iterable[str]) -> list[Suite]:
    """Return the suites that were run, newest first."""
    statement = select(SuiteRow.content).where(SuiteRow.hash.not_in(list(apart_from)))
    rows = await session.scalars(statement.order_by(SuiteRow.first_used_at.desc(), SuiteRow.hash).limit(LISTED_MAX))
    return [Suite.model_validate(content) for content in rows]


async def keep(session: AsyncSession, row: Document) -> None:
    """Store a suite's content, unless it is there already: it is the same then, whoever stored it."""
    await session.execute(_insert(session, SuiteRow).on_conflict_do_nothing(), row)


async def saved_hash(session: AsyncSession, name: str) -> str | None:
    """Return the hash of the suite that a name stands for now."""
    return await session.scalar(select(SavedSuiteRow.suite_hash).where(SavedSuiteRow.name == name))


async def save_suite(session: AsyncSession, name: str, suite_hash: str, now: datetime) -> None:
    """Let a name stand for that content from now on."""
    values = {"suite_hash": suite_hash, "saved_at": now}
    await _put(session, SavedSuiteRow, name, values)


async def save_prompt(session: AsyncSession, name: str, text: str, purpose: str, now: datetime) -> None:
    """Let a name stand for that text from now on."""
    await _put(session, SavedPromptRow, name, {"text": text, "purpose": purpose, "saved_at": now})


async def saved_prompts(session: AsyncSession) -> list[SavedPromptRow]:
    """Return the saved prompts by name."""
    return list(await session.scalars(select(SavedPromptRow).order_by(SavedPromptRow.name).limit(LISTED_MAX)))


async def _put(session: AsyncSession, table: type[SavedSuiteRow | SavedPromptRow], name: str, values: Document) -> None:
    statement = _insert(session, table).values(name=name, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    session.expire_all()


def _insert(
    session: AsyncSession, table: type[SuiteRow | SavedSuiteRow | SavedPromptRow]
) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite.insert if is_sqlite else postgresql.insert)(table)
