"""What a report is made of, and how its values become text."""

from dataclasses import dataclass
from datetime import UTC, datetime

from obt_core.environment import Environment
from obt_core.hardware import HardwareSnapshot
from obt_core.results import Estimate, Metric, Summary
from obt_core.suites import Suite
from obt_server.results.schemas import ResultView

NONE = "–"  # noqa: RUF001 - a dash, not a minus
_GIB = 2**30
NAMES: dict[Metric, tuple[str, str]] = {
    Metric.DECODE: ("Decode", "tokens/s"),
    Metric.PREFILL: ("Prefill", "tokens/s"),
    Metric.TTFT: ("TTFT", "ms"),
    Metric.FIRST_ANSWER: ("First answer", "ms"),
    Metric.TPOT: ("TPOT", "ms"),
    Metric.GAP_MAX: ("Longest gap", "ms"),
    Metric.E2E: ("E2E", "ms"),
    Metric.SCHEDULED: ("Scheduled", "ms"),
    Metric.LOAD: ("Load", "ms"),
    Metric.QUEUE: ("Queue", "ms"),
}
"""Name and unit of each metric."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One result in a report, under its number there."""

    number: int
    view: ResultView
    summary: Summary
    environment: Environment | None
    hardware: HardwareSnapshot | None
    suite: Suite


def number(value: float | None) -> str:
    """Three significant digits, thousands grouped, never an exponent, as in the dashboard."""
    if value is None:
        return NONE
    size = abs(value)
    if size >= 99.95:
        return f"{value:,.0f}"
    if size >= 9.995:
        return f"{value:.1f}"
    if size == 0:
        return "0"
    return f"{value:.2f}" if size >= 0.9995 else f"{value:.3f}"


def interval(estimate: Estimate | None) -> str:
    """The interval beside a median; the number of samples where they were too few for one."""
    if estimate is None:
        return ""
    if estimate.low is None or estimate.high is None:
        return f"n = {estimate.n}"
    return f"{number(estimate.low)}–{number(estimate.high)}"  # noqa: RUF001 - a range has a dash of its own


def moment(value: datetime) -> str:
    """A moment in UTC: a report is read in any zone."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def words(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def memory(size_bytes: int | None) -> str:
    """Memory as its maker names it."""
    return NONE if size_bytes is None else f"{size_bytes / _GIB:.0f} GB"


def machine(hardware: HardwareSnapshot | None) -> str:
    """A machine in a line."""
    if hardware is None or not hardware.known:
        return "not known"
    cpu = hardware.cpu
    gpus = [f"{gpu.name} {memory(gpu.memory_bytes)}" if gpu.memory_bytes else gpu.name for gpu in hardware.gpus]
    threads = f"{cpu.logical_cores} threads" if cpu and cpu.logical_cores else None
    parts = [cpu.model if cpu else None, threads, memory(hardware.memory_bytes), *gpus, hardware.os]
    return " · ".join(part for part in parts if part and part != NONE)
