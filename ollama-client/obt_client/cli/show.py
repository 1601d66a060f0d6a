"""The one formatter of numbers of the command line: raw numbers in, text for people out."""

import re
import textwrap
from collections.abc import Sequence
from datetime import datetime
from math import floor, log10
from typing import TYPE_CHECKING

from obt_core.suites import Metric

if TYPE_CHECKING:
    from obt_core.results import Estimate

NOT_MEASURED = "-"
_DIGITS = 3
_MS_PER_S = 1_000.0
_GIB = 2**30
_GLUE = "\N{NO-BREAK SPACE}"
_UNIT = re.compile(r"(?<=\d) (?=%|ms|µs|s\b|GiB)")
METRIC_NAMES = {
    Metric.DECODE: "decode",
    Metric.PREFILL: "prefill",
    Metric.TTFT: "TTFT",
    Metric.FIRST_ANSWER: "first answer",
    Metric.TPOT: "TPOT",
    Metric.GAP_MAX: "longest gap",
    Metric.E2E: "E2E",
    Metric.SCHEDULED: "scheduled",
    Metric.LOAD: "load",
    Metric.QUEUE: "queue",
}


class Heading(str):
    """A line that stands out on a terminal."""

    __slots__ = ()


def figure(value: float, digits: int = _DIGITS) -> str:
    """A number with so many significant digits, thousands apart; whole numbers stay whole."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    decimals = max(0, digits - 1 - floor(log10(abs(rounded))))
    return f"{round(value) if decimals == 0 else rounded:,.{decimals}f}"


def duration_ms(value_ms: float) -> str:
    """Milliseconds in the unit that reads best: µs, ms, s."""
    if 0 < value_ms < 0.1:
        return f"{figure(value_ms * 1_000)} µs"
    return f"{figure(value_ms)} ms" if value_ms < _MS_PER_S else f"{figure(value_ms / _MS_PER_S)} s"


def error_us(value_us: float) -> str:
    """Microseconds of an error: two digits are enough."""
    return f"{figure(value_us, 2)} µs" if value_us < 1_000 else f"{figure(value_us / 1_000, 2)} ms"


def span(seconds: float) -> str:
    """A time to wait, as `0:07`, `3:20` or `1:04:00`."""
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def percent(share: float) -> str:
    """A share in percent, with a decimal below ten."""
    return f"{_percents(100 * share)} %"


def signed_percent(share: float) -> str:
    """A change in percent, with its sign."""
    return f"{signed(share)} %"


def signed(share: float) -> str:
    """A change in percent, with its sign and without its unit."""
    return f"{'+' if share >= 0 else '-'}{_percents(abs(100 * share))}"


def _percents(percents: float) -> str:
    return f"{percents:.1f}" if abs(percents) < 9.95 else f"{percents:,.0f}"


def value(metric: Metric, number: float) -> str:
    """A value of a metric: rates bare, times with their unit."""
    return figure(number) if metric.higher_is_better else duration_ms(number)


def estimate(metric: Metric, found: "Estimate | None") -> str:
    """A median with the wider side of its interval in percent."""
    if found is None:
        return NOT_MEASURED
    margin = half_width(found)
    return value(metric, found.median) + (f" ±{percent(margin)}" if margin is not None else "")


def half_width(found: "Estimate") -> float | None:
    """The wider side of the interval as a share of the median; None where there is no interval."""
    if found.low is None or found.high is None or not found.median:
        return None
    return max(found.high - found.median, found.median - found.low) / abs(found.median)


def size(size_bytes: int) -> str:
    """Bytes in GiB, or in MiB below a tenth."""
    return f"{size_bytes / _GIB:.1f} GiB" if size_bytes >= _GIB / 10 else f"{size_bytes / 2**20:.0f} MiB"


def moment(when: datetime) -> str:
    """A moment in the machine's own time."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def shorten(name: str, width: int) -> str:
    """A name no wider than that, cut in the middle: its begin and its tag both tell."""
    if len(name) <= width:
        return name
    tail = max(0, (width - 1) * 2 // 3)
    return f"{name[: max(0, width - 1 - tail)]}…{name[len(name) - tail :]}" if width > 1 else name[:width]


def tables(heading: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, first_min: int = 8) -> list[str]:
    """Lay rows out in lines no wider than `width`: as many columns as fit, the rest in a table below.

    The first column names the row, is repeated in each table and shortened where it must be; columns that hold
    nothing are left out.
    """
    kept = [place for place in range(1, len(heading)) if any(row[place] != NOT_MEASURED for row in rows)]
    wide = {place: max(len(heading[place]), *(len(row[place]) for row in rows)) for place in kept}
    first = max(len(heading[0]), *(len(row[0]) for row in rows))
    first = max(first_min, min(first, width - 4 - max(wide.values(), default=0)))
    lines = list[str]()
    for places in _packed(kept, wide, width - first - 2):
        for row in (heading, *rows):
            cells = [shorten(row[0], first).ljust(first), *(row[place].rjust(wide[place]) for place in places)]
            lines.append(f"  {'  '.join(cells)}".rstrip()[:width])
        lines.append("")
    return lines[:-1]


def _packed(places: Sequence[int], wide: dict[int, int], room: int) -> list[list[int]]:
    packs, used = [list[int]()], 0
    for place in places:
        if packs[-1] and used + 2 + wide[place] > room:
            packs.append([])
            used = 0
        packs[-1].append(place)
        used += 2 + wide[place]
    return packs


def paragraph(text: str, width: int, *, indent: str = "  ") -> list[str]:
    """A sentence in lines no wider than `width`; a number stays beside its unit."""
    whole = _UNIT.sub(_GLUE, text)
    lines = textwrap.wrap(whole, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace(_GLUE, " ") for line in lines]


def shorten_end(text: str, width: int) -> str:
    """A line no wider than that, cut at its end."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
