"""docs/hardware.md says of every track what it comes from and how that was verified."""

import re
from pathlib import Path

from obt_core.telemetry import Track

PAGE = (Path(__file__).parents[3] / "docs" / "hardware.md").read_text("utf-8")
ROWS = re.findall(r"^\| Track \| `(\w+)` \|(.*)\|$", PAGE, re.MULTILINE)


def test_every_track_has_its_sources_and_how_they_were_verified() -> None:
    assert [track for track, _ in ROWS] == [track.value for track in Track]
    assert all(len(cells) == 4 and all(cells) for _, row in ROWS if (cells := [c.strip() for c in row.split("|")]))
