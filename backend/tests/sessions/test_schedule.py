"""Sessions that begin later: nobody is given their jobs before, and who waits is woken when the time comes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from backend.tests.harness import AClient, Harness
from obt_core.heartbeat import Work

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HOUR_S = 3_600


async def a_scheduled(server: Harness, client: AClient, in_s: float, **fields: Any) -> dict[str, Any]:
    moment = server.clock.now() + timedelta(seconds=in_s)
    return await server.a_session([client], ["a"], not_before=moment.isoformat(), **fields)


async def test_a_job_is_not_given_out_before_its_time(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    session = await a_scheduled(server, client, HOUR_S)
    assert session["state"] == "queued"
    assert session["not_before"] == (server.clock.now() + timedelta(seconds=HOUR_S)).isoformat().replace("+00:00", "Z")
    server.clock.advance(HOUR_S - 1)
    assert Work() not in (await client.beat()).directives
    assert await client.claim() is None
    server.clock.advance(1)
    assert Work() in (await client.beat()).directives
    spec = await client.claim()
    assert spec is not None
    assert str(spec.session_id) == session["id"]


async def test_what_is_scheduled_does_not_keep_others_waiting(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await a_scheduled(server, client, HOUR_S)
    at_once = await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    assert str(spec.session_id) == at_once["id"]


async def test_a_held_heartbeat_wakes_when_the_time_comes(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await a_scheduled(server, client, 60)
    held = asyncio.create_task(client.beat(wait_s=10))
    while not len(server.app.state.holds):  # until the server holds it
        await asyncio.sleep(0.005)
    server.clock.advance(60)
    await server.sweep()
    reply = await held
    assert Work() in reply.directives


async def test_it_is_announced_once(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await a_scheduled(server, client, 60)
    heard: list[object] = []
    server.app.state.bus.subscribe(heard.extend)
    for seconds in (59, 1, 30):
        server.clock.advance(seconds)
        await server.sweep()
        heard.append(seconds)
    jobs = [each if isinstance(each, int) else "job" for each in heard if isinstance(each, int) or _is_job(each)]
    assert jobs == [59, "job", 1, 30]


def _is_job(event: object) -> bool:
    return type(event).__name__ == "JobChanged"


async def test_an_offline_client_is_waited_for_from_the_scheduled_time_on(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    session = await a_scheduled(server, client, 10 * HOUR_S)
    server.clock.advance(10 * HOUR_S + 60)
    await server.sweep()
    (job,) = (await server.get(f"/sessions/{session['id']}"))["jobs"]
    assert job["status"] == "queued"
    server.clock.advance(HOUR_S)
    await server.sweep()
    (job,) = (await server.get(f"/sessions/{session['id']}"))["jobs"]
    assert (job["status"], job["skip_reason"]) == ("skipped", "offline")


@SQLITE
async def test_a_moment_that_is_over_means_at_once(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    session = await a_scheduled(server, client, -60)
    assert session["not_before"] is None
    assert await client.claim() is not None


@SQLITE
async def test_what_is_scheduled_can_be_cancelled(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    session = await a_scheduled(server, client, 60)
    (await server.owner.post(f"/api/v1/sessions/{session['id']}/cancel")).raise_for_status()
    server.clock.advance(60)
    assert await client.claim() is None


@SQLITE
async def test_who_asked_is_kept(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    session = await server.a_session([client], ["a"])
    assert session["asked_by"] == "owner"
