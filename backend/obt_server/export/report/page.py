"""The whole page of a report: it loads nothing, runs nothing, and follows the reader's light or dark."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from obt_server import __version__
from obt_server.export.report import tables
from obt_server.export.report.bars import Bar, chart
from obt_server.export.report.content import NAMES, Entry, moment
from obt_server.export.report.style import STYLE

_DRAWN = ("decode_tokens_per_s", "prefill_tokens_per_s", "ttft_ms", "load_ms")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
"""Nothing is let in but the page's own style; it stands in the page too, for copies that are opened from a disk."""
_HOW = (
    "Figures are medians; beside each stands its 95 % interval (bootstrap), and n where there were too few samples for "
    "one. Decode is Ollama's own count over its own time; TTFT runs from just before the send to the first text, by "
    "the stamps of the clock named here. What was not measured is shown as a dash, never as 0. Only clean results may "
    "be compared without a second thought; another suite makes two results incomparable."
)


def render(entries: Sequence[Entry], now: datetime) -> str:
    """Write the page."""
    title = f"OBT report: {len(entries)} {'result' if len(entries) == 1 else 'results'}"
    head = Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="{}"><style>{}</style></head>'
    ).format(title, POLICY, Markup(STYLE))  # noqa: S704 - the style is our own text
    made = Markup("<header><h1>{}</h1><p>Made by OBT {} on {}</p></header>").format(title, __version__, moment(now))
    body = Markup().join(_sections(entries))
    return head + Markup("<body>{}<main>{}</main></body></html>\n").format(made, body)


def _sections(entries: Sequence[Entry]) -> list[Markup]:
    charts = Markup().join(_chart(name, entries) for name in _DRAWN)
    parts = [
        ("Results", tables.overview(entries)),
        ("Side by side", Markup('<p class="soft">Bar: median. Whisker: 95 % interval.</p>') + charts),
        ("Grades", tables.grades(entries)),
        ("By workload", _by_suite(entries)),
        ("Machines", tables.machines(entries)),
        ("What differs", tables.differences(entries) if len(entries) > 1 else Markup()),
        ("How it was measured", Markup("<p>{}</p>").format(_HOW) + tables.measured(entries)),
        ("Suites in full", Markup().join(tables.suite_in_full(group[0].suite) for group in _groups(entries))),
    ]
    text = Markup("<section><h2>{}</h2>{}</section>")
    return [text.format(title, content) for title, content in parts if content]


def _chart(name: str, entries: Sequence[Entry]) -> Markup:
    metric = next(metric for metric in NAMES if metric.value == name)
    bars = [
        Bar(f"{e.number}  {e.view.model} on {e.view.client_name}", tables.series_of(e), e.summary.headline.get(metric))
        for e in entries
    ]
    return chart(*NAMES[metric], bars)


def _groups(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Results by their suite: only those compare."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.view.suite_hash, []).append(entry)
    return list(groups.values())


def _by_suite(entries: Sequence[Entry]) -> Markup:
    groups = _groups(entries)
    told = [Markup("<h3>Suite {}</h3>").format(g[0].suite.name) + tables.by_workload(g[0].suite, g) for g in groups]
    note = "Results of different suites do not compare."
    return (Markup("<p>{}</p>").format(note) if len(groups) > 1 else Markup()) + Markup().join(told)
