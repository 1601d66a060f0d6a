"""Energy counters that wrap and start anew, and power that is summed."""

import math
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.telemetry.energy import GAP_MAX_S, Counted, Energy, Integrated, Unwrapped

RISES = st.lists(st.integers(min_value=0, max_value=999), max_size=60)
"""Of a counter that wraps behind a thousand."""


@given(start=st.integers(min_value=0, max_value=999), rises=RISES)
def test_a_counter_that_wraps_tells_all_that_was_counted(start: int, rises: list[int]) -> None:
    unwrap = Unwrapped(1_000)
    assert unwrap(start) == 0
    told = [unwrap(total % 1_000) for total in accumulate(rises, initial=start)][1:]
    assert told == list(accumulate(rises))


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=40))
def test_whatever_a_counter_tells_energy_never_falls(raw: list[float]) -> None:
    counted, unwrap = Counted(), Unwrapped(1e9)
    for series in ([counted.add(value) for value in raw], [unwrap(value) for value in raw]):
        told = [value for value in series if value is not None]
        assert told == sorted(told)
        assert all(value >= 0 for value in told)


def test_a_counter_that_starts_anew_tells_nothing_more_until_the_next_start() -> None:
    counted = Counted()
    assert [counted.add(joules) for joules in (500, 530, 4, 900)] == [0, 30, None, None]
    counted.resume()
    assert [counted.add(joules) for joules in (950, 960)] == [30, 40]


def test_a_reading_that_is_missing_is_made_good_by_the_next_one_of_the_counter() -> None:
    counted = Counted()
    assert [counted.add(joules) for joules in (10, None, 25)] == [0, None, 15]


def test_what_a_device_counts_in_a_pause_is_not_the_jobs() -> None:
    counted, integrated = Counted(), Integrated()
    assert [counted.add(100), counted.add(110)] == [0, 10]
    assert [integrated.add(0, 50), integrated.add(1, 50)] == [0, 50]
    counted.resume()
    integrated.resume()
    assert [counted.add(900), counted.add(905)] == [10, 15]
    assert [integrated.add(60, 50), integrated.add(61, 70)] == [50, 110]


@given(
    watts=st.floats(min_value=0, max_value=1_000),
    spans=st.lists(st.floats(min_value=0.01, max_value=GAP_MAX_S - 0.01), min_size=1, max_size=40),
)
def test_steady_power_gives_power_times_time(watts: float, spans: list[float]) -> None:
    integrated = Integrated()
    told = [integrated.add(at_s, watts) for at_s in accumulate(spans, initial=0.0)]
    assert told[-1] is not None
    assert math.isclose(told[-1], watts * sum(spans), rel_tol=1e-9, abs_tol=1e-9)


@given(st.lists(st.floats(min_value=0, max_value=1_000), min_size=2, max_size=40))
def test_energy_lies_between_that_of_the_least_and_of_the_most_power(watts: list[float]) -> None:
    integrated = Integrated()
    told = [integrated.add(at_s, value) for at_s, value in enumerate(watts)]
    span_s = len(watts) - 1
    assert told[-1] is not None
    assert min(watts) * span_s - 1e-6 <= told[-1] <= max(watts) * span_s + 1e-6


def test_power_over_a_gap_that_is_too_long_is_not_guessed() -> None:
    integrated = Integrated()
    assert [integrated.add(0, 100), integrated.add(GAP_MAX_S, 100)] == [0, 100 * GAP_MAX_S]
    assert integrated.add(2 * GAP_MAX_S + 1, 100) is None
    assert integrated.add(2 * GAP_MAX_S + 2, 100) is None


@pytest.mark.parametrize("vanished", ["counted", "integrated"])
def test_a_device_that_vanishes_takes_no_other_with_it(vanished: str) -> None:
    energy = Energy(["counted"], ["integrated"])
    both: dict[str, dict[str, float]] = {"joules": {"counted": 5.0}, "watts": {"integrated": 5.0}}
    assert energy.add(0, **both) == {"counted": 0, "integrated": 0}
    left = {kind: {name: value for name, value in told.items() if name != vanished} for kind, told in both.items()}
    assert set(energy.add(1, **left)) == {"counted", "integrated"} - {vanished}
