"""The lock check finds a pin that no pyproject.toml asks for."""

from pathlib import Path

import pytest

from dev import locks
from dev.bootstrap import DEMO, LOCKS
from dev.shell import CommandFailed


def test_a_pin_that_nothing_asks_for_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crooked = tmp_path / "requirements.lock"
    crooked.write_text(LOCKS[DEMO].read_text() + f"left-pad==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    monkeypatch.setitem(LOCKS, DEMO, crooked)
    try:
        changes = locks.differences(DEMO)
    except CommandFailed as failure:
        if failure.is_offline():
            pytest.skip("the package index cannot be reached")
        raise
    assert "-left-pad==1.0 \\" in changes
