"""The history of a client's presence: a row where it became another one, none for a beat."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import repository
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clients.repository import Note
from obt_server.clients.schemas import HeardState, PresenceChange, PresenceHistory
from obt_server.errors import NotFoundError, UnprocessableError


async def take_turns(session: AsyncSession, ids: Collection[str]) -> None:
    """Take turns with all who change some of those clients: all at once, for who takes more later may meet another."""
    if ids:
        await repository.lock_noted(session, ids)


async def note_heard(session: AsyncSession, client_id: str, rule: PresenceRule, now: datetime) -> None:
    """Note that a client is there. A silence that no server was there to hear is noted as what it is."""
    await _note(session, {client_id: Presence.ONLINE}, rule, now)


async def note_judged(session: AsyncSession, judged: Mapping[str, Presence], rule: PresenceRule, now: datetime) -> None:
    """Note who is there again, stale or offline, unless they were heard since they were judged.

    In the time of grace after a start nothing is noted: it was this server that was away.
    """
    if now >= rule.grace_until and judged:
        await _note(session, judged, rule, now)


async def _note(session: AsyncSession, judged: Mapping[str, Presence], rule: PresenceRule, now: datetime) -> None:
    notes: list[Note] = []
    for row in await repository.lock_noted(session, judged):
        heard_at, presence = row.last_seen_at or now, judged[row.id]
        stale_at = heard_at + timedelta(seconds=rule.stale_s(row.interval_s))
        if presence != Presence.ONLINE and now < stale_at:
            continue  # it was heard since
        if row.presence == Presence.ONLINE and stale_at <= now and stale_at < rule.grace_until:
            notes += [Note(row.id, heard_at, None), Note(row.id, now, presence)]
        elif row.presence != presence:
            notes.append(Note(row.id, now, presence))
    await repository.add_notes(session, notes)


async def page(
    session: AsyncSession, client_id: str, after: str | None, limit: int, kept_since: datetime
) -> PresenceHistory:
    """Return a page of a client's history, newest first. Raises NotFoundError."""
    if not await repository.exists(session, client_id):
        raise NotFoundError(f"There is no client '{client_id}'.")
    rows = await repository.list_notes(session, client_id, _moment(after), limit + 1)
    changes = [
        PresenceChange(at=row.at, presence=HeardState(row.presence) if row.presence else HeardState.UNKNOWN)
        for row in rows[:limit]
    ]
    following = changes[-1].at.isoformat() if len(rows) > limit else None
    return PresenceHistory(changes=changes, kept_since=kept_since, next=following)


def _moment(after: str | None) -> datetime | None:
    if after is None:
        return None
    try:
        return datetime.fromisoformat(after).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnprocessableError("query.after: is not the `next` of an earlier page") from None
