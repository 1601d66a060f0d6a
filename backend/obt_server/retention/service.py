"""Counting what is too old, and taking it away: archived first, then a few rows at a time."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.aging import Key, OldRows, Values
from obt_server.config import Settings
from obt_server.db import Database, Document
from obt_server.retention.alone import alone
from obt_server.retention.archive import ArchiveFile, forget_partial, line_of
from obt_server.retention.kinds import POLICIES, Policy
from obt_server.retention.pace import Pace
from obt_server.retention.schemas import Fate, Retention, RetentionItem

log = structlog.get_logger()
LOOKED_AT = 100
"""Rows whose length tells that of all."""
FILE_ROWS_MAX = 20_000
FILE_BYTES_MAX = 64 * 2**20
"""Of one file of the archive, before compression."""
PAGE_ROWS, LONG_PAGE_ROWS = 1_000, 20
"""Rows that are read at once."""


async def preview(session: AsyncSession, settings: Settings, now: datetime) -> Retention:
    """Say what would go now. Nothing is changed."""
    items = [await _preview_one(session, policy, settings, now) for policy in POLICIES]
    return Retention(items=items, is_archived=settings.archive)


async def _preview_one(session: AsyncSession, policy: Policy, settings: Settings, now: datetime) -> RetentionItem:
    before, rows, size = policy.before(settings, now), 0, 0
    ages: list[datetime] = []
    for part in policy.parts if before else ():
        assert before is not None  # noqa: S101 - for the type checker
        count, oldest = await part.count(session, before)
        found = await part.some(session, before, LONG_PAGE_ROWS if part.is_long else LOOKED_AT) if count else []
        rows += count
        size += round(sum(len(line_of(row)) for row in found) / max(1, len(found)) * count)
        ages += [oldest] if oldest else []
    return RetentionItem(
        kind=policy.kind,
        setting=f"OBT_{policy.setting.upper()}",
        fate=_fate(policy),
        kept_days=policy.days(settings) or None,
        rows_due=rows,
        bytes_due=size,
        oldest=min(ages, default=None),
    )


def _fate(policy: Policy) -> Fate:
    if policy.parts[0].smaller is None:
        return Fate.DELETED
    return Fate.DROPPED if policy.setting == "samples_days" else Fate.THINNED


@dataclass(frozen=True, slots=True)
class Applied:
    """How many rows of one kind went, or became smaller."""

    kind: str
    rows: int


async def apply_due(db: Database, settings: Settings, now: datetime) -> list[Applied] | None:
    """Take away what is too old; None where another server does so. Raises OSError where the archive cannot be written.

    It may be killed at any moment: what is deleted was archived and is on the disk, and what was archived and not
    deleted is archived again by the next run.
    """
    async with alone(db, settings) as is_ours:
        if not is_ours:
            return None
        await asyncio.to_thread(forget_partial, settings.archive_folder)
        done: list[Applied] = []
        for policy in POLICIES:
            before = policy.before(settings, now)
            for part in policy.parts if before else ():
                while before and (went := await _one_file(db, policy.kind, part, settings, before)):
                    done.append(Applied(policy.kind, went))
                    log.info("retention_applied", kind=policy.kind, table=part.table.name, rows=went)
        return done


async def _one_file(db: Database, kind: str, part: OldRows, settings: Settings, before: datetime) -> int:
    """Archive as many rows as one file holds, then take them away; return how many went."""
    folder = settings.archive_folder / kind
    file = ArchiveFile(folder, kind, part.table.name, part.age) if settings.archive else None
    identities, smaller = await _write_file(db, part, file, before)
    if not identities:
        return 0
    return await _change(db, part, before, smaller) if part.smaller else await _delete(db, part, before, identities)


async def _write_file(
    db: Database, part: OldRows, file: ArchiveFile | None, before: datetime
) -> tuple[list[Key], list[tuple[Key, Values]]]:
    """Read due rows page by page into a file. Returns what finds them again, and what they become."""
    identities: list[Key] = []
    smaller: list[tuple[Key, Values]] = []
    page_rows, place, size = LONG_PAGE_ROWS if part.is_long else PAGE_ROWS, None, 0
    try:
        while len(identities) < FILE_ROWS_MAX and size < FILE_BYTES_MAX:
            async with db.read() as session:
                rows = await part.page(session, before, place, page_rows)
            if not rows:
                break
            size += await asyncio.to_thread(_keep, file, rows, is_first=not identities)
            place = part.place(rows[-1])
            identities += map(part.identity, rows)
            smaller += await asyncio.to_thread(_made_smaller, part, rows)
        if file is not None and identities:
            await asyncio.to_thread(file.finish)
    except BaseException:
        if file is not None:
            file.drop()
        raise
    return identities, smaller


def _keep(file: ArchiveFile | None, rows: list[Document], *, is_first: bool) -> int:
    """Write rows; return how long they are."""
    if file is None:
        return sum(len(line_of(row)) for row in rows)
    before = file.plain_bytes
    (file.open() if is_first else file).add(rows)
    return file.plain_bytes - before


def _made_smaller(part: OldRows, rows: list[Document]) -> list[tuple[Key, Values]]:
    return [(part.identity(row), part.smaller(row)) for row in rows] if part.smaller else []


async def _delete(db: Database, part: OldRows, before: datetime, identities: list[Key]) -> int:
    went, pace = 0, Pace()
    while identities:
        now, identities = identities[: pace.rows], identities[pace.rows :]
        begin = time.monotonic()
        async with db.write() as session:
            went += await part.delete(session, before, now)
        await pace.rest(time.monotonic() - begin)
    return went


async def _change(db: Database, part: OldRows, before: datetime, values: list[tuple[Key, Values]]) -> int:
    went, pace = len(values), Pace()
    while values:
        now, values = values[: pace.rows], values[pace.rows :]
        begin = time.monotonic()
        async with db.write() as session:
            await part.change(session, before, now)
        await pace.rest(time.monotonic() - begin)
    return went
