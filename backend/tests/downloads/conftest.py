"""A server whose package holds the client's wheels: really built, once."""

from pathlib import Path

import pytest

from tests.wheels import built_wheels


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the wheels in the server's package."""
    return built_wheels()
