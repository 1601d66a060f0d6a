"""Keyset paging: a page is asked for by the last row of the page before it."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from obt_server.errors import UnprocessableError

Key = tuple[datetime, UUID]
After = Annotated[str | None, Query(max_length=100, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Rows a page.")]


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
