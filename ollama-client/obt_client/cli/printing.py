"""Writes lines, as wide as the terminal is."""

import os
import shutil
import sys
from collections.abc import Iterable
from typing import TextIO

from obt_client.cli.show import Heading

_PIPE_WIDTH = 100
_WIDTH_MIN = 40


def width() -> int:
    """Columns of the terminal; of a pipe, a width that reads well."""
    return max(_WIDTH_MIN, shutil.get_terminal_size(fallback=(_PIPE_WIDTH, 24)).columns)


def emit(lines: Iterable[str], stream: TextIO | None = None) -> None:
    """Print lines, to standard output where nothing else is said; headings stand out on a terminal."""
    out = sys.stdout if stream is None else stream
    is_bold = out.isatty() and "NO_COLOR" not in os.environ
    for line in lines:
        out.write(f"\x1b[1m{line}\x1b[0m\n" if is_bold and isinstance(line, Heading) else f"{line}\n")
    out.flush()
