"""Looks at processes again and again, and what their memory does over the time."""

import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt

import psutil

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a process with its children. `at_s` is of the monotonic clock, `cpu_s` until then."""

    at_s: float
    resident_mib: float
    descriptors: int
    threads: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Slope:
    """How a straight line rises through values, by least squares: in their unit, over that of the places.

    The standard error takes what is beside the line for noise of its own in each look: memory that wanders slowly
    makes it too small.
    """

    rise: float
    error: float


def look(process: psutil.Process) -> Look:
    """Look now. Raises psutil.NoSuchProcess where it ended."""
    looks = [_one(process)]
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            looks.append(_one(child))
    return Look(
        at_s=time.monotonic(),
        resident_mib=sum(one.resident_mib for one in looks),
        descriptors=sum(one.descriptors for one in looks),
        threads=sum(one.threads for one in looks),
        cpu_s=sum(one.cpu_s for one in looks),
    )


def _one(process: psutil.Process) -> Look:
    with process.oneshot():
        times, memory = process.cpu_times(), process.memory_info().rss / MIB
        used_s = times.user + times.system + times.children_user + times.children_system
        return Look(time.monotonic(), memory, process.num_fds(), process.num_threads(), used_s)


def slope_of_memory(looks: Sequence[Look]) -> Slope | None:
    """MiB an hour over the second half."""
    half = second_half(looks)
    return slope([one.at_s / 3_600 for one in half], [one.resident_mib for one in half])


def slope(at: Sequence[float], values: Sequence[float]) -> Slope | None:
    """The line through them; None of fewer than three."""
    if len(at) < 3:
        return None
    line = statistics.linear_regression(at, values)
    mean = statistics.fmean(at)
    beside = sum((value - line.intercept - line.slope * hour) ** 2 for hour, value in zip(at, values, strict=True))
    wide = sum((hour - mean) ** 2 for hour in at)
    return Slope(line.slope, sqrt(beside / (len(at) - 2) / wide))


def second_half(looks: Sequence[Look]) -> Sequence[Look]:
    """Those of the second half of the time: caches are filled by then."""
    middle = (looks[0].at_s + looks[-1].at_s) / 2
    return [one for one in looks if one.at_s >= middle]
