"""A series with fewer ticks, for a screen that is some hundred points wide. Pure."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

from obt_core.telemetry import Telemetry, Tick, Track, Value

POINTS_MIN, POINTS_MAX = 2, 10_000


def thinned(series: Telemetry, points: int) -> Telemetry:
    """Return the series with at most so many ticks; one that has no more is returned as it is.

    The first tick stays, and those after it are put together, as many for each point. A point stands at the last of
    its ticks, so that, as in the whole series, it tells of the time since the point before it: the mean of what was
    told (None where nothing was), of a counter of energy the last, of throttling every reason that there was. Sums
    over time and joules between two points are then what they are in the whole series; a peak is flattened.
    """
    if len(series.ticks) <= points:
        return series
    first, rest = series.ticks[0], series.ticks[1:]
    edges = [round(len(rest) * n / (points - 1)) for n in range(points)]
    tracks = [channel.track for channel in series.channels]
    buckets = (rest[begin:end] for begin, end in pairwise(edges))
    return series.model_copy(update={"ticks": (first, *(_point(tracks, bucket) for bucket in buckets))})


def _point(tracks: Sequence[str], bucket: Sequence[Tick]) -> Tick:
    columns = zip(tracks, zip(*(tick.values for tick in bucket), strict=True), strict=True)
    return Tick.model_construct(at_ms=bucket[-1].at_ms, values=tuple(_value(track, told) for track, told in columns))


def _value(track: str, values: Sequence[Value]) -> Value:
    told = [value for value in values if value is not None]
    if not told:
        return None
    if track == Track.ENERGY:
        return told[-1]
    if track == Track.THROTTLE:
        return float(reduce(lambda bits, value: bits | int(value), told, 0))
    return sum(told) / len(told)
