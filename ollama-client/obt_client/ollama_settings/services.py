"""What starts Ollama, and the environment that it is given: systemd, launchd, Windows' registry.

Formats: systemctl(1) and systemd.exec(5); launchctl(1); "Environment Variables" of Microsoft's documentation. launchd
and the registry are verified from documentation only.
"""

import platform
import shlex
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from obt_client.hardware.tools import run_tool
from obt_client.ollama_settings.names import KNOWN

_TOOL_LIMIT_S = 2.0
_UNIT = ("systemctl", "show", "ollama.service", "--property=ActiveState,Environment,EnvironmentFiles")
_FILE_BYTES_MAX = 2**16
_REGISTRY = (
    ("HKEY_LOCAL_MACHINE", r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"),
    ("HKEY_CURRENT_USER", "Environment"),
)
"""A user's own value goes before the machine's."""


@dataclass(frozen=True)
class Unit:
    """What systemd tells of Ollama's unit: whether it runs, its variables, and files with more of them."""

    is_active: bool = False
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[str, ...] = ()


def environ_of_systemd() -> Mapping[str, str] | None:
    """Return the environment that the running unit `ollama` was given; None where there is none or it is not whole."""
    if platform.system() != "Linux":
        return None
    unit = parse_unit(run_tool(_UNIT, _TOOL_LIMIT_S).text)
    if not unit.is_active:
        return None
    environ = dict(unit.environ)
    for file in unit.files:
        if (told := _read(Path(file))) is None:
            return None  # half of the settings would make defaults of the others
        environ |= parse_environment_file(told)
    return environ


def parse_unit(text: str) -> Unit:
    """Read `systemctl show`: a property a line; variables with blanks between, quoted where they hold some."""
    told = [line.partition("=")[::2] for line in text.splitlines()]
    variables = [word for name, value in told if name == "Environment" for word in _words(value)]
    files = [value.rpartition(" (")[0] or value for name, value in told if name == "EnvironmentFiles" and value]
    return Unit(("ActiveState", "active") in told, _table(variables), tuple(files))


def parse_environment_file(text: str) -> dict[str, str]:
    """Read a file of `EnvironmentFile=`: `NAME=value` a line, perhaps quoted; # and ; begin a comment."""
    lines = (line.strip() for line in text.splitlines())
    told = _table([line for line in lines if not line.startswith(("#", ";"))])
    return {name.strip(): _unquoted(value.strip()) for name, value in told.items()}


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    return value[1:-1] if is_quoted else value


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote that nobody closed
        return []


def _table(words: list[str]) -> dict[str, str]:
    pairs = (word.partition("=") for word in words)
    return {name: value for name, equals, value in pairs if equals and name}


def _read(path: Path) -> str | None:
    """The file's text; nothing where it is not there, None where it may not be read."""
    try:
        with path.open("rb") as file:
            return file.read(_FILE_BYTES_MAX).decode(errors="replace")
    except FileNotFoundError:
        return ""
    except OSError:
        return None


def environ_of_launchd() -> Mapping[str, str] | None:
    """Return what `launchctl setenv` gave to programs; None where nothing of Ollama's is among it."""
    if platform.system() != "Darwin":
        return None
    end_s = time.monotonic() + _TOOL_LIMIT_S
    told = {name: run_tool(("launchctl", "getenv", name), max(0.1, end_s - time.monotonic())).text for name in KNOWN}
    return {name: text.strip() for name, text in told.items() if text.strip()} or None


def environ_of_registry() -> Mapping[str, str] | None:
    """Return the variables of machine and user; None where nothing of Ollama's is among them."""
    if sys.platform != "win32":
        return None
    import winreg  # noqa: PLC0415 - exists on Windows only

    found: dict[str, str] = {}
    for root, path in _REGISTRY:
        with suppress(OSError), winreg.OpenKey(getattr(winreg, root), path) as key:
            values = (winreg.EnumValue(key, at) for at in range(winreg.QueryInfoKey(key)[1]))
            found |= {name.upper(): str(value) for name, value, _ in values}
    return found if any(name.startswith("OLLAMA_") for name in found) else None
