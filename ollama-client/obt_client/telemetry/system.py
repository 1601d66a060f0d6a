"""Processors, memory and swap of the whole machine, through psutil."""

import os

import psutil

from obt_client.telemetry.source import Measure, Offer
from obt_core.telemetry import Track

_BUSY = ("user", "nice", "system", "irq", "softirq", "steal")
"""Guests are in `user` on Linux, interrupts in `system` on Windows. Stolen time is work of others on this processor."""


def busy_s() -> float:
    """Seconds that cores were busy since the machine started, all together."""
    times = psutil.cpu_times()
    return sum(float(getattr(times, name, 0.0)) for name in _BUSY)


def cores() -> int:
    """Logical cores, those that others may use included."""
    return psutil.cpu_count() or os.cpu_count() or 1


class SystemSource:
    """psutil's own percentages keep one state for all who ask, so that they are counted here.

    Swapping: of macOS only what is written, since its page-ins are files as well, a model that is loaded among them.
    Windows tells neither.
    """

    name = "system"

    def __init__(self, system: str) -> None:
        self._system = system
        self._cores = 1

    def open(self) -> Offer:
        """See how many cores there are."""
        self._cores = cores()
        swapped = () if self._system == "Windows" else ((Track.SWAPPED, None),)
        return Offer(((Track.CPU, None), (Track.MEMORY_USED, None), *swapped))

    def read(self) -> Measure:
        """Tell how busy the machine is. Memory is used where it is not available to programs: caches are."""
        measure = Measure()
        measure.counters[Track.CPU, None] = 100 * busy_s() / self._cores
        memory = psutil.virtual_memory()
        measure.gauges[Track.MEMORY_USED, None] = float(memory.total - memory.available)
        if self._system != "Windows":
            swap = psutil.swap_memory()
            read = 0 if self._system == "Darwin" else swap.sin
            measure.counters[Track.SWAPPED, None] = float(read + swap.sout)
        return measure

    def close(self) -> None:
        """Nothing is held."""
