"""Finding suites, keeping those that are run, and those that a person saves."""

import re
from datetime import datetime
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.suite_files import beyond_context, context_tokens, shipped_suites
from obt_core.suites import Suite
from obt_server.audit import service as audit
from obt_server.errors import ConflictError, FieldError, InvalidFieldsError, NotFoundError
from obt_server.suites import files, repository
from obt_server.suites.schemas import CheckedSuite, SavedSuite, SuiteProblem, SuiteToCheck, SuiteView
from obt_server.suites.tables import SavedSuiteRow

_LOOKS_LIKE_A_HASH = re.compile(r"[0-9a-f]{64}")


class NameTakenError(ConflictError):
    """A name that stands for something else."""

    code = "name_taken"


async def list_views(session: AsyncSession) -> list[SuiteView]:
    """Return the shipped suites, the saved ones by name, then the others that were run, newest first."""
    shipped = [view_of(suite, shipped=True) for suite in shipped_suites()]
    saved = [view_of(suite, saved=True) for suite in await repository.saved_suites(session)]
    listed = {view.hash for view in (*shipped, *saved)}
    used = [view_of(suite) for suite in await repository.used_suites(session, listed)]
    return shipped + saved + used


async def find(session: AsyncSession, name_or_hash: str) -> Suite:
    """Return a suite by its hash, or a shipped or saved one by its name. Raises NotFoundError.

    A hash comes first, so that what was run stays what it was, whatever is saved under which name.
    """
    if shipped := _shipped().get(name_or_hash):
        return shipped
    row = await repository.suite_by_hash(session, name_or_hash) or await repository.saved_suite(session, name_or_hash)
    if row is None:
        known = ", ".join(suite.name for suite in shipped_suites())
        raise NotFoundError(f"There is no suite '{name_or_hash}'. Shipped: {known}.")
    return Suite.model_validate(row.content)


@cache
def _shipped() -> dict[str, Suite]:
    """By hash and by name."""
    return {word: suite for suite in reversed(shipped_suites()) for word in (suite.name, suite.hash())}


async def keep(session: AsyncSession, suite: Suite, now: datetime) -> str:
    """Keep a suite as it is now; return its hash."""
    content_hash = suite.hash()
    content = suite.model_dump(mode="json")
    await repository.keep(session, {"hash": content_hash, "name": suite.name, "content": content, "first_used_at": now})
    return content_hash


def check_contexts(suite: Suite, where: str) -> None:
    """Refuse a suite whose requests are longer than their contexts. Raises InvalidFieldsError."""
    found = [
        FieldError(where=f"{where}.workloads.{number}.prompt.tokens", message=text)
        for number, text in beyond_context(suite)
    ]
    if found:
        raise InvalidFieldsError(found)


async def get_saved(session: AsyncSession, name: str) -> SavedSuite:
    """Return a saved suite with its file. Raises NotFoundError."""
    row = await _saved_row(session, name)
    suite = await find(session, row.suite_hash)
    return SavedSuite(**dict(view_of(suite, saved=True)), saved_at=row.saved_at, toml=files.to_toml(suite))


async def save(session: AsyncSession, name: str, suite: Suite, now: datetime) -> SavedSuite:
    """Keep a suite under a name, in place of what was kept there. Raises NameTakenError, InvalidFieldsError."""
    if any(name == shipped.name for shipped in shipped_suites()):
        raise NameTakenError(f"'{name}' is a suite that comes with OBT: choose another name.")
    if _LOOKS_LIKE_A_HASH.fullmatch(name):
        raise NameTakenError("A name must not look like the hash of a suite: choose another.")
    named = suite.model_copy(update={"name": name})
    check_contexts(named, "body.suite")
    suite_hash, old_hash = await keep(session, named, now), await repository.saved_hash(session, name)
    await repository.save_suite(session, name, suite_hash, now)
    if suite_hash != old_hash:
        await audit.note(session, "suite.saved", "suite", name, {"hash": old_hash}, {"hash": suite_hash})
    return await get_saved(session, name)


async def forget(session: AsyncSession, name: str) -> None:
    """Forget a saved suite; what was run with it stays. Raises NotFoundError."""
    row = await _saved_row(session, name)
    await session.delete(row)
    await audit.note(session, "suite.forgotten", "suite", name, before={"hash": row.suite_hash})


def check(body: SuiteToCheck) -> CheckedSuite:
    """Judge a suite's file, or what an editor has."""
    suite, problems = files.checked(body.text, body.suite)
    return CheckedSuite(
        suite=view_of(suite) if suite else None,
        toml=files.to_toml(suite) if suite else None,
        problems=[SuiteProblem(line=each.line, place=each.place, text=each.text) for each in problems],
    )


def view_of(suite: Suite, *, shipped: bool = False, saved: bool = False) -> SuiteView:
    """Return a suite with what follows from it."""
    return SuiteView(
        suite=suite,
        hash=suite.hash(),
        samples_planned=suite.samples_planned(),
        budget_s=suite.budget_s(),
        context_tokens=context_tokens(suite),
        shipped=shipped,
        saved=saved,
    )


async def _saved_row(session: AsyncSession, name: str) -> SavedSuiteRow:
    row = await session.get(SavedSuiteRow, name)
    if row is None:
        raise NotFoundError(f"No suite is saved as '{name}'.")
    return row
