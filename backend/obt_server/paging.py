"""Keyset paging: a page is asked for by the last row of the page before it. And the moments that narrow a list."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator

from obt_core.wire import UtcDatetime
from obt_server.errors import UnprocessableError


def _written_out(moment: object) -> object:
    """Refuse a bare number, which would be read as seconds since 1970."""
    if isinstance(moment, str) and "-" not in moment[1:]:
        raise ValueError("must be a date and a time, such as 2026-11-21T18:00:00Z")
    return moment


Key = tuple[datetime, UUID]
After = Annotated[str | None, Query(max_length=100, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Rows a page.")]
Moment = Annotated[UtcDatetime, BeforeValidator(_written_out)]
"""What a list is narrowed by."""


def to_cursor(moment: datetime, row_id: UUID) -> str:
    """Write a row's key, for `next`."""
    return f"{moment.astimezone(UTC).isoformat()}~{row_id}"


def from_cursor(after: str | None) -> Key | None:
    """Read what `to_cursor` wrote. Raises UnprocessableError for anything else."""
    if after is None:
        return None
    moment, _, row_id = after.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError):
        raise UnprocessableError("query.after: is not the `next` of an earlier page") from None
