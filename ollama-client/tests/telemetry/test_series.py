"""The series of a job: its channels, its ticks, and the batches that it goes in."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from obt_client.telemetry.series import Series, channels_of
from obt_client.telemetry.source import Offer
from obt_core.telemetry import CHANNELS_MAX, Channel, EnergySource, Telemetry, Track, appended

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHANNELS = (Channel(track=Track.CPU), Channel(track=Track.POWER, device="gpu0"))


def a_series(ticks: int) -> Series:
    series = Series(CHANNELS, NOW, start_s=100.0)
    for number in range(ticks):
        series.add(100.0 + number, {(Track.CPU, None): float(number)})
    return series


def test_who_tells_power_has_energy_and_who_counts_energy_has_power() -> None:
    found = channels_of([Offer(((Track.CPU, None), (Track.POWER, "gpu0"))), Offer(counts_energy=("cpu",))])
    assert [(channel.track, channel.device, channel.source) for channel in found] == [
        ("cpu_percent", None, None),
        ("power_w", "gpu0", None),
        ("energy_j", "gpu0", EnergySource.INTEGRATED),
        ("power_w", "cpu", None),
        ("energy_j", "cpu", EnergySource.COUNTER),
    ]


def test_a_device_that_tells_both_is_counted_once() -> None:
    found = channels_of([Offer(((Track.POWER, "gpu0"),), counts_energy=("gpu0",))])
    assert [channel.source for channel in found] == [None, EnergySource.COUNTER]


def test_a_machine_with_very_many_gpus_has_as_many_channels_as_a_series_may() -> None:
    keys = tuple((track, f"gpu{number}") for number in range(64) for track in Track)
    assert len(channels_of([Offer(keys)])) == CHANNELS_MAX


def test_ticks_come_back_as_they_were_and_what_was_not_told_is_none() -> None:
    series = Series(CHANNELS, NOW, start_s=100.0)
    series.add(100.5, {(Track.CPU, None): 12.3456, (Track.POWER, "gpu0"): 99.98765, (Track.ENERGY, "gpu7"): 1.0})
    series.add(101.75, {(Track.POWER, "gpu0"): 0.0})
    told = series.telemetry()
    assert [(tick.at_ms, tick.values) for tick in told.ticks] == [(500.0, (12.3, 99.99)), (1750.0, (None, 0.0))]
    assert (told.channels, told.started_at) == (CHANNELS, NOW)


def test_counts_are_stored_whole() -> None:
    channels = (Channel(track=Track.VRAM_USED, device="gpu0"), Channel(track=Track.THROTTLE, device="gpu0"))
    series = Series(channels, NOW, 0.0)
    series.add(0.0, {(Track.VRAM_USED, "gpu0"): 85_899_345_920.0, (Track.THROTTLE, "gpu0"): 3.0})
    assert series.telemetry().ticks[0].values == (85_899_345_920.0, 3.0)
    assert Telemetry.model_validate_json(series.telemetry().model_dump_json()) == series.telemetry()


@given(ticks=st.integers(0, 40), most=st.integers(1, 9), repeats=st.booleans())
def test_batches_put_together_are_the_series(ticks: int, most: int, repeats: bool) -> None:
    series, stored = a_series(ticks), None
    for first in range(0, ticks, most):
        for _ in range(1 + repeats):
            stored = appended(stored, series.batch(first, most))
    assert (stored.ticks if stored else ()) == series.telemetry().ticks
