"""Telemetry: one series a job, appended as it comes, with the energy that it tells of."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness, settings_of
from obt_core.jobs import JobSpec
from obt_core.telemetry import Telemetry, TelemetryBatch, appended
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.jobs.tables import JobRow
from obt_server.results import telemetry
from obt_server.results.tables import TelemetryRow
from obt_server.sessions.tables import SessionRow
from obt_server.suites import service as suites

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SAMPLES = [builders.a_sample(number) for number in range(1, 11)]
"""Of one burst, from a second after `MOMENT` to 10.7 seconds after it, with 640 tokens."""
JOULES_PER_TOKEN = pytest.approx(9.7 * builders.POWER_W / 640)


async def a_job(server: Harness) -> tuple[AClient, JobSpec]:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    return client, spec


async def stored(server: Harness, spec: JobSpec, **params: Any) -> Telemetry:
    return Telemetry.model_validate(await server.get(f"/jobs/{spec.job_id}/telemetry", **params))


async def energy_of(server: Harness, spec: JobSpec) -> dict[str, Any] | None:
    return (await server.get(f"/results/{spec.job_id}"))["summary"]["workloads"][0]["energy"]


async def test_a_series_is_read_as_it_came_while_the_job_runs_and_after_it(server: Harness) -> None:
    client, spec = await a_job(server)
    series = builders.a_series(12)
    assert (await client.send_telemetry(spec.job_id, builders.a_batch(series, 0, 5))).stored == 5
    assert await stored(server, spec) == series.model_copy(update={"ticks": series.ticks[:5]})
    reply = await client.send_telemetry(spec.job_id, builders.a_batch(series, 5))
    assert (reply.stored, reply.cancelled) == (12, False)
    await client.send_samples(spec.job_id, *SAMPLES)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, len(SAMPLES)))
    assert await stored(server, spec) == series
    assert (await server.get(f"/results/{spec.job_id}"))["telemetry_ticks"] == 12
    short = await stored(server, spec, points=4)
    assert [tick.at_ms for tick in short.ticks] == [0, 4_000, 7_000, 11_000]


async def test_a_result_tells_joules_per_token_less_what_the_machine_takes_idle(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, *SAMPLES)
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series(15)))
    environment = builders.an_environment(spec, idle_power_w=40)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, len(SAMPLES), environment=environment))
    energy = await energy_of(server, spec)
    assert energy is not None
    assert energy["j_per_token"] == JOULES_PER_TOKEN
    assert energy["above_idle_j_per_token"] == pytest.approx(9.7 * 60 / 640)
    assert (energy["source"], energy["devices"], energy["power_w"]) == ("counter", ["gpu0"], pytest.approx(100))


async def test_what_comes_after_the_outcome_renews_the_summary_and_nothing_else(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, *SAMPLES)
    environment = builders.an_environment(spec, idle_power_w=40)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, len(SAMPLES), environment=environment))
    before = await server.get(f"/results/{spec.job_id}")
    assert before["summary"]["workloads"][0]["energy"] is None
    await client.send_samples(spec.job_id, builders.a_sample(11))  # late, and without an outcome of its own
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series(15)))
    energy = await energy_of(server, spec)
    assert energy is not None
    assert (energy["j_per_token"], energy["above_idle_j_per_token"]) == (
        JOULES_PER_TOKEN,
        pytest.approx(9.7 * 60 / 640),
    )
    after = await server.get(f"/results/{spec.job_id}")
    same = {"summary": None, "telemetry_ticks": 15}
    assert {**after, **same} == {**before, **same}
    late = builders.a_failure(spec, 10, "client_restarted").model_copy(update={"environment": None})
    await client.send_outcome(spec.job_id, late)
    renewed = await energy_of(server, spec)  # of eleven samples now, and still less what the machine took idle
    assert renewed is not None
    assert renewed["above_idle_j_per_token"] == pytest.approx(10.7 * 60 / 704)


async def test_batches_and_outcomes_at_once_lose_nothing(server: Harness) -> None:
    client, spec = await a_job(server)
    series = builders.a_series(40)
    await client.send_samples(spec.job_id, *SAMPLES)
    for first in (0, 20):
        await asyncio.gather(
            *(client.send_telemetry(spec.job_id, builders.a_batch(series, first, 20)) for _ in range(6)),
            *(client.send_outcome(spec.job_id, builders.an_outcome(spec, len(SAMPLES))) for _ in range(3)),
        )
    assert await stored(server, spec) == series
    energy = await energy_of(server, spec)
    assert energy is not None
    assert energy["j_per_token"] == JOULES_PER_TOKEN


@SQLITE
async def test_telemetry_renews_the_lease_and_brings_the_wish_to_stop(server: Harness) -> None:
    client, spec = await a_job(server)
    series = builders.a_series(9)
    for first in range(3):
        server.clock.advance(60)
        reply = await client.send_telemetry(spec.job_id, builders.a_batch(series, first, 1))
        await server.sweep()
        assert not reply.cancelled
    assert (await server.get(f"/sessions/{spec.session_id}"))["jobs"][0]["status"] == "running"
    (await server.owner.post(f"{API}/jobs/{spec.job_id}/cancel")).raise_for_status()
    reply = await client.send_telemetry(spec.job_id, builders.a_batch(series, 3))
    assert (reply.stored, reply.cancelled) == (9, True)  # what was measured is kept all the same


@SQLITE
async def test_where_there_is_none_that_is_said(server: Harness) -> None:
    client, spec = await a_job(server)
    for job_id in (spec.job_id, uuid4()):
        reply = await server.owner.get(f"{API}/jobs/{job_id}/telemetry")
        assert (reply.status_code, reply.json()["code"]) == (404, "no_telemetry")
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series(0)))
    assert (await server.owner.get(f"{API}/jobs/{spec.job_id}/telemetry")).status_code == 404
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await client.send_telemetry(uuid4(), builders.a_batch(builders.a_series()))
    other = await server.a_client()
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await other.send_telemetry(spec.job_id, builders.a_batch(builders.a_series()))


@SQLITE
@pytest.mark.parametrize(
    "change",
    [
        {"ticks": [{"at_ms": 0, "values": [1]}]},
        {"ticks": [{"at_ms": 0, "values": [1, 2, None]}] * 601},
        {"ticks": [{"at_ms": 5, "values": [1, 2, 3]}, {"at_ms": 4, "values": [1, 2, 3]}]},
        {"ticks": [{"at_ms": 0, "values": [1, 2, 1e300]}]},
        {"channels": [{"track": "Not A Slug"}] * 3},
        {"started_at": "yesterday"},
    ],
)
async def test_what_is_no_series_is_refused_for_good(server: Harness, change: dict[str, Any]) -> None:
    client, spec = await a_job(server)
    body = builders.a_batch(builders.a_series()).model_dump(mode="json")
    reply = await client.http.post(
        f"{API}/jobs/{spec.job_id}/telemetry", json={**body, "telemetry": {**body["telemetry"], **change}}
    )
    assert reply.status_code == 422
    assert (await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series()))).stored == 5


@SQLITE
async def test_a_batch_as_large_as_one_may_be_fits_into_a_request(server: Harness) -> None:
    client, spec = await a_job(server)
    channels = tuple(builders.CHANNELS[0].model_copy(update={"device": f"gpu{n}"}) for n in range(256))
    ticks = tuple(
        builders.Tick(at_ms=n, values=tuple(2**50 + n + channel / 7 for channel in range(256))) for n in range(600)
    )
    series = builders.a_series().model_copy(update={"channels": channels, "ticks": ticks})
    body = builders.a_batch(series).model_dump_json()
    headers = {"Content-Type": "application/json"}
    reply = await client.http.post(f"{API}/jobs/{spec.job_id}/telemetry", content=body, headers=headers)
    assert reply.json() == {"stored": 600, "cancelled": False}
    assert await stored(server, spec) == series


async def test_beyond_the_limit_the_rest_is_not_kept(
    settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "VALUES_MAX", 10 * len(builders.CHANNELS))
    async with serve(settings, clock) as server:
        client, spec = await a_job(server)
        series = builders.a_series(11)
        sent = [builders.a_batch(series, 0, 10), builders.a_batch(series, 10)]
        assert [(await client.send_telemetry(spec.job_id, batch)).stored for batch in sent] == [10, 10]


async def test_what_a_job_has_goes_with_it(server: Harness) -> None:
    (_, first), (_, second) = jobs = await a_job(server), await a_job(server)
    for client, spec in jobs:
        await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series()))
    async with server.db.write() as session:
        await session.execute(delete(JobRow).where(JobRow.id == first.job_id))
        assert await session.scalar(select(func.count()).select_from(TelemetryRow)) == 1
        await session.execute(delete(SessionRow).where(SessionRow.id == second.session_id))
        assert await session.scalar(select(func.count()).select_from(TelemetryRow)) == 0


# Any batches in any order: what is stored is what `obt_core.telemetry.appended` says.

_batches = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.sampled_from([0, 0, 0, 1])), max_size=12)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_batches)
def test_what_is_stored_is_what_the_definition_of_appending_says(
    sqlite_template: Path, batches: list[tuple[int, int, int]]
) -> None:
    others = [builders.a_series(20), builders.a_series(20, channels=builders.CHANNELS[::-1])]
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "obt.sqlite3")
        sent = [builders.a_batch(others[which], first, count) for first, count, which in batches]
        asyncio.run(_append(Path(folder), sent))


async def _append(folder: Path, batches: list[TelemetryBatch]) -> None:
    db = Database(settings_of(data_dir=folder).sqlalchemy_url, lambda _: None)
    job_id, expected = await _a_stored_job(db), None
    for batch in batches:
        before, expected = expected, appended(expected, batch)
        async with db.write() as session:
            ticks, is_news = await telemetry.append(session, job_id, batch)
        assert (ticks, is_news) == (len(expected.ticks) if expected else 0, expected is not before)
    async with db.read() as session:
        found = await telemetry.stored(session, job_id)
    assert (found.unpacked() if found else None) == expected
    await db.close()


async def _a_stored_job(db: Database) -> Any:
    now = builders.MOMENT
    async with db.write() as session:
        suite = await suites.find(session, "quick")
        suite_hash = await suites.keep(session, suite, now)
        row = SessionRow(id=uuid4(), title="x", suite_name="quick", suite_hash=suite_hash, created_at=now)
        session.add_all([row, builders.a_client_row("one")])
        await session.flush()
        told = {"client_id": "one", "position": 0, "model": "a", "status": "running", "created_at": now}
        job = JobRow(id=uuid4(), session_id=row.id, suite_hash=suite_hash, samples_stored=0, **told)
        session.add(job)
        await session.flush()
        return job.id
