"""One thing that a check found."""

from typing import Literal

from pydantic import BaseModel


class Finding(BaseModel):
    """`level`: error keeps a server from working or loses data, warning wants a look."""

    what: str
    level: Literal["ok", "warning", "error"]
    detail: str


def good(what: str, detail: str) -> Finding:
    """All is well."""
    return Finding(what=what, level="ok", detail=detail)


def odd(what: str, detail: str) -> Finding:
    """It works, and should be looked at."""
    return Finding(what=what, level="warning", detail=detail)


def bad(what: str, detail: str) -> Finding:
    """It does not work, or loses data."""
    return Finding(what=what, level="error", detail=detail)
