"""A page of results: its order, and where the page before ended, as a text that only this server reads."""

import base64
import json
import math
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from obt_server.errors import UnprocessableError
from obt_server.results.filters import ResultFilter
from obt_server.results.listing import BY_WORD, SORTS, Place

SORT_PATTERN = rf"^-?({'|'.join(SORTS)})$"
_FOREIGN = UnprocessableError("query.after: is not the `next` of an earlier page")


class ResultPage(ResultFilter):
    """A page of what a filter leaves."""

    sort: str = Field(
        default="-ended_at",
        max_length=40,
        pattern=SORT_PATTERN,
        description="What comes first; with a `-` before it, what comes last. By words, equals are newest first.",
    )
    after: str | None = Field(default=None, max_length=1_000, description="`next` of the page before, in that order.")
    limit: int = Field(default=100, ge=1, le=500, description="Rows a page.")


def to_cursor(sort: str, place: Place) -> str:
    """Write down where a page ended."""
    told = json.dumps([sort, place.value, place.ended_at.isoformat(), str(place.id)], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode()


def from_cursor(sort: str, after: str | None) -> Place | None:
    """Read what `to_cursor` wrote for that order. Raises UnprocessableError for anything else."""
    if after is None:
        return None
    try:
        of_sort, value, ended_at, row_id = json.loads(base64.b64decode(after.encode(), altchars=b"-_", validate=True))
        place = Place(_value(value), datetime.fromisoformat(ended_at).astimezone(UTC), UUID(row_id))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise _FOREIGN from None
    if of_sort != sort:
        raise UnprocessableError("query.after: belongs to another order; begin at the first page")
    if isinstance(place.value, str) != (sort.removeprefix("-") in BY_WORD):
        raise _FOREIGN
    return place


def _value(told: Any) -> float | str | None:
    """A word, a number or nothing."""
    if told is None or isinstance(told, str):
        return told
    if isinstance(told, bool) or not math.isfinite(told):
        raise ValueError
    return float(told)
