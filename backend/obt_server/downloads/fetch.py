"""Fetches the client's third-party wheels from the package index of this machine, for machines that reach none."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from obt_server.downloads import pins
from obt_server.downloads.platforms import PLATFORMS, PYTHONS, Target
from obt_server.downloads.shelf import Shelf

ATTEMPTS = 3
PAUSE_S = 2.0
"""Before the second attempt; twice as long before the third."""
_PYTHON_MINOR_OF = {f"3.{minor}": minor for minor in (int(python.partition(".")[2]) for python in PYTHONS)}
_LINES_TOLD = 5
_OFFLINE = ("Retrying", "Could not fetch URL", "There was a problem")
"""What pip's warnings say of an index that it cannot reach."""
Say = Callable[[str], None]
"""Tells a person how far it is."""


class FetchError(Exception):
    """Wheels could not be fetched. The text says which, why, and what to do."""


def targets_of(platforms: Sequence[str], pythons: Sequence[str]) -> list[Target]:
    """Read `linux-x86_64 ...` and `3.11..3.13 3.14`. Raises FetchError for a name that is none."""
    unknown = [name for name in platforms if name not in PLATFORMS]
    if unknown or not platforms:
        raise FetchError(f"There is no platform {unknown[0]!r}: {', '.join(PLATFORMS)}." if unknown else _WHICH)
    wanted = dict.fromkeys(python for wish in pythons or PYTHONS for python in _pythons(wish))
    return [Target(PLATFORMS[name], python) for name in dict.fromkeys(platforms) for python in wanted]


_WHICH = f"Which machines are to be served? Name each with --platform: {', '.join(PLATFORMS)}."


def _pythons(wish: str) -> list[str]:
    first, _, last = wish.partition("..")
    try:
        minors = range(_PYTHON_MINOR_OF[first], _PYTHON_MINOR_OF[last or first] + 1)
    except KeyError as error:
        raise FetchError(f"The client is not made for Python {error}: {', '.join(PYTHONS)}, or 3.11..3.13.") from None
    return [f"3.{minor}" for minor in minors]


def fetch(shelf: Shelf, targets: Sequence[Target], say: Say) -> None:
    """Fetch what lacks for each target. Raises FetchError after the last, naming those that could not be had."""
    wanted, failures = shelf.pins(), list[str]()
    try:
        shelf.fetched.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"The folder {shelf.fetched} (OBT_DOWNLOADS_DIR) cannot be used: {error.strerror}.") from None
    for number, target in enumerate(targets, 1):
        head = f"[{number}/{len(targets)}] {target}"
        lacking = pins.missing(wanted, shelf.wheels(), target)
        try:
            say(f"{head}: {_fetch_some(shelf, target, lacking, say) if lacking else 'all there'}")
        except FetchError as error:
            failures.append(f"{target}: {error}")
            say(f"{head}: failed")
    if failures:
        raise FetchError("\n".join(failures))


def _fetch_some(shelf: Shelf, target: Target, lacking: Sequence[pins.Pin], say: Say) -> str:
    say(f"  {target}: fetching {len(lacking)} packages")
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=shelf.fetched) as name:
        folder = Path(name)
        _download(shelf.pip(), target, lacking, folder, say)
        wheels = sorted(folder.glob("*.whl"))
        size_bytes = sum(wheel.stat().st_size for wheel in wheels)
        for wheel in wheels:
            wheel.chmod(0o644)
            wheel.replace(shelf.fetched / wheel.name)  # whole or not at all: a server may be reading
    if left := pins.missing(lacking, shelf.wheels(), target):
        raise FetchError(f"pip brought no wheel of {', '.join(pin.name for pin in left)}.")
    return f"{len(wheels)} wheels, {size_bytes / 1e6:.1f} MB"


def _download(pip: Path, target: Target, lacking: Sequence[pins.Pin], folder: Path, say: Say) -> None:
    """Ask pip, another time where that may help. Raises FetchError."""
    file = folder / "requirements.txt"
    file.write_text("\n".join(pin.line() for pin in lacking), "utf-8")
    complaint = _ask_pip(pip, target, file, folder)
    for attempt in range(2, ATTEMPTS + 1):
        if complaint is None:
            return
        say(f"  {target}: failed, trying again ({attempt} of {ATTEMPTS})")
        time.sleep(PAUSE_S * (attempt - 1))
        complaint = _ask_pip(pip, target, file, folder)
    if complaint is not None:
        raise FetchError(complaint)


def _ask_pip(pip: Path, target: Target, file: Path, folder: Path) -> str | None:
    """Run pip; return its complaint, None where it did what it was asked."""
    command = _command(pip, target, file, folder)
    ended = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)  # noqa: S603 - our own pip
    return _complaint(ended.stderr) if ended.returncode else None


def _command(pip: Path, target: Target, file: Path, folder: Path) -> list[str]:
    """Make pip's command. It runs from its wheel: this server's own environment need not have one."""
    tags = [part for tag in target.platform.tags for part in ("--platform", tag)]
    return [
        sys.executable, str(pip / "pip"), "download", "--disable-pip-version-check", "--no-input", "--quiet",
        "--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp",
        "--python-version", target.python, *tags, "--dest", str(folder), "--requirement", str(file),
    ]  # fmt: skip


def _complaint(stderr: str) -> str:
    """Return what pip said, in its last words, and what may be done."""
    told = list(_errors(stderr)) or stderr.strip().splitlines() or ["pip said nothing"]
    shown = " ".join(dict.fromkeys(told[-_LINES_TOLD:]))
    if "No matching distribution" in shown and not any(sign in stderr for sign in _OFFLINE):
        return f"{shown} The index has no wheel for that platform: such machines need an index of their own."
    return f"{shown} Can this machine reach its package index (PIP_INDEX_URL, pip.conf, a proxy)?"


def _errors(stderr: str) -> Iterator[str]:
    return (line.removeprefix("ERROR: ").strip() for line in stderr.splitlines() if line.startswith("ERROR: "))
