"""From what was told at two moments to values."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from obt_client.telemetry.reading import Reading, told_of
from obt_client.telemetry.source import Key, Measure
from obt_core.telemetry import Track

SIDES = (Track.CPU, Track.OLLAMA_CPU, Track.CLIENT_CPU)
VALUES = st.floats(min_value=0, max_value=1e12)
COUNTERS = st.dictionaries(st.sampled_from([*((track, None) for track in SIDES), (Track.SWAPPED, None)]), VALUES)


def measure(at_s: float, **percents: float) -> Measure:
    """Counters of the machine's three sides, in percent seconds of all cores."""
    return Measure(at_s, counters={(f"{name}_percent", None): value for name, value in percents.items()})


def test_the_foreign_share_is_what_neither_ollama_nor_the_client_used() -> None:
    before = measure(10, cpu=1_000, ollama_cpu=500, client_cpu=7)
    told = told_of(before, measure(12, cpu=1_180, ollama_cpu=620, client_cpu=11), {})
    assert [told[track, None] for track in SIDES] == [90, 60, 2]
    assert told[Track.FOREIGN_CPU, None] == 28


def test_the_foreign_share_is_never_below_nothing() -> None:
    before = measure(0, cpu=0, ollama_cpu=0, client_cpu=0)
    assert told_of(before, measure(1, cpu=50, ollama_cpu=51, client_cpu=3), {})[Track.FOREIGN_CPU, None] == 0


def test_nothing_is_foreign_where_ollamas_processes_are_not_known() -> None:
    told = told_of(measure(0, cpu=0, client_cpu=0), measure(1, cpu=90, client_cpu=1), {})
    assert told[Track.CPU, None] == 90
    assert (Track.FOREIGN_CPU, None) not in told


def test_the_first_reading_has_values_but_nothing_per_second() -> None:
    first = Measure(5, {(Track.TEMPERATURE, "gpu0"): 61.0}, {(Track.CPU, None): 900.0}, {"cpu": 12.0})
    assert told_of(None, first, {"cpu": 0.0}) == {(Track.TEMPERATURE, "gpu0"): 61.0, (Track.ENERGY, "cpu"): 0.0}


def test_a_device_that_only_counts_joules_has_power_and_one_that_tells_it_keeps_its_own() -> None:
    before = Measure(0, joules={"cpu": 100.0, "gpu0": 0.0})
    now = Measure(2, {(Track.POWER, "gpu0"): 250.0}, joules={"cpu": 190.0, "gpu0": 600.0})
    told = told_of(before, now, {})
    assert (told[Track.POWER, "cpu"], told[Track.POWER, "gpu0"]) == (45, 250)


@given(before=COUNTERS, now=COUNTERS, span_s=st.floats(min_value=0.01, max_value=1e6))
def test_counters_that_vanish_or_start_anew_tell_nothing_rather_than_nonsense(
    before: dict[Key, float], now: dict[Key, float], span_s: float
) -> None:
    told = told_of(Measure(0, counters=before), Measure(span_s, counters=now), {})
    assert all(value >= 0 for value in told.values())
    assert all(value <= 100 for (track, _), value in told.items() if track.endswith("percent"))
    for key in before.keys() & now.keys():
        assert (key in told) == (now[key] >= before[key])
    assert not told.keys() - before.keys() & now.keys() - {(Track.FOREIGN_CPU, None)}


def test_a_reading_tells_of_one_device_and_of_all() -> None:
    told: dict[Key, float] = {(Track.POWER, "gpu0"): 1.0, (Track.POWER, "gpu1"): 2.0, (Track.CPU, None): 3.0}
    reading = Reading(2, 1, datetime.now(UTC), told)
    assert (reading.value(Track.CPU), reading.value(Track.POWER), reading.value(Track.POWER, "gpu1")) == (3, None, 2)
    assert reading.values(Track.POWER) == {"gpu0": 1, "gpu1": 2}
    assert reading.values(Track.CPU) == {None: 3}


def test_a_reading_speaks_of_the_time_since_the_one_before_it() -> None:
    reading = Reading(2, 1, datetime.now(UTC))
    assert [reading.overlaps(0, 0.9), reading.overlaps(0, 1.5), reading.overlaps(1.2, 1.3)] == [False, True, True]
    assert [reading.overlaps(1.9, 9), reading.overlaps(2.1, 9)] == [True, False]
