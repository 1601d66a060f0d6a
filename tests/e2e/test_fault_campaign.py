"""A short campaign of faults of all kinds: what holds afterwards is what must always hold."""

import sys

import pytest

from tests.e2e.campaign.campaign import campaign, kinds_of
from tests.e2e.campaign.house import Size, a_house
from tests.e2e.campaign.schedule import plan

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="PostgreSQL comes from a wheel, and is killed as on Linux"),
]
SEED = 7
SIZE = Size(clients=6, interval_s=1.0, lease_s=6.0)
SECONDS = 8.0


async def test_nothing_is_lost_doubled_or_stuck_whatever_fails() -> None:
    async with a_house(SIZE) as house:
        kinds = kinds_of(house)
        faults = plan(SEED, len(kinds), SECONDS, clients=SIZE.clients, servers=SIZE.servers, kinds=kinds)
        report = await campaign(house, faults, SEED)
    assert report.violations == [], "\n".join(report.log)
    assert set(report.faults) == kinds
    assert report.found.jobs["completed"] > 0
    assert report.found.samples > 0
    assert report.found.moves > 2 * report.sessions
