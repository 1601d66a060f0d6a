"""What tests of whole databases share."""

import pytest

from backend.tests.copying.places import Databases


@pytest.fixture
def databases(postgresql_server: str) -> Databases:
    return Databases(postgresql_server)
