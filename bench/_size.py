"""How much disk an installed client takes, and what of it is how large."""

import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dev.bootstrap import ensure_uv
from dev.paths import ROOT

_MEMBERS = ("core", "ollama-client")
_OF_THE_ENVIRONMENT = ("pip", "setuptools", "_virtualenv", "distutils-precedence", "_distutils_hack")
_LARGEST = 8
_BYTES_A_MB = 1e6


@dataclass(frozen=True, slots=True)
class Size:
    """In MB of 10^6 bytes. `compiled`: with the byte code that pip writes; else without."""

    mb: float
    compiled_mb: float
    largest_mb: dict[str, float]
    """The largest parts, byte code included."""


def installed_client() -> Size:
    """Build the wheels, install the client into an environment of its own, and weigh it. Raises CalledProcessError."""
    uv = ensure_uv(_to_stderr)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for member in _MEMBERS:
            _run([uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT / member])
        _run([uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"])
        python = folder / "venv" / "bin" / "python"
        wheels = sorted(folder.glob("*.whl"))
        _run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *wheels])
        (packages,) = (folder / "venv").glob("lib/python*/site-packages")
        return _weighed(packages)


def _weighed(packages: Path) -> Size:
    parts, source = Counter[str](), 0
    for file in packages.rglob("*"):
        part = file.relative_to(packages).parts[0]
        if file.is_file() and not part.startswith(_OF_THE_ENVIRONMENT):
            parts[part] += file.stat().st_size
            source += 0 if file.suffix == ".pyc" else file.stat().st_size
    largest = {part: round(size / _BYTES_A_MB, 1) for part, size in parts.most_common(_LARGEST)}
    return Size(round(source / _BYTES_A_MB, 1), round(parts.total() / _BYTES_A_MB, 1), largest)


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)
