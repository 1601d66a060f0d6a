"""What machines that are to become clients get from this server."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from obt_server import __version__
from obt_server.config import Settings
from obt_server.downloads import pins, scripts
from obt_server.downloads.pins import Pin, Wheel
from obt_server.downloads.platforms import ALL_TARGETS, Target
from obt_server.downloads.schemas import TOKEN_PLACEHOLDER, Downloads, WheelsOf
from obt_server.downloads.scripts import Script
from obt_server.downloads.shelf import NotBuiltError, Shelf, sha256_of
from obt_server.errors import NotFoundError

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="pypi:repository-version" content="1.0">
<title>OBT's client and what it needs</title></head><body>
{links}
</body></html>
"""


def shelf_of(settings: Settings) -> Shelf:
    """Return where this server's wheels are."""
    return Shelf(settings.wheels_dir)


def script(settings: Settings, name: str, server_url: str) -> Script:
    """Return an install script for one address of this server. Raises NotBuiltError."""
    return scripts.render(name, server_url, shelf_of(settings))


def page(settings: Settings) -> str:
    """Return the list of files for `--find-links` of pip and uv, each link with the file's hash (as in PEP 503)."""
    files = sorted(shelf_of(settings).files().items())
    links = (f'<a href="{escape(name)}#sha256={sha256_of(path)}">{escape(name)}</a><br>' for name, path in files)
    return _PAGE.format(links="\n".join(links))


def file(settings: Settings, name: str) -> tuple[Path, str]:
    """Return a file by its exact name, and its SHA-256. Raises NotFoundError."""
    path = shelf_of(settings).files().get(name)
    if path is None:
        raise NotFoundError("There is no such file here. What there is: /downloads/")
    return path, sha256_of(path)


def downloads(settings: Settings, server_url: str) -> Downloads:
    """Return what the dashboard shows; where the package holds no client, why."""
    shelf = shelf_of(settings)
    try:
        lines, third_party, why_not = scripts.lines(server_url, shelf), third_party_wheels(shelf), None
    except NotBuiltError as error:
        lines, third_party, why_not = [], [], error.detail
    here = [wheels for wheels in third_party if wheels.present]
    return Downloads(version=__version__, server_url=server_url, why_not=why_not, lines=lines, third_party=here)


def install_line(settings: Settings, server_url: str, token: str) -> str | None:
    """Return the line that makes a Linux machine a client; None where the package holds no client."""
    try:
        linux = scripts.lines(server_url, shelf_of(settings))[0]
    except NotBuiltError:
        return None
    return linux.install.removesuffix(TOKEN_PLACEHOLDER) + token


def third_party_wheels(shelf: Shelf, targets: Sequence[Target] = ALL_TARGETS) -> list[WheelsOf]:
    """Count the third-party wheels for each platform and Python. Raises NotBuiltError."""
    wanted, wheels = shelf.pins(), shelf.wheels()
    return [_wheels_of(target, wanted, wheels) for target in targets]


def _wheels_of(target: Target, wanted: Sequence[Pin], wheels: Sequence[Wheel]) -> WheelsOf:
    """Count for one target. Wheels of pure Python fit everywhere: where there are no others, nobody fetched for it."""
    count = sum(1 for _ in pins.needed(wanted, target))
    own = [wheel for wheel in wheels if not wheel.is_pure]
    begun = len(pins.missing(wanted, own, target)) < count
    present = count - len(pins.missing(wanted, wheels, target)) if begun else 0
    return WheelsOf(platform=target.platform.name, python=target.python, wanted=count, present=present)
