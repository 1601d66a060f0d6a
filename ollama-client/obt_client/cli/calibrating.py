"""OBT's own error on this machine: measured, kept, and shown."""

import sys

from obt_client.bench.calibrate import (
    LEVELS,
    QUICK_LEVELS,
    QUICK_SECONDS,
    SECONDS,
    CalibrationError,
    Progress,
    calibrate,
)
from obt_client.bench.calibration import TABLE_HEADER, Calibration, keep, table_rows
from obt_client.bench.standin.process import StandInError
from obt_client.cli import show
from obt_client.config import Settings


async def calibrate_quickly(settings: Settings) -> Calibration | None:
    """A quick calibration, kept from now on. None where it fails, which is said."""
    _say("Measuring OBT's own error first, about 3 s (more of it: --calibrate; without: --no-calibrate).")
    try:
        found = await calibrate(QUICK_LEVELS, QUICK_SECONDS)
    except (CalibrationError, StandInError, OSError) as error:
        _say(f"OBT's own error is not known: {error}")
        return None
    _keep(found, settings)
    return found


async def calibrate_fully(settings: Settings, *, quiet: bool) -> Calibration:
    """Calibrate at rising numbers of streams, with a line a level. Raises CalibrationError, StandInError, OSError."""
    found = await calibrate(LEVELS, SECONDS, None if quiet else _teller())
    _keep(found, settings)
    return found


def calibration_lines(found: Calibration, width: int, settings: Settings) -> list[str]:
    """The table, and what it says."""
    rows = [list(row) for row in table_rows(found)]
    text = (
        "What OBT tells less what is true, against a stand-in of known times on this machine: TTFT, the gap between "
        "two chunks, and how late a request left that was due. No result is more exact than this. Kept in "
        f"{settings.data_dir / 'calibration.json'}, and told with every result from now on."
    )
    return [*show.tables(TABLE_HEADER, rows, width), "", *show.paragraph(text, width, indent="")]


def _keep(found: Calibration, settings: Settings) -> None:
    try:
        keep(found, settings.data_dir)
    except OSError as error:
        _say(f"The calibration cannot be kept in {settings.data_dir}: {error.strerror or error}")


def _teller() -> Progress:
    told = set[int]()

    def tell(streams: int, _done: int, count: int) -> None:
        if streams not in told:
            told.add(streams)
            _say(f"Calibrating with {streams} {'stream' if streams == 1 else 'streams'}: {count} requests")

    return tell


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
