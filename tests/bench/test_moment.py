"""Comparing a restored database with what was there before and after."""

from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bench._moment import Compared, compare
from obt_server.copying.backup import online_copy
from obt_server.copying.places import Place, place_of
from obt_server.copying.service import Silent, snapshot
from obt_server.db import Database
from obt_server.migrate import migrate
from obt_server.suites.tables import SavedPromptRow

pytestmark = pytest.mark.asyncio
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest_asyncio.fixture
async def source(tmp_path: Path) -> AsyncGenerator[Place]:
    file = tmp_path / "obt.sqlite3"
    db = Database(f"sqlite+aiosqlite:///{file}", lambda _: None)
    await migrate(db, None)
    async with db.write() as session:
        session.add_all(SavedPromptRow(name=name, text="x", purpose="", saved_at=NOON) for name in ("a", "b", "c"))
    await db.close()
    yield place_of(str(file))


def copied(place: Place, name: str, *changes: str) -> Place:
    """The same database, but for some changes."""
    assert place.file is not None
    copy = place_of(str(place.file.with_name(name)))
    assert copy.file is not None
    online_copy(place.file, copy.file, Silent())
    engine = copy.engine()
    with engine.begin() as connection:
        for change in changes:
            connection.execute(text(change))
    engine.dispose()
    return copy


def compared(before: Place, after: Place, restored: Place) -> Compared:
    with ExitStack() as stack:
        return compare(*(stack.enter_context(snapshot(place)) for place in (before, after, restored)))


async def test_what_is_the_same_is_alike(source: Place) -> None:
    seen = compared(source, source, copied(source, "restored"))
    assert (seen.alike >= 3, seen.changed, seen.came, seen.wrong) == (True, 0, 0, [])


async def test_what_is_missing_or_another_is_named(source: Place) -> None:
    restored = copied(
        source,
        "restored",
        "DELETE FROM saved_prompts WHERE name = 'a'",
        "UPDATE saved_prompts SET text = 'y' WHERE name = 'b'",
    )
    assert compared(source, source, restored).wrong == ["saved_prompts a is not there", "saved_prompts b is another"]


async def test_what_changed_meanwhile_may_be_either_way(source: Place) -> None:
    change = "UPDATE saved_prompts SET text = 'y' WHERE name = 'b'"
    after = copied(source, "after", change)
    for restored in (copied(source, "old"), copied(source, "new", change)):
        seen = compared(source, after, restored)
        assert (seen.changed, seen.wrong) == (1, [])


async def test_counts_of_another_moment_are_wrong(source: Place) -> None:
    cell = "INSERT INTO result_cells (level, client_id, model, quantization, family, suite_name, grade, status, total)"
    restored = copied(source, "restored", f"{cell} VALUES (0, '', '', '', '', '', '', '', 1)")
    assert compared(source, source, restored).wrong == ["1 counted results are not the results"]
