"""What is not a page's `next` is refused in a sentence; steps of the database keep what was counted."""

import base64
import json
import random

import pytest
from alembic import command
from sqlalchemy import Connection

from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from backend.tests.results.rows import furnish, some, store
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.migrate import make_config, migrate

ID = "0f8b6d4e-8a39-4b55-9d0c-3f1f6a1f2b11"
NOW = "2026-11-01T12:00:00+00:00"


def _cursor(*told: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


async def _fill(server: Harness) -> None:
    async with server.db.write() as session:
        await furnish(session)
        for told in some(random.Random(5), 40):
            await store(session, told)


@pytest.mark.parametrize(
    ("sort", "after", "words"),
    [
        ("-ended_at", "%%%", "is not the `next`"),
        ("-ended_at", "é", "is not the `next`"),
        ("-ended_at", _cursor(), "is not the `next`"),
        ("-ended_at", _cursor("-ended_at", None, NOW, ID, 1), "is not the `next`"),
        ("-ended_at", _cursor("-ended_at", None, "yesterday", ID), "is not the `next`"),
        ("-ended_at", _cursor("-ended_at", None, NOW, 7), "is not the `next`"),
        ("-ended_at", _cursor("-ended_at", {"a": 1}, NOW, ID), "is not the `next`"),
        ("ttft_ms", _cursor("ttft_ms", float("inf"), NOW, ID), "is not the `next`"),
        ("ttft_ms", _cursor("ttft_ms", 10**400, NOW, ID), "is not the `next`"),
        ("ttft_ms", _cursor("ttft_ms", "fast", NOW, ID), "is not the `next`"),
        ("model", _cursor("model", 4, NOW, ID), "is not the `next`"),
        ("-ended_at", _cursor("ended_at", None, NOW, ID), "belongs to another order"),
        ("model", _cursor("model", "gone:1b\x00", NOW, ID), "is gone"),
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_cursor_that_is_none_is_refused(server: Harness, sort: str, after: str, words: str) -> None:
    await _fill(server)
    reply = await server.owner.get(f"{API}/results", params={"sort": sort, "after": after})
    assert reply.status_code == 422
    assert words in reply.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "samples"},
        {"sort": "-"},
        {"grade": "perfect"},
        {"from": "2026-11-01T12:00:00"},
        {"q": "a\x00b"},
        {"q": "a" * 301},
        {"limit": "0"},
        {"client_id": ["one"] * 501},
        {"series": "'; DROP TABLE results"},
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_what_no_filter_means_is_refused(server: Harness, query: dict[str, str]) -> None:
    reply = await server.owner.get(f"{API}/results", params=query)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["where"].startswith("query")


async def test_what_was_counted_before_the_step_is_counted_after_it(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings, clock) as server:
        await _fill(server)
        before = [await server.get(path) for path in ("/results", "/results/facets", "/results/latest")]
    db = Database(settings.sqlalchemy_url, lambda _: None)

    def down(connection: Connection) -> None:
        command.downgrade(make_config(connection), "0003")

    async with db.writer.begin() as connection:
        await connection.run_sync(down)
    await migrate(db, None)
    await db.close()
    async with serve(settings, clock) as server:
        after = [await server.get(path) for path in ("/results", "/results/facets", "/results/latest")]
    by_facet = [{told["facet"]: told["values"] for told in counts["facets"]} for counts in (before[1], after[1])]
    # Families come from the inventory, and medians from the summary: rows made by hand have neither; tags are newer.
    for name in ("client_id", "model", "quantization", "suite", "grade", "status"):
        assert by_facet[0][name] == by_facet[1][name]
    assert after[0] == before[0]
    pairs = [{(r["client_id"], r["model"], r["result_id"]) for r in told["results"]} for told in (before[2], after[2])]
    assert pairs[0] == pairs[1]
