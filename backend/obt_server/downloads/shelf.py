"""What this server has to give: its own wheels, which lie in its package, and third-party ones, which were fetched."""

import hashlib
from functools import lru_cache
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from obt_server import __version__
from obt_server.downloads import pins
from obt_server.downloads.pins import Pin, Wheel
from obt_server.errors import ObtError

OWN = Path(__file__).parent / "wheels"
"""Written by `dev/wheels.py`, packed into the server's wheel; not in the repository."""
REQUIREMENTS = "obt-client-requirements.txt"
_OWN_WHEELS = (f"obt_core-{__version__}-py3-none-any.whl", f"obt_client-{__version__}-py3-none-any.whl")
_HASHED_FILES_MAX = 5_000


class NotBuiltError(ObtError):
    """The server's package lacks the client."""

    status = 503
    code = "downloads_not_built"


class Shelf:
    """Finds files by their exact names. `own` is the package's folder, `fetched` the one of third-party wheels."""

    def __init__(self, fetched: Path, own: Path | None = None) -> None:
        self._own = own or OWN
        self.fetched = fetched

    def files(self) -> dict[str, Path]:
        """Return every file that may be downloaded, by its name. What is not in here is not served."""
        third_party = {wheel.name: wheel for wheel in _wheels_in(self.fetched)}
        return third_party | {path.name: path for path in self.own()}

    def own(self) -> list[Path]:
        """Return core and client of this version, pip, and the client's requirements. Raises NotBuiltError."""
        pips = sorted(self._own.glob("pip-*.whl"))
        files = [*(self._own / name for name in _OWN_WHEELS), *pips[-1:], self._own / REQUIREMENTS]
        if not pips or not all(file.is_file() for file in files):
            raise NotBuiltError(
                f"This server's package holds no client of version {__version__}. In the project's folder run "
                "`python3 -m dev.wheels` (make demo, make dev and make test do), or install the server's wheel."
            )
        return files

    def pip(self) -> Path:
        """Return the wheel of pip. Raises NotBuiltError."""
        return next(file for file in self.own() if file.name.startswith("pip-"))

    def pins(self) -> tuple[Pin, ...]:
        """Return the client's third-party packages. Raises NotBuiltError."""
        return pins.parse(self.own()[-1].read_text("utf-8"))

    def wheels(self) -> list[Wheel]:
        """Return the third-party wheels that were fetched."""
        return [Wheel(path, sha256_of(path)) for path in _wheels_in(self.fetched)]


def _wheels_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.whl") if _is_wheel(file)) if folder.is_dir() else []


def _is_wheel(file: Path) -> bool:
    try:
        parse_wheel_filename(file.name)
    except InvalidWheelFilename:
        return False
    return file.is_file() and not file.is_symlink()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; read anew when the file has changed. Raises OSError."""
    stat = path.stat()
    return _sha256(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=_HASHED_FILES_MAX)
def _sha256(path: Path, _mtime_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
