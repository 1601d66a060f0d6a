"""docs/exports.md: every address in it answers, and every parameter that it names is one."""

import re
from pathlib import Path

import pytest

from backend.tests.harness import Harness
from obt_server.results.cursors import ResultPage
from obt_server.results.listing import SORTS

TEXT = (Path(__file__).parents[3] / "docs/exports.md").read_text()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_every_address_answers(server: Harness) -> None:
    addresses = [address for address in re.findall(r"`(/api/v1/[^`]+)`", TEXT) if "..." not in address]
    assert len(addresses) > 8
    for address in addresses:
        assert (await server.owner.get(address)).status_code == 200, address


def test_every_filter_and_order_is_named() -> None:
    filters = {field.alias or name for name, field in ResultPage.model_fields.items()} - {"sort", "after", "limit"}
    named = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert filters | set(SORTS) <= named
