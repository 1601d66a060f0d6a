"""A disk that is nearly full: nothing new begins there, what was measured is taken, and it ends by itself."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.jobs import JobSpec
from obt_server.config import Settings
from obt_server.room import MB, Disk, Room

MODEL = "llama3.2:3b"
MORE_THAN_THERE_IS_MB = 1_000_000_000
SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
async def server(settings: Settings, clock: FakeClock) -> AsyncGenerator[Harness]:
    """A server that never sweeps, and that keeps what happened to jobs for nine seconds."""
    async with serve(settings.model_copy(update={"sweep_interval_s": 3_600, "job_log_days": 1e-4}), clock) as harness:
        yield harness


async def fill(server: Harness, least_mb: int = MORE_THAN_THERE_IS_MB) -> None:
    """As if all but nothing of the disk were taken: it is the least that moves."""
    server.app.state.room.least_bytes = least_mb * MB
    await server.app.state.room.look()


async def a_claimed_job(server: Harness) -> tuple[AClient, JobSpec]:
    client = await server.a_client("one", models=(MODEL,))
    await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    return client, spec


@SQLITE
async def test_nothing_new_is_measured_and_what_was_measured_is_taken(server: Harness) -> None:
    client, spec = await a_claimed_job(server)
    await fill(server)
    wish = {"suite": "quick", "models": [MODEL], "client_ids": ["one"]}
    refused = await server.owner.post(f"{API}/sessions", json=wish)
    assert (refused.status_code, refused.json()["code"]) == (503, "disk_nearly_full")
    assert refused.headers["Retry-After"] == "60"
    assert (await server.owner.post(f"{API}/sessions/plan", json=wish)).status_code == 200
    await client.send_samples(spec.job_id, builders.a_sample())
    assert (await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))).status == "completed"
    await fill(server, least_mb=0)
    assert (await server.owner.post(f"{API}/sessions", json=wish)).status_code == 201


@SQLITE
async def test_it_is_told_to_who_watches_and_logged_once(server: Harness) -> None:
    assert (await server.nobody.get("/readyz")).json()["reasons"] == []
    with capture_logs() as logs:
        await fill(server)
        await server.app.state.room.look()
        ready = await server.nobody.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        assert [reason["code"] for reason in ready.json()["reasons"]] == ["disk_nearly_full"]
        await fill(server, least_mb=0)
    assert (await server.nobody.get("/readyz")).json()["reasons"] == []
    assert [log["event"] for log in logs if log["event"].startswith("disk_")] == [
        "disk_nearly_full",
        "disk_has_room_again",
    ]
    text = (await server.owner.get("/metrics")).text
    assert 'obt_disk_free_bytes{of="database"}' in text
    assert "obt_disk_free_min_bytes 0.0" in text


async def test_who_may_not_ask_is_told_nothing_of_it(server: Harness) -> None:
    await fill(server)
    assert (await server.nobody.post(f"{API}/sessions", json={})).status_code == 401


async def test_of_postgresql_only_the_archives_disk_is_known(settings: Settings, tmp_path: Path) -> None:
    told = settings.model_copy(update={"archive_dir": tmp_path / "not" / "yet", "disk_free_min_mb": 0})
    room = Room(told)
    await room.look()
    on_sqlite = settings.database_url is None
    assert room.free_bytes.keys() == ({Disk.DATABASE, Disk.ARCHIVE} if on_sqlite else {Disk.ARCHIVE})
    assert not room.is_short()
    room.least_bytes = MORE_THAN_THERE_IS_MB * MB
    await room.look()
    assert (room.is_short(), room.is_short(Disk.DATABASE)) == (True, on_sqlite)


@SQLITE
async def test_an_archive_is_not_what_fills_the_disk(server: Harness) -> None:
    """What is too old then stays."""
    await a_claimed_job(server)
    server.clock.advance(60)
    count = "/retention"
    due = sum(item["rows_due"] for item in (await server.get(count))["items"])
    assert due > 0
    await fill(server)
    await server.app.state.sweeper.retain()
    assert sum(item["rows_due"] for item in (await server.get(count))["items"]) == due
    await fill(server, least_mb=0)
    await server.app.state.sweeper.retain()
    assert sum(item["rows_due"] for item in (await server.get(count))["items"]) < due
