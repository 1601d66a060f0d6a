"""A short campaign of faults of all kinds, and a server replaced under load: what holds then must always hold."""

import sys
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.e2e.campaign.campaign import campaign, kinds_of
from tests.e2e.campaign.house import House, Size, a_house
from tests.e2e.campaign.rolling import roll
from tests.e2e.campaign.schedule import plan

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="PostgreSQL comes from a wheel, and is killed as on Linux"),
]
SEED = 7
SIZE = Size(clients=6, interval_s=1.0, lease_s=6.0, drain_s=2.0, token_ms=4.0)
SECONDS = 6.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncGenerator[House]:
    """Three servers, six clients: started once."""
    async with a_house(SIZE) as built:
        yield built


async def test_nothing_is_lost_doubled_or_stuck_whatever_fails(house: House) -> None:
    kinds = kinds_of(house)
    among = {"clients": SIZE.clients, "servers": SIZE.servers, "pages": SIZE.pages}
    faults = plan(SEED, len(kinds), SECONDS, **among, kinds=kinds)
    report = await campaign(house, faults, SEED)
    assert report.violations == [], "\n".join(report.log)
    assert set(report.faults) == kinds
    assert report.found.jobs["completed"] > 0
    assert report.found.samples > 0
    assert report.found.moves > report.sessions


async def test_a_server_is_replaced_under_load_and_no_request_fails(house: House) -> None:
    rolled = await roll(house, SEED, between_s=0.5, servers=house.servers[:1])
    assert (rolled.statuses, dict(rolled.failed), rolled.found.violations) == ([0], {}, [])
    assert rolled.requests > 0
