"""Jobs that a client's release cannot run are not given to it, and say what to do."""

from typing import Any

import pytest

from backend.tests import builders
from backend.tests.harness import AClient, Harness
from obt_core.suite_files import shipped_suites
from obt_core.wire import PROTOCOL_VERSION
from obt_server.suites import protocol
from obt_server.suites.protocol import Feature

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
NEXT = PROTOCOL_VERSION + 1
OLD: dict[str, Any] = {"protocol_version": PROTOCOL_VERSION, "client_version": "0.0.9"}
NEW: dict[str, Any] = {"protocol_version": NEXT, "client_version": "99.0"}


@pytest.fixture(autouse=True)
def _a_later_server(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """Its suites have learnt something: those in blocks need clients of the next protocol."""
    later = Feature("blocks of another kind", NEXT, lambda suite: suite.blocks > 1)
    monkeypatch.setattr(protocol, "FEATURES", (*protocol.FEATURES, later))


async def a_client(server: Harness, **beat: Any) -> AClient:
    client = await server.a_client(models=("a", "b", "c"))
    await client.beat(**beat)
    return client


def told(job: dict[str, Any]) -> tuple[str, str | None, str | None]:
    return job["status"], job["skip_reason"], job["error"] and job["error"]["code"]


def test_a_suite_needs_what_the_youngest_of_its_features_needs() -> None:
    needed = {suite.name: protocol.needs_protocol(suite).since for suite in shipped_suites()}
    assert needed["standard"] == NEXT
    assert needed["cold-start"] == 1


async def test_what_a_client_cannot_run_is_skipped_when_it_is_asked_for(server: Harness) -> None:
    old, new = await a_client(server, **OLD), await a_client(server, **NEW)
    jobs = (await server.a_session([old, new], ["a"], suite="standard"))["jobs"]
    assert {job["client_id"]: told(job) for job in jobs} == {
        old.id: ("skipped", "client_outdated", "client_outdated"),
        new.id: ("queued", None, None),
    }
    (message,) = (job["error"]["message"] for job in jobs if job["error"])
    assert message == (
        f"The client (0.0.9) speaks protocol {PROTOCOL_VERSION}; this suite needs {NEXT} (blocks of another kind)."
        " Upgrade it on its machine (SERVER: this server's address): curl -fsSL http://SERVER:8881/install.sh | sh"
    )
    (plain,) = (await server.a_session([old], ["a"], suite="cold-start"))["jobs"]
    assert told(plain) == ("queued", None, None)


async def test_a_client_that_was_put_back_is_given_only_what_it_can_run(server: Harness) -> None:
    client = await a_client(server, **NEW)
    first = await server.a_session([client], ["a", "b"], suite="standard")
    server.clock.advance(1)
    second = await server.a_session([client], ["c"], suite="cold-start")
    await client.beat(**OLD)
    spec = await client.claim()
    assert spec is not None
    assert spec.model == "c"
    ended = await server.get(f"/sessions/{first['id']}")
    assert [told(job) for job in ended["jobs"]] == [("skipped", "client_outdated", "client_outdated")] * 2
    assert ended["state"] == "failed"
    assert ended["ended_at"] is not None
    assert told((await server.get(f"/sessions/{second['id']}"))["jobs"][0])[0] == "claimed"


@SQLITE
async def test_a_client_that_needs_a_newer_server_is_given_nothing_and_goes_on_reporting(server: Harness) -> None:
    client = await a_client(server, **NEW, server_protocol_min=NEXT)
    (job,) = (await server.a_session([client], ["a"], suite="cold-start"))["jobs"]
    assert told(job) == ("skipped", "server_outdated", "server_outdated")
    assert "Upgrade this server." in job["error"]["message"]
    assert (await client.beat(**NEW, server_protocol_min=NEXT)).directives == ()
    assert await client.claim() is None
    assert (await server.get(f"/clients/{client.id}"))["presence"] == "online"


@SQLITE
async def test_what_was_begun_is_ended_by_whatever_release_comes_back(server: Harness) -> None:
    """The machine that measured is the authority, also after its client was put back."""
    client = await a_client(server, **NEW)
    await server.a_session([client], ["a"], suite="standard")
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample())
    await client.beat(**OLD, job_id=spec.job_id, state="busy")
    assert (await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))).status == "completed"
