"""A copy of the built dashboard that another web server can host, talking to the API at an address of its own."""

import re
import shutil
from pathlib import Path

_NAME = re.compile(r'(<meta name="obt-api" content=")[^"]*(")')
_POLICY = re.compile(r"(connect-src 'self')[^;\"]*")


class NoDashboardError(Exception):
    """The folder holds no built dashboard."""


def copy_for(api: str, built: Path, target: Path) -> int:
    """Copy the dashboard in `built` to `target`, its pages told to use the API at the origin `api`.

    Returns how many pages were told. A page's policy names the API too: without that its browser would connect
    nowhere else. Raises NoDashboardError, and FileExistsError where `target` exists.
    """
    if not (built / "200.html").is_file():
        raise NoDashboardError(f"{built} holds no built dashboard")
    shutil.copytree(built, target)
    pages = sorted(target.rglob("*.html"))
    for page in pages:
        page.write_text(told(page.read_text(encoding="utf-8"), api), encoding="utf-8")
        for ending in (".br", ".gz"):  # what the build compressed is the page as it was
            page.with_name(page.name + ending).unlink(missing_ok=True)
    return len(pages)


def told(page: str, api: str) -> str:
    """Write the API's origin into one page of the dashboard. Raises NoDashboardError where it has no place."""
    socket = "ws" + api.removeprefix("http")
    page, names = _NAME.subn(rf"\g<1>{api}\g<2>", page)
    page, policies = _POLICY.subn(rf"\g<1> {api} {socket}", page)
    if (names, policies) != (1, 1):
        raise NoDashboardError("a page has no place for the API's address: built by another release?")
    return page
