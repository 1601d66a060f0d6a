"""A job's telemetry on the wire: it is whole, and grows by batches that may come twice or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.tests.traces import MOMENT
from obt_core.telemetry import BATCH_TICKS_MAX, Channel, Telemetry, TelemetryBatch, Tick, Track, appended

CPU = Channel(track=Track.CPU)


def a_series(*values: float | None, first: int = 0, **fields: Any) -> Telemetry:
    ticks = tuple(Tick(at_ms=1_000.0 * (first + index), values=(value,)) for index, value in enumerate(values))
    told: dict[str, Any] = {"started_at": MOMENT, "channels": (CPU,), "ticks": ticks, **fields}
    return Telemetry(**told)


def a_batch(first: int, count: int) -> TelemetryBatch:
    return TelemetryBatch(first=first, telemetry=a_series(*map(float, range(first, first + count)), first=first))


def test_a_tick_has_a_value_for_every_channel() -> None:
    with pytest.raises(ValidationError, match="as many values as there are channels"):
        a_series(1.0, channels=(CPU, CPU))


def test_ticks_are_in_the_order_of_their_time() -> None:
    ticks = (Tick(at_ms=1, values=(0,)), Tick(at_ms=0.5, values=(0,)))
    with pytest.raises(ValidationError, match="order of their time"):
        a_series(ticks=ticks)


def test_a_batch_is_bounded() -> None:
    with pytest.raises(ValidationError, match="more than 600 ticks"):
        a_batch(0, BATCH_TICKS_MAX + 1)


def test_a_track_of_a_newer_client_is_kept() -> None:
    told = Channel.model_validate_json('{"track": "noise_db", "device": "fan0"}')
    assert (told.track, told.device) == ("noise_db", "fan0")


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8)), max_size=12))
def test_whatever_comes_twice_or_not_at_all_the_series_is_the_first_ticks_in_order(sent: list[tuple[int, int]]) -> None:
    stored, expected = None, 0
    for first, count in sent:
        stored = appended(stored, a_batch(first, count))
        expected = max(expected, first + count) if first <= expected else expected
        ticks = stored.ticks if stored else ()
        assert [tick.values[0] for tick in ticks] == [float(number) for number in range(expected)]


def test_ticks_of_another_series_change_nothing() -> None:
    stored = appended(None, a_batch(0, 3))
    other = TelemetryBatch(first=3, telemetry=a_series(9.0, first=3, channels=(Channel(track=Track.POWER),)))
    assert appended(stored, other) == stored
    earlier = TelemetryBatch(first=3, telemetry=a_series(9.0, first=0))
    assert appended(stored, earlier) == stored
