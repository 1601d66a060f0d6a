"""OBT measured against known times: the figures that come out, and how long they are kept for."""

import math
import platform
from pathlib import Path

import pytest

from obt_client.bench import calibration
from obt_client.bench.calibrate import calibrate
from obt_client.bench.calibration import (
    TABLE_HEADER,
    CalibratedLevel,
    Calibration,
    keep,
    kept,
    own_error_at,
    table_rows,
)
from obt_client.bench.clocks import BEST_CLOCK
from obt_core.environment import OwnError


@pytest.fixture(scope="module")
def made() -> Calibration:
    levels = tuple(
        CalibratedLevel(
            streams=streams,
            ttft_p50_us=streams,
            ttft_p99_us=2,
            gap_p50_us=3,
            gap_p99_us=4,
            clock=BEST_CLOCK,
            measured_at="2026-01-01T00:00:00Z",  # pyright: ignore[reportArgumentType]
            requests=1,
            flagged=0,
            ttft_max_us=2,
            gap_max_us=5,
            lateness_p50_ms=0.1,
            merged_share=0,
            delivered_of_ideal=1,
            cpu_s_per_1000_tokens=0.02,
        )
        for streams in (1, 8, 32)
    )
    return calibration.of_this_client(levels, levels[0].measured_at)


async def test_it_measures_each_level_against_the_truth_and_tells_how_far_it_is() -> None:
    told = list[tuple[int, int, int]]()

    def progress(level: int, done: int, of: int) -> None:
        told.append((level, done, of))

    result = await calibrate((2, 1), 0.1, progress)
    assert [level.streams for level in result.levels] == [1, 2]
    for level in result.levels:
        errors = (level.ttft_p50_us, level.ttft_p99_us, level.ttft_max_us)
        assert list(errors) == sorted(errors)
        gaps = (level.gap_p50_us, level.gap_p99_us, level.gap_max_us)
        assert list(gaps) == sorted(gaps)
        # The first token cannot be seen before it was written, so the way there and back is never free.
        assert level.ttft_p50_us > 0
        assert level.cpu_s_per_1000_tokens > 0
        assert level.lateness_p99_ms is not None
        assert level.lateness_p99_ms >= level.lateness_p50_ms
        assert level.standin_late_p99_ms is not None
        assert math.isfinite(level.delivered_of_ideal)
        assert level.clock is BEST_CLOCK
    assert told == [(1, 1, 1), (2, 1, 2), (2, 2, 2)]
    assert [level.requests for level in result.levels] == [1, 2]


@pytest.mark.parametrize(("streams", "level"), [(1, 1), (2, 8), (8, 8), (9, 32), (500, 32)])
def test_the_error_of_a_result_is_that_of_the_level_at_or_above(made: Calibration, streams: int, level: int) -> None:
    error = own_error_at(made, streams)
    assert (type(error), error.streams, error.ttft_p50_us) == (OwnError, level, level)


def test_a_calibration_is_kept_as_it_is(made: Calibration, tmp_path: Path) -> None:
    keep(made, tmp_path / "new")
    assert kept(tmp_path / "new") == made


@pytest.mark.parametrize("made_by", ["client_version", "python_version", "cpu_model"])
def test_one_made_by_something_else_counts_for_nothing(made: Calibration, tmp_path: Path, made_by: str) -> None:
    keep(made.model_copy(update={made_by: "another"}), tmp_path)
    assert kept(tmp_path) is None


@pytest.mark.parametrize("text", [None, "{", '{"levels": []}'])
def test_one_that_is_not_there_or_damaged_counts_for_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "calibration.json").write_text(text)
    assert kept(tmp_path) is None


def test_it_is_of_this_python_and_processor(made: Calibration) -> None:
    assert (made.python_version, made.cpu_model) == (platform.python_version(), calibration.cpu_model())
    assert made.cpu_model


def test_a_table_has_a_row_of_text_for_each_level(made: Calibration) -> None:
    rows = table_rows(made)
    assert [row[0] for row in rows] == ["1", "8", "32"]
    assert all(len(row) == len(TABLE_HEADER) for row in rows)
    assert rows[0] == ("1", "1.0", "2.0", "3.0", "4.0", "5.0", "-", "100.0%", "0.020")
