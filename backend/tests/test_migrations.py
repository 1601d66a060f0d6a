"""Steps of the database, up and down, with rows in it."""

from uuid import UUID

from alembic import command
from sqlalchemy import Connection, text

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import AClient, FakeClock, Harness
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.migrate import make_config, migrate


async def _step(db: Database, revision: str) -> None:
    def run(connection: Connection) -> None:
        command.downgrade(make_config(connection), revision)

    async with db.writer.begin() as connection:
        await connection.run_sync(run)


async def _a_whole_result(server: Harness) -> tuple[AClient, str]:
    client = await server.a_client("one", models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample())
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series()))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, notes=("a note",)))
    await client.send_samples(spec.job_id, builders.a_sample(2))
    return client, str(spec.job_id)


async def test_what_was_stored_before_telemetry_is_all_there_after_the_step(
    settings: Settings, clock: FakeClock
) -> None:
    async with serve(settings, clock) as server:
        client, job_id = await _a_whole_result(server)
        before = await server.get(f"/results/{job_id}")
        seen = await server.get("/clients/one/hardware")
    db = Database(settings.sqlalchemy_url, lambda _: None)
    await _step(db, "0002")
    async with db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM samples")) == 1
        assert await session.scalar(text("SELECT count(*) FROM hardware")) == 1
    await migrate(db, None)
    await db.close()
    async with serve(settings, clock) as server:
        after = await server.get(f"/results/{job_id}")
        assert after == {**before, "notes": [], "telemetry_ticks": 0}
        assert await server.get("/clients/one/hardware") == seen
        assert (await server.get("/clients/one"))["protocol_version"] == 1
        client.http = server.nobody
        client.http.headers["Authorization"] = f"Bearer {client.key}"
        assert (await client.send_telemetry(UUID(job_id), builders.a_batch(builders.a_series()))).stored == 5
