"""The machine as the sources see it: files under a root, tools, notes on what could not be learnt, and a deadline.

Tests give another root (a tree of recorded files) and recorded outputs of tools; nothing else differs.
"""

import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from obt_client.hardware.facts import fact
from obt_client.hardware.tools import ToolReply, run_tool
from obt_core.hardware import DetectionNote, NoteCode

_PIECE_BYTES = 2**16
_PIECES_MAX = 128
"""8 MiB in all: the largest file here is pci.ids, 1.5 MB."""
TOOL_LIMIT_S = 3.0
NOTES_MAX = 128


@dataclass
class Host:
    """Where facts come from. `give_up_at` is on the monotonic clock: no tool is waited for longer."""

    root: Path = Path("/")
    system: str = field(default_factory=platform.system)
    arch: str = field(default_factory=platform.machine)
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    home: Path = field(default_factory=Path.home)
    run: Callable[[Sequence[str], float], ToolReply] = run_tool
    give_up_at: float = field(default_factory=lambda: time.monotonic() + 60)
    notes: list[DetectionNote] = field(default_factory=list[DetectionNote])

    def note(self, source: str, code: NoteCode, detail: str = "") -> None:
        """Keep what could not be learnt and why; the same is kept once."""
        told = DetectionNote(source=source, code=code, detail=fact(detail))
        if told not in self.notes and len(self.notes) < NOTES_MAX:
            self.notes.append(told)

    def path(self, name: str) -> Path:
        """Return where a file of the machine is found."""
        return self.root / name.lstrip("/")

    def read(self, file: str | Path, source: str | None = None) -> str | None:
        """Return a file's text, trimmed, None where it cannot be read; with a `source`, a refusal is noted."""
        path = self.path(file) if isinstance(file, str) else file
        try:
            with path.open("rb", buffering=0) as opened:
                # /proc/sys answers a read of megabytes with ENOMEM: in pieces.
                pieces = iter(lambda: opened.read(_PIECE_BYTES), b"")
                return b"".join(islice(pieces, _PIECES_MAX)).decode(errors="replace").strip()
        except PermissionError:
            if source:
                self.note(source, NoteCode.PERMISSION_DENIED, path.name)
        except (OSError, ValueError):
            pass
        return None

    def entries(self, folder: str | Path) -> list[Path]:
        """Return what a folder holds, sorted by name; nothing where it cannot be read."""
        path = self.path(folder) if isinstance(folder, str) else folder
        try:
            return sorted(path.iterdir(), key=lambda entry: (len(entry.name), entry.name))
        except OSError:
            return []

    def link_name(self, path: Path) -> str | None:
        """Return the last part of what a link points to, such as the driver of a device; None where there is none."""
        try:
            return fact(path.readlink().name) or None
        except OSError:
            return None

    def tool(self, source: str, *arguments: str) -> str | None:
        """Return what a tool prints, None where it is missing, silent or in trouble; the latter two are noted.

        What a tool printed before it failed is still returned: some exit with an error for one device of many.
        """
        remaining_s = self.give_up_at - time.monotonic()
        if remaining_s <= 0:
            return None
        reply = self.run(arguments, min(TOOL_LIMIT_S, remaining_s))
        text = reply.text.strip()
        if trouble := reply.trouble or (None if text or reply.is_missing else NoteCode.UNREADABLE):
            self.note(source, trouble, arguments[0])
        return text or None
