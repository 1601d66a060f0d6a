"""Samples of a job without their chunks, while it runs and after it."""

from uuid import uuid4

import pytest

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.jobs import JobSpec
from obt_core.results import EndReason, Flag

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def a_job(server: Harness) -> tuple[AClient, JobSpec]:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    return client, spec


async def test_samples_of_a_running_job_are_those_of_its_result(server: Harness) -> None:
    client, spec = await a_job(server)
    samples = [builders.a_sample(n, flags=(Flag.FOREIGN_CPU_LOAD,) if n == 3 else ()) for n in range(1, 6)]
    await client.send_samples(spec.job_id, *samples)
    path = f"/jobs/{spec.job_id}/samples"
    running = await server.get(path)
    assert running["next"] is None
    third = running["samples"][2]
    assert (third["number"], third["flags"], third["gap_max_ms"]) == (3, ["foreign_cpu_load"], 10.0)
    assert "chunk_ms" not in third
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 5))
    assert await server.get(path) == running
    await client.send_samples(spec.job_id, builders.a_sample(6))  # late: beside the result until an outcome
    assert [one["number"] for one in (await server.get(path, after=4))["samples"]] == [5, 6]


async def test_samples_come_page_by_page(server: Harness) -> None:
    client, spec = await a_job(server)
    await client.send_samples(spec.job_id, *(builders.a_sample(n) for n in range(1, 8)))
    path = f"/jobs/{spec.job_id}/samples"
    first = await server.get(path, limit=3)
    assert ([one["number"] for one in first["samples"]], first["next"]) == ([1, 2, 3], 3)
    rest = await server.get(path, limit=4, after=first["next"])
    assert ([one["number"] for one in rest["samples"]], rest["next"]) == ([4, 5, 6, 7], None)
    assert (await server.get(path, after=7)) == {"samples": [], "next": None}


@SQLITE
async def test_a_sample_that_broke_off_lasted_until_its_last_chunk(server: Harness) -> None:
    client, spec = await a_job(server)
    broken = builders.a_sample(1, end=EndReason.ERROR, e2e_ms=None, error_code="cut")
    silent = builders.a_sample(2, end=EndReason.ERROR, e2e_ms=None, ttft_ms=None, chunk_ms=())
    await client.send_samples(spec.job_id, broken, silent)
    one, two = (await server.get(f"/jobs/{spec.job_id}/samples"))["samples"]
    assert (one["lasted_ms"], one["error_code"], two["lasted_ms"]) == (50.0, "cut", None)


async def test_what_has_come_so_far_is_what_the_result_will_say_of_it(server: Harness) -> None:
    client, spec = await a_job(server)
    path, name = f"/jobs/{spec.job_id}/summary", spec.suite.workloads[0].name
    assert await server.get(path) == {"headline": {}, "workloads": []}
    flags = {3: (Flag.MEMORY_SWAPPED,), 5: (Flag.CACHED_PROMPT,)}
    samples = [builders.a_sample(n, workload=name, flags=flags.get(n, ())) for n in range(1, 13)]
    await client.send_samples(spec.job_id, *samples)
    running = await server.get(path)
    (so_far,) = running["workloads"]
    assert (so_far["taken"], so_far["counted"], so_far["disturbed"]) == (12, 10, 1)
    assert (so_far["disturbed_by"], so_far["counts_disturbed"]) == (["memory_swapped"], False)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 12))
    ended = await server.get(path)
    decode = running["headline"]["decode_tokens_per_s"]
    assert decode["n"] == 10
    assert decode["low"] <= decode["median"] <= decode["high"]
    assert ended["headline"]["decode_tokens_per_s"] == decode
    assert ended == (await server.get(f"/results/{spec.job_id}"))["summary"]


@SQLITE
async def test_each_workload_tells_what_it_is_for(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"], suite="standard")
    spec = await client.claim()
    assert spec is not None
    many = [builders.a_sample(n + 1, workload=w.name, load_ms=9.0) for n, w in enumerate(spec.suite.workloads)]
    await client.send_samples(spec.job_id, *many)
    told = {
        one["workload"]: set(one["metrics"]) for one in (await server.get(f"/jobs/{spec.job_id}/summary"))["workloads"]
    }
    assert told.keys() == {workload.name for workload in spec.suite.workloads}
    for workload in spec.suite.workloads:
        wanted = workload.precision.metric if workload.precision else "load_ms" if workload.cold else None
        assert wanted is None or wanted in told[workload.name]


@SQLITE
async def test_there_are_none_of_a_job_that_is_not(server: Harness) -> None:
    for path in ("samples", "summary"):
        reply = await server.owner.get(f"{API}/jobs/{uuid4()}/{path}")
        assert (reply.status_code, reply.json()["code"]) == (404, "job_not_found")
