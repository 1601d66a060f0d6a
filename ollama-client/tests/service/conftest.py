"""What the tests of the service share."""

from collections.abc import AsyncGenerator

import pytest

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    """A server that keeps the contract."""
    async with ContractServer() as server:
        yield server
