"""Ticks and series: what is stored is what is read, and a thinned series tells the same story."""

import json
import math
import zlib
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.tests import builders
from obt_core.telemetry import Channel, Telemetry, Throttle, Tick, Track
from obt_server.results.packing import pack_ticks, unpack_ticks
from obt_server.results.thinning import thinned

_values = st.none() | st.floats(-1e18, 1e18)


@st.composite
def _ticks(draw: st.DrawFn, channels: int | None = None, ticks_max: int = 30) -> tuple[Tick, ...]:
    count = draw(st.integers(0, 4)) if channels is None else channels
    moments = sorted(draw(st.lists(st.floats(0, 1e12), max_size=ticks_max)))
    row = st.lists(_values, min_size=count, max_size=count)
    return tuple(Tick(at_ms=at_ms, values=tuple(draw(row))) for at_ms in moments)


@given(_ticks(), st.lists(st.integers(0, 30), max_size=4))
def test_ticks_are_read_as_they_were_written_in_however_many_parts(ticks: tuple[Tick, ...], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(ticks)]
    parts = [pack_ticks(ticks[begin:end]) for begin, end in pairwise(edges)]
    assert unpack_ticks(b"".join(parts)) == ticks


def test_an_hour_of_a_machine_takes_a_quarter_less_than_plain_compressed_json() -> None:
    """Twenty channels that move as those of a machine do: slowly, with some noise in the last digits."""
    series = an_hour()
    plain = zlib.compress(series.model_dump_json().encode())
    assert len(pack_ticks(series.ticks)) < 0.8 * len(plain)


def an_hour() -> Telemetry:
    def at(second: int, channel: int) -> float:
        noise = math.sin(second * (channel + 1) * 12.9898) * 43_758.5453 % 1
        return round(50 + 30 * math.sin(second / (60 + 7 * channel)) + noise, 1)

    ticks = (Tick(at_ms=1_000 * n + n % 3, values=tuple(at(n, channel) for channel in range(20))) for n in range(3_600))
    channels = tuple(Channel(track=Track.CPU, device=f"cpu{n}") for n in range(20))
    return Telemetry(started_at=builders.MOMENT, channels=channels, ticks=tuple(ticks))


def a_series(*tracks: Track, rows: list[tuple[float | None, ...]]) -> Telemetry:
    return Telemetry(
        started_at=builders.MOMENT,
        channels=tuple(Channel(track=track) for track in tracks),
        ticks=tuple(Tick(at_ms=1_000 * n, values=row) for n, row in enumerate(rows)),
    )


def test_a_point_is_a_mean_of_an_energy_the_last_and_of_throttling_every_reason() -> None:
    both = Throttle.THERMAL | Throttle.POWER_CAP
    series = a_series(
        Track.CPU,
        Track.ENERGY,
        Track.THROTTLE,
        rows=[(5, 0, 0), (10, 7, Throttle.THERMAL), (20, 9, 0), (None, 12, Throttle.POWER_CAP), (30, None, 0)],
    )
    first, second, third = thinned(series, 3).ticks
    assert (first.at_ms, first.values) == (0, (5, 0, 0))
    assert (second.at_ms, second.values) == (2_000, (15, 9, Throttle.THERMAL))
    assert (third.at_ms, third.values) == (4_000, (30, 12, Throttle.POWER_CAP))
    assert thinned(series, 2).ticks[1].values == (20, 12, both)


def test_what_was_never_told_stays_untold() -> None:
    series = a_series(Track.CPU, rows=[(None,)] * 9)
    assert {tick.values for tick in thinned(series, 4).ticks} == {(None,)}


@given(_ticks(channels=2, ticks_max=60), st.integers(2, 20))
def test_a_thinned_series_is_short_and_spans_what_the_whole_one_spans(ticks: tuple[Tick, ...], points: int) -> None:
    channels = (Channel(track=Track.CPU), Channel(track=Track.ENERGY))
    series = Telemetry(started_at=builders.MOMENT, channels=channels, ticks=ticks)
    short = thinned(series, points)
    assert len(short.ticks) == min(points, len(ticks))
    assert Telemetry.model_validate_json(short.model_dump_json()) == short
    if ticks:
        assert (short.ticks[0], short.ticks[-1].at_ms) == (ticks[0], ticks[-1].at_ms)
    told = [value for tick in ticks if (value := tick.values[0]) is not None]
    rounding = 1e-9 * max(map(abs, told), default=0)
    means = [value for tick in short.ticks if (value := tick.values[0]) is not None]
    assert all(min(told) - rounding <= mean <= max(told) + rounding for mean in means)
    assert bool(means) is bool(told)


def test_a_series_that_is_short_enough_is_left_alone() -> None:
    series = builders.a_series(5)
    assert thinned(series, 5) is series
    assert json.loads(thinned(series, 2).model_dump_json())["ticks"][1]["values"][2] == 4 * builders.POWER_W
