"""`obt-client doctor`: how everything stands, a line a topic, and what to do."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence

import typer

from obt_client.cli import show
from obt_client.cli.exits import FAILED, OK
from obt_client.cli.printing import emit, width
from obt_client.cli.settings import quiet_settings
from obt_client.doctor import Finding, Level, examine
from obt_client.doctor.findings import TITLES

_GLYPHS = {Level.OK: "✓", Level.WARNING: "!", Level.PROBLEM: "✗"}
PLAIN_GLYPHS = {Level.OK: "+", Level.WARNING: "!", Level.PROBLEM: "x"}
"""For a terminal that cannot show the others."""
_LEVEL_WIDTH = max(len(level) for level in Level)
_TITLE_WIDTH = max(len(title) for title in TITLES.values())
_NARROW = 60


def doctor(*, as_json: bool, server: str | None, ollama: str | None) -> None:
    """Look at everything, print it, and end with 1 where there is a problem. Raises typer.Exit."""
    settings = quiet_settings(server_url=server, ollama_url=ollama)
    found = asyncio.run(examine(settings))
    emit([findings_json(found)] if as_json else finding_lines(found, width(), glyphs=_glyphs()))
    raise typer.Exit(FAILED if has_problems(found) else OK)


def has_problems(found: Sequence[Finding]) -> bool:
    """Whether something does not work."""
    return any(finding.level is Level.PROBLEM for finding in found)


def _glyphs() -> dict[Level, str]:
    try:
        "".join(_GLYPHS.values()).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return PLAIN_GLYPHS
    return _GLYPHS


def findings_json(found: Sequence[Finding]) -> str:
    """Return the findings for a program, with whether all is well."""
    rows = [{"topic": one.topic, "level": one.level, "told": one.told, "todo": one.todo} for one in found]
    return json.dumps({"ok": not has_problems(found), "findings": rows}, indent=2)


def finding_lines(found: Sequence[Finding], columns: int, glyphs: dict[Level, str] = _GLYPHS) -> list[str]:
    """Return the findings in lines no wider than `columns`, and how many of each kind there are."""
    lines = [line for one in found for line in _lines(one, columns, glyphs)]
    return [*lines, "", *show.paragraph(_summary(found), columns, indent="")]


def _lines(one: Finding, columns: int, glyphs: dict[Level, str]) -> list[str]:
    head = f"{glyphs[one.level]} {one.level:<{_LEVEL_WIDTH}}  {TITLES[one.topic]:<{_TITLE_WIDTH}}  "
    indent = " " * (len(head) if columns >= _NARROW else 4)
    told = show.paragraph(one.told, columns, indent=indent)
    todo = show.paragraph(f"-> {one.todo}", columns, indent=indent) if one.todo else []
    if columns < _NARROW:
        return [head.rstrip(), *told, *todo]
    return [head + told[0][len(head) :], *told[1:], *todo]


def _summary(found: Sequence[Finding]) -> str:
    counts = Counter(one.level for one in found)
    words = [_counted(counts[level], level) for level in (Level.PROBLEM, Level.WARNING) if counts[level]]
    return f"{' and '.join(words)} in {len(found)} findings." if words else "All is well."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
