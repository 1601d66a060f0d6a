"""OBT's own error on this machine: what a calibration told, kept for the results that come after it."""

import platform
import sys
from pathlib import Path

from pydantic import Field, ValidationError

from obt_client import __version__
from obt_client.files import make_private_dir, write_atomically
from obt_core.environment import OwnError
from obt_core.results import Count, Ms
from obt_core.suites import Suite
from obt_core.wire import Fact, UtcDatetime, WireModel

_FILE = "calibration.json"
_CPUINFO = Path("/proc/cpuinfo")
TABLE_HEADER = (
    "streams",
    "TTFT p50 µs",
    "TTFT p99 µs",
    "gap p50 µs",
    "gap p99 µs",
    "gap max µs",
    "late p99 ms",
    "delivered",
    "CPU s/1000",
)
"""Of `table_rows`. All but the streams are OBT's own: errors, lateness of its sends, what it took in, what it used."""


class CalibratedLevel(OwnError):  # noqa: N818  an error of measurement, no exception
    """OBT's own error at one number of streams.

    `lateness_*_ms`: intended to real send, under an open loop. `merged_share`: of all tokens, those that a later one
    hid in the same read. `flagged`: requests during which this process was stopped or late, as results flag them.
    `delivered_of_ideal`: the time that the level should have taken over the time that it took. `standin_*`: the
    server's own lateness and share of a core, which tell whether it was the limit.
    """

    requests: Count
    flagged: Count
    ttft_max_us: float = Field(ge=0, le=1e12)
    gap_max_us: float = Field(ge=0, le=1e12)
    lateness_p50_ms: Ms
    merged_share: float = Field(ge=0, le=1)
    delivered_of_ideal: float = Field(ge=0)
    cpu_s_per_1000_tokens: float = Field(ge=0)
    standin_late_p99_ms: float | None = None
    standin_cpu_share: float | None = None


class Calibration(WireModel):
    """One calibration, its levels by rising number of streams, and what it was made by."""

    measured_at: UtcDatetime
    client_version: Fact
    python_version: Fact
    cpu_model: Fact
    levels: tuple[CalibratedLevel, ...] = Field(min_length=1)


def of_this_client(levels: tuple[CalibratedLevel, ...], measured_at: UtcDatetime) -> Calibration:
    """Put levels together with what they were measured by."""
    return Calibration(
        measured_at=measured_at,
        client_version=__version__,
        python_version=platform.python_version(),
        cpu_model=cpu_model(),
        levels=levels,
    )


def own_error_at(calibration: Calibration, streams: int) -> OwnError:
    """OBT's error at the first level of at least so many streams; above all of them, at the highest.

    Its own `streams` says which level that was.
    """
    ranked = sorted(calibration.levels, key=lambda level: level.streams)
    level = next((level for level in ranked if level.streams >= streams), ranked[-1])
    return OwnError.model_validate(level.model_dump(include=set(OwnError.model_fields)))


def own_error_of(calibration: Calibration | None, suite: Suite) -> OwnError | None:
    """OBT's error at as many streams as the suite's busiest workload keeps; None where it was never measured."""
    streams = max(workload.concurrency for workload in suite.workloads)
    return None if calibration is None else own_error_at(calibration, streams)


def table_rows(calibration: Calibration) -> list[tuple[str, ...]]:
    """One row of text a level, as `TABLE_HEADER` names its columns."""
    return [
        (
            str(level.streams),
            *(f"{error:.1f}" for error in (level.ttft_p50_us, level.ttft_p99_us)),
            *(f"{error:.1f}" for error in (level.gap_p50_us, level.gap_p99_us, level.gap_max_us)),
            "-" if level.lateness_p99_ms is None else f"{level.lateness_p99_ms:.2f}",
            f"{level.delivered_of_ideal:.1%}",
            f"{level.cpu_s_per_1000_tokens:.3f}",
        )
        for level in calibration.levels
    ]


def keep(calibration: Calibration, data_dir: Path) -> None:
    """Keep a calibration in the client's data directory, instead of an earlier one. Raises OSError."""
    make_private_dir(data_dir)
    write_atomically(data_dir / _FILE, calibration.model_dump_json(indent=1))


def kept(data_dir: Path) -> Calibration | None:
    """The calibration in the data directory.

    None where there is none that can be read, or where it was made by another version of the client, another Python
    or on another processor: it would tell of something else.
    """
    try:
        calibration = Calibration.model_validate_json((data_dir / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    here = (__version__, platform.python_version(), cpu_model())
    return (
        calibration if (calibration.client_version, calibration.python_version, calibration.cpu_model) == here else None
    )


def cpu_model() -> str:
    """The processor's name, read quickly: this is asked before every run."""
    if sys.platform == "linux" and _CPUINFO.exists():
        lines = _CPUINFO.read_text("utf-8", "replace").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        if names:
            return names[0][:300]
    return (platform.processor() or platform.machine())[:300]
