"""A client's wall clock that jumps: by libfaketime, where it is installed; nobody has to be root.

It stands between a process and the system's library, and fakes the wall clock alone: the kernel's stamps of packets
stay true, so that each sample that follows is marked as one in which the clock was set.
"""

from pathlib import Path

_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")


class Clocks:
    """Gives each client a file in which stands how far its clock is off."""

    def __init__(self) -> None:
        found = [file for pattern in _LIBRARIES for file in Path("/").glob(pattern.lstrip("/"))]
        self._library = found[0] if found else None

    @property
    def can_jump(self) -> bool:
        """Whether there is a way."""
        return self._library is not None

    def settings(self, file: Path) -> dict[str, str]:
        """What a process is started with, so that `file` says its time."""
        if self._library is None:
            return {}
        self.jump(file, 0)
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }

    def jump(self, file: Path, by_s: float) -> None:
        """Have a clock be so far off, within a second."""
        if self._library is None:
            return
        whole = file.with_suffix(".new")
        whole.write_text(f"{by_s:+.0f}\n")
        whole.replace(file)
