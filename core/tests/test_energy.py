"""Joules a token from telemetry: by a closed form, from counters that are sampled each second."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tests.traces import MOMENT, a_sample
from obt_core.results import EndReason, Sample
from obt_core.statistics import summarize
from obt_core.statistics.energy import energy_use
from obt_core.telemetry import Channel, EnergySource, Telemetry, Tick, Track

_numbers = count(1)
GPU = Channel(track=Track.ENERGY, device="gpu0", source=EnergySource.COUNTER)
CPU = Channel(track=Track.ENERGY, device="cpu", source=EnergySource.INTEGRATED)


def at(begin_s: float, seconds: float = 10.0, tokens: int = 100, block: int = 1) -> Sample:
    begun = MOMENT + timedelta(seconds=begin_s)
    times = {"e2e_ms": 1e3 * seconds, "generated_tokens": tokens, "block": block}
    return a_sample(next(_numbers), started_at=begun, **times)


def series(*joules_at: Callable[[float], float | None], seconds: int = 60, channels: tuple[Channel, ...] = (GPU,)):
    ticks = tuple(Tick(at_ms=1e3 * s, values=tuple(joules(s) for joules in joules_at)) for s in range(seconds + 1))
    return Telemetry(started_at=MOMENT, channels=channels, ticks=ticks)


def test_a_steady_device_takes_its_power_times_the_time() -> None:
    found = energy_use([at(5.3), at(15.3)], series(lambda s: 150.0 * s), idle_power_w=50.0)
    assert found
    assert found.j_per_token == pytest.approx(150 * 20 / 200)
    assert found.above_idle_j_per_token == pytest.approx(100 * 20 / 200)
    assert (found.power_w, found.source, found.devices) == (pytest.approx(150), EnergySource.COUNTER, ("gpu0",))


def test_streams_at_the_same_time_share_the_energy() -> None:
    one = energy_use([at(0)], series(lambda s: 10.0 * s), None)
    four = energy_use([at(0) for _ in range(4)], series(lambda s: 10.0 * s), None)
    assert one
    assert four
    assert four.j_per_token == pytest.approx(one.j_per_token / 4)
    assert one.above_idle_j_per_token is None


def test_pauses_between_bursts_do_not_count() -> None:
    found = energy_use([at(0, block=1), at(40, block=2)], series(lambda s: 200.0 * s), None)
    assert found
    assert found.j_per_token == pytest.approx(200 * 20 / 200)


def test_several_devices_are_added_and_named_and_one_integrated_makes_all_integrated() -> None:
    both = series(lambda s: 100.0 * s, lambda s: 40.0 * s, channels=(GPU, CPU))
    found = energy_use([at(0)], both, None)
    assert found
    assert (found.devices, found.source) == (("gpu0", "cpu"), EnergySource.INTEGRATED)
    assert found.power_w == pytest.approx(140)


def test_a_device_that_was_lost_in_mid_job_is_left_out() -> None:
    both = series(lambda s: 100.0 * s, lambda s: 40.0 * s if s < 5 else None, channels=(GPU, CPU))
    found = energy_use([at(0), at(20, block=2)], both, None)
    assert found
    assert found.devices == ("gpu0",)


def test_what_is_too_short_or_not_covered_or_made_nothing_tells_nothing() -> None:
    steady = series(lambda s: 100.0 * s)
    assert energy_use([at(0, seconds=3)], steady, None) is None
    assert energy_use([at(58)], steady, None) is None
    assert energy_use([at(0, tokens=0)], steady, None) is None
    assert energy_use([at(0)], series(lambda s: None), None) is None
    assert energy_use([], steady, None) is None
    failed = at(0).model_copy(update={"end": EndReason.ERROR})
    assert energy_use([failed], steady, None) is None


@given(st.lists(st.floats(0, 500), min_size=61, max_size=61), st.floats(0, 40), st.floats(5, 15))
def test_it_is_never_negative_nor_more_than_the_series_holds(
    powers: list[float], begin_s: float, long_s: float
) -> None:
    joules = [sum(powers[:second]) for second in range(61)]
    found = energy_use([at(begin_s, long_s)], series(lambda s: joules[int(s)]), idle_power_w=600.0)
    assert found
    assert -1e-6 <= found.j_per_token * 100 <= joules[-1] + 1e-6
    assert found.above_idle_j_per_token == 0


def test_a_summary_tells_the_energy_of_each_workload() -> None:
    (told,) = summarize([at(0)], telemetry=series(lambda s: 100.0 * s), idle_power_w=20.0).workloads
    (untold,) = summarize([at(0)]).workloads
    assert told.energy
    assert told.energy.j_per_token == pytest.approx(10)
    assert untold.energy is None
