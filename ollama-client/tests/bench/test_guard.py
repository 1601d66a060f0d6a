"""Whether the machine was quiet while a sample was timed, by its readings."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.bench.guard import Thresholds, disturbances, idle_power_w
from obt_client.telemetry.sampler import Reading
from obt_client.telemetry.source import Key
from obt_core.results import Flag
from obt_core.telemetry import Channel, EnergySource, Telemetry, Throttle, Tick, Track

LIMITS = Thresholds(cpu_percent=10, gpu_percent=10, swapped_bytes_per_s=2**20)


def at(second: float, device: str | None = None, **told: float) -> Reading:
    """A reading of the second before it, by the names of `Track`."""
    values: dict[Key, float] = {(Track[name], device): value for name, value in told.items()}
    return Reading(at_s=second, previous_s=second - 1, at=datetime.now(UTC), told=values)


@pytest.mark.parametrize(
    ("reading", "flags"),
    [
        (at(1), set[Flag]()),
        (at(1, FOREIGN_CPU=9.9, FOREIGN_UTILIZATION=9.9, SWAPPED=2**20, THROTTLE=0), set[Flag]()),
        (at(1, FOREIGN_CPU=10.1), {Flag.FOREIGN_CPU_LOAD}),
        (at(1, "gpu1", FOREIGN_UTILIZATION=30), {Flag.FOREIGN_GPU_LOAD}),
        (at(1, SWAPPED=2**21), {Flag.MEMORY_SWAPPED}),
        (at(1, "gpu0", THROTTLE=Throttle.THERMAL | Throttle.POWER_CAP), {Flag.THERMAL_THROTTLING}),
        (at(1, "gpu0", THROTTLE=Throttle.POWER_BRAKE), {Flag.POWER_BRAKE}),
        (at(1, "gpu0", THROTTLE=Throttle.POWER_CAP | Throttle.OTHER), set[Flag]()),
    ],
)
def test_what_disturbs(reading: Reading, flags: set[Flag]) -> None:
    assert disturbances([reading], 0.2, 0.9, LIMITS) == flags


def test_a_reading_counts_by_how_much_of_the_sample_it_speaks_of() -> None:
    busy_then_quiet = [at(1, FOREIGN_CPU=50), at(2, FOREIGN_CPU=0), at(3, FOREIGN_CPU=0)]
    assert disturbances(busy_then_quiet, 0.9, 3, LIMITS) == set()
    assert disturbances(busy_then_quiet, 0.2, 2, LIMITS) == {Flag.FOREIGN_CPU_LOAD}


def test_of_several_gpus_the_busiest_counts() -> None:
    told: dict[Key, float] = {(Track.FOREIGN_UTILIZATION, "gpu0"): 0.0, (Track.FOREIGN_UTILIZATION, "gpu1"): 80.0}
    both = Reading(at_s=1, previous_s=0, at=datetime.now(UTC), told=told)
    assert disturbances([both], 0, 1, LIMITS) == {Flag.FOREIGN_GPU_LOAD}


@given(st.lists(st.floats(0, 100), max_size=8), st.floats(0, 4), st.floats(0.001, 6))
def test_below_the_limit_nothing_disturbs_and_above_it_everything_does(
    percents: list[float], begin_s: float, long_s: float
) -> None:
    readings = [at(second, FOREIGN_CPU=value) for second, value in enumerate(percents, 1)]
    overlapping = [one for one in readings if one.overlaps(begin_s, begin_s + long_s)]
    found = disturbances(overlapping, begin_s, begin_s + long_s, LIMITS)
    values = [one.value(Track.FOREIGN_CPU) or 0.0 for one in overlapping]
    assert not found or max(values) > 10
    assert found or not values or min(values) <= 10


def test_the_power_of_an_idle_machine_is_of_all_devices_together() -> None:
    channels = tuple(Channel(track=Track.ENERGY, device=name, source=EnergySource.COUNTER) for name in ("gpu0", "cpu"))

    def series(*ticks: tuple[float, tuple[float | None, ...]]) -> Telemetry:
        told = tuple(Tick(at_ms=at_ms, values=values) for at_ms, values in ticks)
        return Telemetry(started_at=datetime.now(UTC), channels=channels, ticks=told)

    assert idle_power_w(series((0, (0, 0)), (500, (10, 2.5)))) == 25
    assert idle_power_w(series((0, (0, 0)), (500, (10, None)))) == 20
    assert idle_power_w(series((0, (0, 0)), (100, (10, 2.5)))) is None
    assert idle_power_w(series()) is None
