"""Joules from a job's telemetry. Pure functions.

A counter's difference over a burst of requests, or the power read at each tick summed over time (trapezoids), which the
client does and marks; both are in `energy_j`. Between two ticks power is taken as constant, so that the edges of a
burst cost at most a tick's energy: bursts of together less than `SPAN_MIN_S` tell nothing.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from obt_core.results import EndReason, EnergyUse, Sample
from obt_core.statistics.throughput import bursts_of
from obt_core.telemetry import Channel, EnergySource, Telemetry, Track

SPAN_MIN_S = 5.0
"""At a tick a second the two edges of one burst are then known to about a fifth of a tick each, or 4 percent."""
_SLACK_MS = 2_000.0
"""How far outside of the ticks a moment may lie: the last tick comes a little before or after the last byte."""


def energy_use(taken: Sequence[Sample], telemetry: Telemetry, idle_power_w: float | None) -> EnergyUse | None:
    """Joules per generated token of one workload's samples, all bursts together.

    `idle_power_w` is what the same devices took before the job. None where no device told its energy over all bursts,
    where they are too short, or where nothing was generated.
    """
    bursts = bursts_of(taken)
    span_s = sum((end - begin).total_seconds() for begin, end in bursts)
    tokens = sum(s.generated_tokens or 0 for s in taken if s.end in {EndReason.LENGTH, EndReason.STOP})
    told = _told(telemetry, bursts)
    if span_s < SPAN_MIN_S or not tokens or not told:
        return None
    joules = sum(of_device for _, of_device in told)
    above_idle = None if idle_power_w is None else max(0.0, joules - idle_power_w * span_s) / tokens
    return EnergyUse(
        j_per_token=joules / tokens,
        above_idle_j_per_token=above_idle,
        power_w=joules / span_s,
        source=_source([channel for channel, _ in told]),
        devices=tuple(channel.device or "machine" for channel, _ in told),
    )


def _told(telemetry: Telemetry, bursts: Sequence[tuple[datetime, datetime]]) -> list[tuple[Channel, float]]:
    """Each device that told its energy over all bursts, with its joules."""
    told: list[tuple[Channel, float]] = []
    for index, channel in enumerate(telemetry.channels):
        if channel.track == Track.ENERGY:
            joules = [joules_between(telemetry, index, begin, end) for begin, end in bursts]
            if joules and None not in joules:
                told.append((channel, sum(one or 0.0 for one in joules)))
    return told


def _source(channels: Sequence[Channel]) -> EnergySource:
    """Counted only where all of it was counted."""
    counted = all(channel.source == EnergySource.COUNTER for channel in channels)
    return EnergySource.COUNTER if counted else EnergySource.INTEGRATED


def joules_between(telemetry: Telemetry, channel: int, begin: datetime, end: datetime) -> float | None:
    """Joules that the channel (its index) counted between two moments; None where its ticks do not cover them."""
    points = [(tick.at_ms, value) for tick in telemetry.ticks if (value := tick.values[channel]) is not None]
    at_begin, at_end = (_at(points, (moment - telemetry.started_at).total_seconds() * 1e3) for moment in (begin, end))
    return None if at_begin is None or at_end is None else max(0.0, at_end - at_begin)


def _at(points: Sequence[tuple[float, float]], at_ms: float) -> float | None:
    """The counter at a moment, on the line between the two ticks around it, or that of the last two near it."""
    if len(points) < 2 or not points[0][0] - _SLACK_MS <= at_ms <= points[-1][0] + _SLACK_MS:
        return None
    after = min(max(bisect_right(points, at_ms, key=lambda point: point[0]), 1), len(points) - 1)
    (first_ms, first), (second_ms, second) = points[after - 1], points[after]
    if second_ms <= first_ms:
        return second
    return first + (second - first) * (at_ms - first_ms) / (second_ms - first_ms)
