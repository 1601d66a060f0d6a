r"""The file of settings: `NAME="value"`, with \ before each of \ " $ and the back tick.

So systemd's EnvironmentFile= (systemd.exec(5)) and a shell's `.` read the same, and so does `parse`.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from obt_client.files import make_private_dir, write_atomically
from obt_client.service.plan import ServiceError

_HEAD = "# Settings of the OBT client's service. After a change: obt-client service restart\n"
_LINE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_SPECIAL = re.compile(r'([\\"$`])')
_ESCAPED = re.compile(r'\\([\\"$`])')


def render(settings: Mapping[str, str]) -> str:
    """Return the text of the file. Raises ValueError where a value has a line end or another control character."""
    for name, value in settings.items():
        if not value.isprintable():
            raise ValueError(f"{name} has a character that cannot be printed")
    return _HEAD + "".join(f'{name}="{_SPECIAL.sub(_escape, value)}"\n' for name, value in sorted(settings.items()))


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[1]}"


def parse(text: str) -> dict[str, str]:
    """Read what `render` or a person wrote: quoted in either way or not, comments, empty lines."""
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return {found[1]: _value(found[2].strip()) for found in lines if found}


def _value(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1]
    return text


def read(path: Path) -> dict[str, str] | None:
    """Return the settings, None where there is no such file. Raises ServiceError."""
    try:
        return parse(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ServiceError(f"{path} cannot be read: {error}. Run the same command as its owner, or as root.") from None


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Keep the settings, mode 0600. Raises ServiceError."""
    try:
        make_private_dir(path.parent)
        write_atomically(path, render(settings))
    except (OSError, ValueError) as error:
        raise ServiceError(f"The settings cannot be kept in {path}: {error}.") from None
