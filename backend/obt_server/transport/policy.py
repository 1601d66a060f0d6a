"""Headers by which browsers hold a page to what it needs, and keep to TLS once they met it."""

import re
from functools import lru_cache
from html import unescape
from pathlib import Path

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For whatever is no page of ours: an answer of the API that is opened as a page runs and loads nothing."""
HSTS = "max-age=31536000"
"""A year, for this host alone: its subdomains may be others'."""
_IN_PAGE = re.compile(r'<meta http-equiv="content-security-policy" content="([^"]*)"', re.IGNORECASE)
_PAGES_MAX = 200


def policy_of(page: Path) -> str:
    """Return the policy of a built page: its own, with the hashes of its scripts, and that nobody may frame it.

    The build writes it into the page, where it holds for what follows it only, and where `frame-ancestors` counts for
    nothing (CSP level 3, section 3.3). Read anew when the page has changed. Raises OSError.
    """
    return _policy(page, page.stat().st_mtime_ns)


@lru_cache(maxsize=_PAGES_MAX)
def _policy(page: Path, _mtime_ns: int) -> str:
    found = _IN_PAGE.search(page.read_text("utf-8"))
    return f"{unescape(found[1]).rstrip('; ')}; frame-ancestors 'none'" if found else NOTHING
