"""Samples: each stored once, in whatever order and however often they come."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.tests import builders
from backend.tests.harness import API, AClient, FakeClock, Harness, settings_of
from obt_core.jobs import JobSpec, SampleBatch
from obt_core.models import ModelInventory
from obt_core.statistics import summarize
from obt_server.agents import service as agents
from obt_server.clients.presence import PresenceRule
from obt_server.db import Database
from obt_server.jobs import claims
from obt_server.jobs import service as jobs
from obt_server.models import service as models
from obt_server.results import service as results
from obt_server.sessions import asking as sessions
from obt_server.sessions.wishes import NewSession

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
OUTCOME = "outcome"
_deliveries = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=6) | st.just(OUTCOME), max_size=8)


async def a_job(server: Harness) -> tuple[AClient, JobSpec]:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    return client, spec


@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_deliveries)
def test_the_result_is_the_set_of_what_was_sent(sqlite_template: Path, deliveries: list[list[int] | str]) -> None:
    """Batches in any order, any repetition, outcomes between them: as a client sends that dies and is back."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "obt.sqlite3")
        asyncio.run(_deliver(Path(folder), [*deliveries, OUTCOME]))


async def _deliver(folder: Path, deliveries: list[list[int] | str]) -> None:
    settings, now = settings_of(data_dir=folder), FakeClock().now()
    db = Database(settings.sqlalchemy_url, lambda _: None)
    spec = await _claimed(db, settings)
    sent: set[int] = set()
    for delivery in deliveries:
        async with db.write() as session:
            if isinstance(delivery, str):
                outcome = builders.an_outcome(spec, len(sent))
                reply = await agents.take_outcome(session, db, "one", spec.job_id, outcome, now)
                assert (reply.status, reply.missing) == ("completed", 0)
            else:
                sent |= set(delivery)
                batch = SampleBatch(samples=tuple(builders.a_sample(number) for number in delivery))
                stored = await agents.take_samples(session, "one", spec.job_id, batch, settings, now)
                assert stored.stored == len(sent)
    await _check(db, spec, sent)
    await db.close()


async def _claimed(db: Database, settings: Any) -> JobSpec:
    now = FakeClock().now()
    async with db.write() as session:
        session.add(builders.a_client_row("one"))
        await session.flush()
        await models.store(session, "one", ModelInventory(models=(builders.a_model("a"),)))
    async with db.write() as session:
        wish = NewSession(models=["a"], client_ids=["one"])
        await sessions.create(session, wish, "owner", PresenceRule(30, 60, now), settings, now)
        spec = await claims.claim(session, "one", settings, now)
        assert spec is not None
        return spec


async def _check(db: Database, spec: JobSpec, sent: set[int]) -> None:
    async with db.read() as session:
        (view,) = await jobs.list_views(session, [spec.job_id])
        assert view.samples_stored == len(sent)
        found = await results.list_views(session, [spec.job_id])
        if not sent:
            assert found == []
            return
        detail = await results.detail(session, spec.job_id, view)
    expected = [builders.a_sample(number) for number in sorted(sent)]
    assert detail.samples == expected
    assert (detail.sample_count, detail.summary) == (len(expected), summarize(expected, detail.suite))
    assert view.headline == detail.headline


async def test_samples_and_outcomes_at_once_lose_nothing(server: Harness) -> None:
    """A client whose time-outs are short sends again while the server still works at it."""
    client, spec = await a_job(server)
    numbers = range(1, 31)
    await asyncio.gather(
        *(client.send_samples(spec.job_id, *(builders.a_sample(n) for n in numbers[at : at + 6])) for at in range(25)),
        *(client.send_outcome(spec.job_id, builders.an_outcome(spec, 30)) for _ in range(5)),
    )
    replies = await asyncio.gather(*(client.send_outcome(spec.job_id, builders.an_outcome(spec, 30)) for _ in range(5)))
    assert {(reply.status, reply.missing) for reply in replies} == {("completed", 0)}
    result = await server.get(f"/results/{spec.job_id}")
    assert [sample["number"] for sample in result["samples"]] == list(numbers)
    job = (await server.get(f"/sessions/{spec.session_id}"))["jobs"][0]
    assert job["samples_stored"] == 30
    assert job["headline"]["decode_tokens_per_s"]["n"] == 30


async def test_a_number_that_was_stored_stays_as_it_was(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1, ttft_ms=1.0))
    await client.send_samples(spec.job_id, builders.a_sample(1, ttft_ms=2.0), builders.a_sample(2, ttft_ms=3.0))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 2))
    await client.send_samples(spec.job_id, builders.a_sample(2, ttft_ms=4.0))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 2))
    result = await server.get(f"/results/{spec.job_id}")
    assert [sample["ttft_ms"] for sample in result["samples"]] == [1.0, 3.0]


async def test_text_that_no_database_keeps_is_refused_for_good(server: Harness) -> None:
    """Not with a server's error: a client would send it again for ever."""
    client, spec = await a_job(server)
    body = {"samples": [builders.a_sample().model_dump(mode="json")]}
    body["samples"][0]["ollama"] = {"done_reason": "a\x00b"}
    reply = await client.http.post(f"{API}/jobs/{spec.job_id}/samples", json=body)
    assert reply.status_code == 422
    assert (await client.send_samples(spec.job_id, builders.a_sample())).stored == 1


@SQLITE
async def test_samples_of_no_job_are_refused(server: Harness) -> None:
    client = await server.a_client()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await client.send_samples(uuid4(), builders.a_sample())
    assert (await server.owner.get(f"{API}/results/{UUID(int=1)}")).status_code == 404


async def test_what_comes_between_the_sum_and_the_end_of_a_job_is_in_its_result(server: Harness) -> None:
    """All is summed up before the job is held; what came since makes that sum an old one."""
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, builders.a_sample(1))
    outcome = builders.an_outcome(spec, 2)
    async with server.db.read() as session:
        (view,) = await jobs.list_views(session, [spec.job_id])
        foreseen = await results.sum_up(await results.gather(session, spec.job_id, outcome), spec.suite)
    await client.send_samples(spec.job_id, builders.a_sample(2))
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series()))
    async with server.db.write() as session:
        summary, count = await results.fold(session, view, spec.suite, outcome, foreseen)
    assert (count, summary.workloads[0].taken) == (2, 2)
    result = await server.get(f"/results/{spec.job_id}")
    assert ([sample["number"] for sample in result["samples"]], result["telemetry_ticks"]) == ([1, 2], 5)
    assert len((await server.get(f"/jobs/{spec.job_id}/telemetry"))["ticks"]) == 5
