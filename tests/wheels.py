"""The client's wheels in the server's package, really built: for all tests that hand them out."""

from pathlib import Path

import pytest
from filelock import FileLock

from dev.paths import LOCAL
from dev.trouble import Trouble
from dev.wheels import WHEELS, ensure_wheels


def built_wheels() -> Path:
    """Return their folder. Skips the test where they cannot be built."""
    LOCAL.mkdir(exist_ok=True)
    with FileLock(LOCAL / "wheels.lock"):  # several workers may come at once
        try:
            ensure_wheels(lambda _: None)
        except Trouble as trouble:
            pytest.skip(f"the client's wheels cannot be built here: {trouble.message}")
    return WHEELS
