"""`obt-client hardware`: what this machine is, for a person or for a program."""

import asyncio
import json
import platform

from obt_client.cli import show
from obt_client.cli.machine import Part, parts_of
from obt_client.cli.printing import emit, width
from obt_client.cli.settings import quiet_settings
from obt_client.config import Settings
from obt_client.hardware import detect
from obt_client.hardware.advice import unlearnt
from obt_core.hardware import HardwareSnapshot

_NAME_WIDTH = 13


def hardware(*, as_json: bool) -> None:
    """Look, within five seconds, and print it. Raises typer.Exit for settings that cannot be used."""
    settings = quiet_settings()
    snapshot = asyncio.run(detect())
    emit([hardware_json(snapshot)] if as_json else hardware_lines(snapshot, settings, width()))


def hardware_json(snapshot: HardwareSnapshot) -> str:
    """Return the snapshot as it is sent to a server, and its fingerprint beside."""
    return json.dumps({"fingerprint": snapshot.fingerprint(), **snapshot.model_dump(mode="json")}, indent=2)


def hardware_lines(snapshot: HardwareSnapshot, settings: Settings, columns: int) -> list[str]:
    """Return the machine in lines no wider than `columns`: its parts, then what is not known of it."""
    heading: list[str] = [show.Heading(show.shorten_end(platform.node() or "This machine", columns))]
    if settings.ollama_is_remote:
        heading += show.paragraph(_remote(settings), columns, indent="")
    parts = [line for part in parts_of(snapshot) for line in part_lines(part, columns)]
    return [*heading, *parts, *_unlearnt_lines(snapshot, columns)]


def _remote(settings: Settings) -> str:
    return (
        f"This is the machine that obt-client runs on. The Ollama at {settings.ollama_url} is on another one, whose "
        "hardware is unknown: results measured there carry none of this."
    )


def part_lines(part: Part, columns: int) -> list[str]:
    """Return a part: its name once, its facts beside, broken between facts where a line is full."""
    room = columns - _NAME_WIDTH
    lines = [line for facts in part.lines for line in _wrapped(facts, room)]
    names = [part.name, *[""] * (len(lines) - 1)]
    return [f"{name:<{_NAME_WIDTH}}{line}" for name, line in zip(names, lines, strict=True)]


def _wrapped(facts: tuple[str, ...], room: int) -> list[str]:
    lines = [""]
    for fact in facts:
        joined = f"{lines[-1]}, {fact}" if lines[-1] else fact
        lines[-1:] = [joined] if len(joined) <= room else [*([f"{lines[-1]},"] if lines[-1] else []), fact]
    return [piece for line in lines for piece in _cut(line, room)]


def _cut(line: str, room: int) -> list[str]:
    """A fact that is wider than the room is broken at its blanks, and where it has none, anywhere."""
    return [line] if len(line) <= room else show.paragraph(line, room, indent="")


def _unlearnt_lines(snapshot: HardwareSnapshot, columns: int) -> list[str]:
    """Each thing, and what to do about all that the same can be done about."""
    by_todo: dict[str, list[str]] = {}
    for found in unlearnt(snapshot):
        by_todo.setdefault(found.todo, []).append(found.what)
    lines = list[str]()
    for todo, things in by_todo.items():
        for thing in things:
            lines += show.paragraph(f"- {thing}", columns)
        lines += show.paragraph(todo, columns, indent="    ")
    return ["", show.Heading("What could not be learnt, and what to do"), *lines] if lines else []
