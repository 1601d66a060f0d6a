"""Bars with whiskers as inline SVG: one result a line, so that names have room and a print needs no colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup

from obt_core.results import Estimate
from obt_server.export.report.content import number

_WIDTH, _NAMES, _FIGURES = 860, 250, 120
_LINE, _BAR, _AXIS = 26, 13, 24
_TICKS_MOST = 6
_NAME_MOST = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart; `series` picks its colour, 1 to 6."""

    name: str
    series: int
    estimate: Estimate | None


def step_of(most: float) -> float:
    """The distance of ticks from 0 to `most`: 1, 2 or 5 times a power of ten."""
    raw = most / _TICKS_MOST
    power = 10.0 ** floor(log10(raw))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= raw), 10 * power)


def chart(title: str, unit: str, bars: Sequence[Bar]) -> Markup:
    """Draw one metric of all results; empty where none measured it."""
    told = [bar.estimate for bar in bars if bar.estimate]
    most = max((max(estimate.median, estimate.high or 0) for estimate in told), default=0)
    if most <= 0:
        return Markup()
    step = step_of(most)
    end = step * ceil(most / step)
    height = _LINE * len(bars) + _AXIS
    lines = Markup().join(_line(bar, at, end) for at, bar in enumerate(bars))
    words = f"{title} in {unit}: the same figures stand in the table above"
    return Markup(
        '<figure><figcaption>{}, {}</figcaption><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg></figure>'
    ).format(title, unit, _WIDTH, height, words, _axis(end, step, height), lines)


def _x(value: float, end: float) -> str:
    return f"{_NAMES + (_WIDTH - _NAMES - _FIGURES) * value / end:.1f}"


def _axis(end: float, step: float, height: int) -> Markup:
    bottom = height - _AXIS
    marks = [
        Markup(
            '<line class="grid" x1="{0}" x2="{0}" y1="0" y2="{1}"/><text class="tick" x="{0}" y="{2}">{3}</text>'
        ).format(_x(step * at, end), bottom, height - 6, f"{step * at:,.6g}")
        for at in range(round(end / step) + 1)
    ]
    return Markup().join(marks)


def _line(bar: Bar, at: int, end: float) -> Markup:
    top, estimate = at * _LINE, bar.estimate
    middle = top + _LINE / 2
    name = bar.name if len(bar.name) <= _NAME_MOST else f"{bar.name[: _NAME_MOST - 1]}…"
    text = Markup('<text class="name" x="{}" y="{}">{}<title>{}</title></text>').format(
        _NAMES - 10, middle + 4, name, bar.name
    )
    if estimate is None:
        return text + Markup('<text class="none" x="{}" y="{}">not measured</text>').format(_NAMES + 6, middle + 4)
    width = f"{float(_x(estimate.median, end)) - _NAMES:.1f}"
    drawn = Markup('<rect class="bar s{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        bar.series, _NAMES, middle - _BAR / 2, width, _BAR
    )
    figure = Markup('<text class="figure" x="{}" y="{}">{}</text>').format(_WIDTH, middle + 4, number(estimate.median))
    return text + drawn + _whisker(estimate, middle, end) + figure


def _whisker(estimate: Estimate, middle: float, end: float) -> Markup:
    if estimate.low is None or estimate.high is None:
        return Markup()
    low, high, top, bottom = _x(max(0, estimate.low), end), _x(estimate.high, end), middle - 5, middle + 5
    path = f"M{low} {top}V{bottom}M{low} {middle}H{high}M{high} {top}V{bottom}"
    return Markup('<path class="whisker" d="{}"/>').format(path)
