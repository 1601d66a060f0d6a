"""Questions to NVIDIA's library about one GPU. Each may fail by itself: None is then the answer."""

from collections.abc import Callable, Iterable
from typing import Any

import pynvml as _pynvml  # pyright: ignore[reportMissingTypeStubs]

from obt_client.hardware import nvidia as driver
from obt_client.hardware.facts import number
from obt_core.telemetry import Throttle, Track

Handle = Any
Question = Callable[[Handle], float | None]
_MILLI = 1e-3
_BYTES_A_KILOBYTE = 1_000
_MICROSECONDS = 1e6

_REASONS = {
    "nvmlClocksEventReasonSwThermalSlowdown": Throttle.THERMAL,
    "nvmlClocksEventReasonHwThermalSlowdown": Throttle.THERMAL,
    "nvmlClocksEventReasonSwPowerCap": Throttle.POWER_CAP,
    "nvmlClocksEventReasonHwPowerBrakeSlowdown": Throttle.POWER_BRAKE,
    "nvmlClocksEventReasonSyncBoost": Throttle.OTHER,
}
"""Idle, clocks that somebody set and those of a display are no throttling: the GPU does what it was told."""


def ask(question: str, *arguments: Any) -> Any:
    """Return the driver's answer, None where it has none; an older driver lacks functions."""
    try:
        return getattr(driver.nvml, question)(*arguments)
    except _pynvml.NVMLError:
        return None


def bits_of(reasons: int) -> Throttle:
    """Return what NVML's reasons for its clocks mean; a slowdown by the hardware without a cause is `OTHER`."""
    bits = Throttle(0)
    for name, bit in _REASONS.items():
        if reasons & getattr(_pynvml, name):
            bits |= bit
    is_slowed = bool(reasons & _pynvml.nvmlClocksEventReasonHwSlowdown)
    is_explained = bool(bits & (Throttle.THERMAL | Throttle.POWER_BRAKE))
    return bits | Throttle.OTHER if is_slowed and not is_explained else bits


def _scaled(scale: float, *questions: tuple[Any, ...]) -> Question:
    """The first of several questions that is answered, times so much."""

    def told(handle: Handle) -> float | None:
        for question, *arguments in questions:
            if (value := number(ask(question, handle, *arguments), most=1e18)) is not None:
                return value * scale
        return None

    return told


def _utilization(handle: Handle) -> float | None:
    return number(getattr(ask("nvmlDeviceGetUtilizationRates", handle), "gpu", None), most=100)


def _memory_used(handle: Handle) -> float | None:
    """The second version of the question leaves out what the driver keeps for itself."""
    told = ask("nvmlDeviceGetMemoryInfo", handle, _pynvml.nvmlMemory_v2) or ask("nvmlDeviceGetMemoryInfo", handle)
    return number(getattr(told, "used", None), most=1e18)


def _throttle(handle: Handle) -> float | None:
    """Older drivers know the question by its older name."""
    reasons = ask("nvmlDeviceGetCurrentClocksEventReasons", handle)
    reasons = ask("nvmlDeviceGetCurrentClocksThrottleReasons", handle) if reasons is None else reasons
    return float(bits_of(int(reasons))) if reasons is not None else None


joules: Question = _scaled(_MILLI, ("nvmlDeviceGetTotalEnergyConsumption",))
"""Since the driver was loaded; Volta and later."""

QUESTIONS: dict[str, Question] = {
    Track.UTILIZATION: _utilization,
    Track.VRAM_USED: _memory_used,
    Track.POWER: _scaled(_MILLI, ("nvmlDeviceGetPowerUsage",)),
    Track.POWER_LIMIT: _scaled(_MILLI, ("nvmlDeviceGetEnforcedPowerLimit",), ("nvmlDeviceGetPowerManagementLimit",)),
    Track.TEMPERATURE: _scaled(
        1,
        ("nvmlDeviceGetTemperature", _pynvml.NVML_TEMPERATURE_GPU),
        ("nvmlDeviceGetTemperatureV", _pynvml.NVML_TEMPERATURE_GPU),
    ),
    Track.CLOCK: _scaled(1, ("nvmlDeviceGetClockInfo", _pynvml.NVML_CLOCK_SM)),
    Track.MEMORY_CLOCK: _scaled(1, ("nvmlDeviceGetClockInfo", _pynvml.NVML_CLOCK_MEM)),
    Track.THROTTLE: _throttle,
}
TRAFFIC: dict[str, Question] = {
    Track.PCIE_RECEIVED: _scaled(_BYTES_A_KILOBYTE, ("nvmlDeviceGetPcieThroughput", _pynvml.NVML_PCIE_UTIL_RX_BYTES)),
    Track.PCIE_SENT: _scaled(_BYTES_A_KILOBYTE, ("nvmlDeviceGetPcieThroughput", _pynvml.NVML_PCIE_UTIL_TX_BYTES)),
}
"""The driver counts for 20 ms each time that it is asked, and lets the caller wait."""


def processes(handle: Handle) -> dict[int, int | None] | None:
    """Return bytes of memory by process, None where the driver does not say how many; one may compute and draw."""
    kinds = ("nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetGraphicsRunningProcesses")
    answers = [told for kind in kinds if (told := _listed(kind, handle)) is not None]
    if not answers:
        return None
    found: dict[int, int | None] = {}
    for row in (row for rows in answers for row in rows):
        sizes = [size for size in (row.usedGpuMemory, found.get(int(row.pid))) if size is not None]
        found[int(row.pid)] = max(sizes, default=None)
    return found


def _listed(kind: str, handle: Handle) -> Iterable[Any] | None:
    told = ask(kind, handle)
    return ask(f"{kind}_v2", handle) if told is None else told


def utilization_by_process(handle: Handle, since_s: float) -> dict[int, float] | None:
    """Return percent of the GPU's time by process since a moment of the wall clock, of those that used any."""
    try:
        rows = driver.nvml.nvmlDeviceGetProcessUtilization(handle, int(since_s * _MICROSECONDS))
    except _pynvml.NVMLError as error:
        return {} if getattr(error, "value", None) == _pynvml.NVML_ERROR_NOT_FOUND else None
    told: dict[int, list[float]] = {}
    for row in rows:
        # Some drivers fill the list with rows that mean nothing: no time, or more than all of it.
        if row.timeStamp and (percent := number(int(row.smUtil), most=100)) is not None:
            told.setdefault(int(row.pid), []).append(percent)
    return {pid: sum(values) / len(values) for pid, values in told.items()}
