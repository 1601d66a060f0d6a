"""Putting tables and reports together. A table is written page by page: its length takes time, never memory."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.db import Database
from obt_server.errors import NotFoundError
from obt_server.export.report.content import Entry
from obt_server.export.report.page import POLICY, render
from obt_server.export.table import COLUMNS, cells_of, markdown_head, markdown_lines
from obt_server.hardware import service as hardware
from obt_server.results import contents
from obt_server.results import service as results
from obt_server.results.filters import ResultFilter
from obt_server.results.schemas import ResultView
from obt_server.spreadsheets import csv_lines
from obt_server.suites import service as suites

REPORT_POLICY = POLICY


class Format(StrEnum):
    """What a table can be written as, by the end of its file's name."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"


MEDIA = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
}


async def tables(db: Database, wish: ResultFilter, sort: str, kind: Format) -> AsyncIterator[str]:
    """Write a table of all that a filter leaves, as of one moment."""
    async with db.read() as session:
        pages = results.walk(session, wish, sort)
        async for text in _json(pages) if kind is Format.JSON else _lines(pages, kind):
            yield text


async def _lines(pages: AsyncIterator[list[ResultView]], kind: Format) -> AsyncIterator[str]:
    is_csv = kind is Format.CSV
    yield csv_lines([[column.name for column in COLUMNS]]) if is_csv else markdown_head()
    async for page in pages:
        yield (csv_lines if is_csv else markdown_lines)([cells_of(result) for result in page])


async def _json(pages: AsyncIterator[list[ResultView]]) -> AsyncIterator[str]:
    before = "[\n"
    async for page in pages:
        for result in page:
            yield before + result.model_dump_json()
            before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


async def report(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> str:
    """Write a report of those results, in their order. Raises NotFoundError where one is unknown."""
    wanted = list(dict.fromkeys(ids))
    found = await contents.contents(session, wanted)
    if missing := [result_id for result_id in wanted if result_id not in found]:
        raise NotFoundError(f"There is no result {missing[0]}.")
    entries = [await _entry(session, number, found[each]) for number, each in enumerate(wanted, 1)]
    return render(entries, now)


async def _entry(session: AsyncSession, number: int, content: contents.Content) -> Entry:
    fingerprint = content.environment.hardware_fingerprint if content.environment else None
    return Entry(
        number=number,
        view=content.view,
        summary=content.summary,
        environment=content.environment,
        hardware=await hardware.find(session, content.view.client_id, fingerprint),
        suite=await suites.find(session, content.view.suite_hash),
    )
