"""Finding suites, and keeping those that are run."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.suite_files import shipped_suites
from obt_core.suites import Suite
from obt_server.errors import NotFoundError
from obt_server.suites.schemas import SuiteView
from obt_server.suites.tables import SuiteRow


async def list_views(session: AsyncSession) -> list[SuiteView]:
    """Return the shipped suites, then the others that were run, newest first."""
    shipped = [_view(suite, shipped=True) for suite in shipped_suites()]
    hashes = {view.hash for view in shipped}
    rows = await session.scalars(select(SuiteRow).order_by(SuiteRow.first_used_at.desc()).limit(200))
    used = [_view(Suite.model_validate(row.content), shipped=False) for row in rows if row.hash not in hashes]
    return shipped + used


async def find(session: AsyncSession, name_or_hash: str) -> Suite:
    """Return a shipped suite by its name, or any by its hash. Raises NotFoundError."""
    for suite in shipped_suites():
        if name_or_hash in {suite.name, suite.hash()}:
            return suite
    row = await session.get(SuiteRow, name_or_hash)
    if row is None:
        known = ", ".join(suite.name for suite in shipped_suites())
        raise NotFoundError(f"There is no suite '{name_or_hash}'. Shipped: {known}.")
    return Suite.model_validate(row.content)


async def keep(session: AsyncSession, suite: Suite, now: datetime) -> str:
    """Keep a suite as it is now; return its hash."""
    content_hash = suite.hash()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    content = suite.model_dump(mode="json")
    row = {"hash": content_hash, "name": suite.name, "content": content, "first_used_at": now}
    # Kept already, or by somebody at this moment: it is the same content.
    await session.execute((sqlite.insert if is_sqlite else postgresql.insert)(SuiteRow).on_conflict_do_nothing(), row)
    return content_hash


def _view(suite: Suite, *, shipped: bool) -> SuiteView:
    return SuiteView(
        suite=suite,
        hash=suite.hash(),
        samples_planned=suite.samples_planned(),
        budget_s=suite.budget_s(),
        shipped=shipped,
    )
