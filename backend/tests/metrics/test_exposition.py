"""What Prometheus reads is true, bounded, and for nobody who may not read it."""

from typing import Any

import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parsed_openmetrics,  # pyright: ignore[reportUnknownVariableType]
)
from prometheus_client.parser import text_string_to_metric_families as parsed
from websockets.asyncio.client import connect

from backend.tests import builders
from backend.tests.auth.senders import all_senders, with_headers
from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from obt_server.auth.roles import Kind, Permission
from obt_server.config import Settings
from obt_server.metrics import fleet

TOKEN = "planted-metrics-token"
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet, "KEPT_S", 0.0)


class Found(dict[tuple[str, frozenset[str]], float]):
    """Each line by its name and the values of its labels, in any order."""

    def __getitem__(self, key: tuple[str, Any]) -> float:
        return super().__getitem__((key[0], frozenset(key[1])))


async def samples(server: Harness) -> Found:
    reply = (await server.owner.get("/metrics")).raise_for_status()
    families = parsed(reply.text)
    lines = [line for family in families for line in family.samples]
    return Found(((line.name, frozenset(line.labels.values())), line.value) for line in lines)


async def test_requests_are_counted_by_template_and_never_by_address(server: Harness) -> None:
    for path in ("/clients/none-1", "/clients/none-2", "/no/such/path", "/nor/this"):
        await server.owner.get(API + path)
    await server.owner.request("PROPFIND", f"{API}/clients")
    await server.nobody.get("/some/page")
    client = await server.a_client()
    await client.beat()
    found = await samples(server)
    assert found["obt_requests_total", (f"{API}/clients/{{client_id}}", "GET", "4xx")] == 2
    assert found["obt_requests_total", ("unknown", "GET", "4xx")] == 2
    assert found["obt_requests_total", ("dashboard", "GET", "2xx")] == 1
    beats = (f"{API}/clients/{{client_id}}/heartbeat", "POST")
    assert found["obt_requests_total", (*beats, "2xx")] == found["obt_heartbeats_total", ()] == 2
    assert found["obt_request_duration_seconds_count", beats] == 2
    assert found["obt_request_duration_seconds_bucket", (*beats, "+Inf")] == 2
    assert found["obt_request_duration_seconds_sum", beats] > 0
    assert found["obt_requests_running", ()] == 1  # the one that asks
    told = {value for name, labels in found if name == "obt_requests_total" for value in labels}
    assert "other" in told
    assert not told & {"PROPFIND", "none-1", f"{API}/clients/none-1", "/some/page"}


async def test_queues_clients_and_results_are_as_they_are_stored(server: Harness) -> None:
    one = await server.a_client("one", name='the "first"', models=("m:1",))
    await server.a_client("two", models=("m:1",))
    await server.a_session([one], ["m:1"])
    await _measured(one)
    await server.a_session([one], ["m:1"])
    assert await one.claim() is not None
    server.clock.advance(45)
    await one.beat()
    await server.sweep()
    found = await samples(server)
    assert found["obt_clients", ("online",)] == found["obt_clients", ("stale",)] == 1
    assert found["obt_jobs_open", ("claimed",)] == 1
    assert found["obt_jobs_open", ("queued",)] == found["obt_operations_open", ("queued",)] == 0
    assert found["obt_results", ("completed",)] == 1
    assert found["obt_client_info", ("one", 'the "first"', "online")] == 1
    assert found["obt_client_measuring", ("one",)] == 1
    assert found["obt_client_measuring", ("two",)] == 0
    assert found["obt_client_seen_age_seconds", ("two",)] == 45
    assert found["obt_client_newest_decode_tokens_per_second", ("one", "m:1")] > 0
    assert found["obt_client_metrics_left_out", ()] == 0
    assert found["obt_database_up", ()] == 1


async def _measured(client: Any) -> None:
    spec = await client.claim()
    await client.send_samples(spec.job_id, builders.a_sample(1), builders.a_sample(2))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 2))


async def test_the_inside_is_told(server: Harness) -> None:
    await server.sweep()
    url = server.url.replace("http", "ws") + f"{API}/live"
    cookie = "; ".join(f"{name}={value}" for name, value in server.owner.cookies.items())
    async with connect(url, additional_headers={"Cookie": cookie, "Origin": server.url}) as socket:
        await socket.recv()
        found = await samples(server)
        assert (found["obt_live_sockets", ()], found["obt_live_messages_total", ()]) == (1, 1)
        assert found["obt_live_sent_bytes_total", ()] > 2
    for pool in ("read", "write"):
        assert found["obt_database_connections_max", (pool,)] >= 1
        assert found["obt_database_checkouts_total", (pool,)] >= 1
        assert found["obt_database_waiting", (pool,)] == 0
    assert found["obt_loop_rounds_total", ("sweep", "succeeded")] >= 1
    assert found["obt_loop_last_success_timestamp_seconds", ("sweep",)] > 1.7e9
    assert found["obt_draining", ()] == found["obt_held_beats", ()] == 0
    assert found["process_resident_memory_bytes", ()] > 1e6


@on_sqlite
async def test_more_clients_than_the_setting_have_no_lines_of_their_own(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"metrics_clients_max": 2}), clock) as server:
        for number in range(3):
            found = await samples(server)
            assert sum(name == "obt_client_info" for name, _ in found) == number
            assert found["obt_client_metrics_left_out", ()] == 0
            await server.a_client(f"client-{number}")
        found = await samples(server)
        assert found["obt_clients", ("online",)] == 3
        assert found["obt_client_metrics_left_out", ()] == 1
        assert not any(name.startswith("obt_client_") and labels for name, labels in found)


@on_sqlite
async def test_who_may_observe_reads_metrics_and_nobody_else(server: Harness) -> None:
    for sender in await all_senders(server):
        reply = await sender.http.get("/metrics")
        allowed = 200 if Permission.OBSERVE in sender.granted else 401 if sender.kind is Kind.ANONYMOUS else 403
        assert reply.status_code == allowed, sender.name
        assert ("obt_" in reply.text) == (allowed == 200), sender.name


@on_sqlite
async def test_guests_do_not_read_metrics(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"guest_view": True}), clock) as server:
        assert (await server.nobody.get(f"{API}/clients")).status_code == 200
        assert (await server.nobody.get("/metrics")).status_code == 403


async def test_the_token_of_the_settings_reads_metrics_without_a_database_and_nothing_else(
    settings: Settings, clock: FakeClock
) -> None:
    with_token = Settings.model_validate({**settings.model_dump(), "metrics_token": TOKEN})
    async with serve(with_token, clock) as server:
        scraper = with_headers(server, Authorization=f"Bearer {TOKEN}")
        assert (await scraper.get("/metrics")).status_code == 200
        for path in ("/clients", "/auth/me", "/audit"):
            assert (await scraper.get(API + path)).status_code == 403, path
        wrong = with_headers(server, Authorization=f"Bearer {TOKEN}x")
        assert (await wrong.get("/metrics")).status_code == 401
        async with server.db.write() as session:
            await (await session.connection()).exec_driver_sql("ALTER TABLE clients RENAME TO gone")
        reply = await scraper.get("/metrics")
        assert reply.status_code == 200
        assert "obt_database_up 0.0" in reply.text
        await scraper.aclose()
        await wrong.aclose()


@on_sqlite
async def test_openmetrics_is_told_to_who_asks_for_it(server: Harness) -> None:
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    reply = await server.owner.get("/metrics", headers=accept)
    assert reply.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert reply.text.endswith("# EOF\n")
    assert {"obt_requests", "obt_clients"} <= {family.name for family in parsed_openmetrics(reply.text)}
