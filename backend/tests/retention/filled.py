"""A server on which something of everything gets old."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.heartbeat import AgentState
from obt_server.db import Base, Database
from obt_server.schema import metadata

LATER = datetime.now(UTC) + timedelta(days=400)
"""When all of it is older than a year, by the clock of the server and by that of the tests."""
TICKS = 400


async def fill(server: Harness) -> tuple[AClient, UUID]:
    """Measure one job, cancel a session of two; return the client and the job."""
    client = await server.a_client("one", models=("a", "b", "c"))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    await client.beat(state=AgentState.BUSY, job_id=spec.job_id)
    await client.send_samples(spec.job_id, *(builders.a_sample(n) for n in range(1, 6)))
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series(TICKS)))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 5))
    empty = await server.a_session([client], ["b", "c"])
    (await server.owner.post(f"{API}/sessions/{empty['id']}/cancel")).raise_for_status()
    return client, spec.job_id


async def counts(db: Database) -> dict[str, int]:
    """Return how many rows each table has."""
    async with db.read() as session:
        tables = metadata.sorted_tables
        return {table.name: await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


async def rows_of(db: Database, row: type[Base]) -> list[dict[str, Any]]:
    """Return all rows of a table, whole."""
    async with db.read() as session:
        return [dict(one) for one in (await session.execute(select(*row.__table__.columns))).mappings()]
