"""Clocks of clients: shown with what they are off, and trusted in nothing."""

from datetime import datetime, timedelta

import pytest

from backend.tests import builders
from backend.tests.harness import FakeClock, Harness
from backend.tests.operations import asking
from obt_core.heartbeat import ClockOffset
from obt_server.clients.clocks import CLOCK_SLACK, in_time
from obt_server.clients.presence import PresenceRule
from obt_server.clients.tables import ClientRow
from obt_server.clients.views import view_of

NOW = builders.MOMENT
SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
OFF = ClockOffset(offset_ms=-2_500.5, error_ms=1.5)


async def test_what_a_client_measured_of_its_clock_is_shown_from_the_beat_that_tells_it(server: Harness) -> None:
    client = await server.a_client("one")
    shown = await server.get("/clients/one")
    assert (shown["clock_offset_ms"], shown["clock_error_ms"], shown["is_clock_wrong"]) == (None, None, False)
    await client.beat(clock=OFF)
    (shown,) = (await server.get("/clients"))["clients"]
    assert (shown["clock_offset_ms"], shown["clock_error_ms"], shown["is_clock_wrong"]) == (-2_500.5, 1.5, True)
    assert (await server.get("/clients/one"))["clock_offset_ms"] == -2_500.5


@pytest.mark.parametrize(
    ("offset_ms", "error_ms", "is_wrong"),
    [(2_001, 0.5, True), (-2_001, 0.5, True), (2_001, 1.5, False), (1_999, 0, False), (9_000, 8_000, False)],
)
def test_a_clock_is_wrong_where_it_is_too_far_off_whatever_the_error(
    offset_ms: float, error_ms: float, is_wrong: bool
) -> None:
    said = builders.a_heartbeat(clock=ClockOffset(offset_ms=offset_ms, error_ms=error_ms)).model_dump(mode="json")
    row: ClientRow = builders.a_client_row()
    row.status, row.protocol_version, row.tags = said, 2, []
    assert view_of(row, PresenceRule(30, 60, NOW, clock_apart_s=2), NOW).is_clock_wrong is is_wrong


async def finished(server: Harness, client_id: str, began: datetime, ended: datetime) -> dict[str, object]:
    client = await server.a_client(client_id, models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample())
    outcome = builders.an_outcome(spec, 1, started_at=began, ended_at=ended)
    await client.send_outcome(spec.job_id, outcome)
    server.clock.advance(60)
    told = await server.get(f"/results/{spec.job_id}")
    await client.send_outcome(spec.job_id, outcome)
    assert await server.get(f"/results/{spec.job_id}") == told
    return told


async def test_a_result_of_the_future_is_of_now_and_the_same_outcome_again_changes_nothing(server: Harness) -> None:
    now = server.clock.now()
    told = await finished(server, "ahead", now + timedelta(days=400), now + timedelta(days=400, seconds=90))
    assert datetime.fromisoformat(str(told["ended_at"])) == now
    assert datetime.fromisoformat(str(told["started_at"])) == now - timedelta(seconds=90)
    (job,) = (await server.get(f"/sessions/{told['session_id']}"))["jobs"]
    assert job["ended_at"] == told["ended_at"]


@SQLITE
async def test_a_result_that_came_late_keeps_its_moments(server: Harness) -> None:
    ended = server.clock.now() - timedelta(days=3)
    told = await finished(server, "late", ended - timedelta(seconds=90), ended)
    assert datetime.fromisoformat(str(told["ended_at"])) == ended


def test_moments_out_of_all_bounds_are_put_right_too(clock: FakeClock) -> None:
    spec = asking.done(
        started_at=datetime.min.replace(tzinfo=NOW.tzinfo), ended_at=datetime.max.replace(tzinfo=NOW.tzinfo)
    )
    told = in_time(spec, None, clock.now())
    assert told.ended_at == clock.now()
    assert told.started_at < told.ended_at
    almost = asking.done(started_at=clock.now(), ended_at=clock.now() + CLOCK_SLACK)
    assert in_time(almost, None, clock.now()) is almost
    backwards = asking.done(started_at=NOW + timedelta(days=9), ended_at=NOW + timedelta(days=8))
    assert in_time(backwards, NOW, NOW).started_at == NOW
