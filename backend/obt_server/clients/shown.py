"""All clients as a list shows them, in JSON: made anew for whom something else is stored than the last time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import repository
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clients.repository import DOCUMENTS, SEEN
from obt_server.clients.views import lasting_of

_AT_ONCE = 200
"""Some milliseconds, in which others wait."""


class ShownClient(NamedTuple):
    """`json`: a `ClientView`."""

    presence: Presence
    json: bytes


@dataclass(frozen=True, slots=True)
class _Made:
    """What was stored of a client, and what it came to: the `ClientView` but for what time alone changes."""

    of: Sequence[Any]
    json: bytes


class ShownClients:
    """Keeps what was made. It is found again by all that it was made of: nobody has to say that it is out of date."""

    def __init__(self, rule: PresenceRule) -> None:
        self._rule = rule
        self._made: dict[bool, dict[str, _Made]] = {}

    async def list(self, session: AsyncSession, now: datetime, *, archived: bool = False) -> Sequence[ShownClient]:
        """Return all clients that are not archived, or all that are, by name."""
        rows, before = await repository.list_stored(session, archived=archived), self._made.get(archived, {})
        made, shown = dict[str, _Made](), list[ShownClient]()
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            made |= {row.id: self._made_of(row, before.get(row.id)) for row in some}
            shown += [self._shown(row, made[row.id].json, now) for row in some]
            await asyncio.sleep(0)
        self._made[archived] = made  # one that is gone is kept no longer
        return shown

    def _made_of(self, row: Row[Any], before: _Made | None) -> _Made:
        stored = row[len(SEEN) :]
        if before is not None and before.of == stored:
            return before
        told = row._asdict()  # pyright: ignore[reportPrivateUsage] - SQLAlchemy's public name for it
        told |= {name: from_json(text) for name in DOCUMENTS if (text := told[name]) is not None}
        return _Made(stored, to_json(lasting_of(SimpleNamespace(**told), self._rule)))

    def _shown(self, row: Row[Any], lasting: bytes, now: datetime) -> ShownClient:
        was_offline = row.offline_since is not None
        presence = self._rule.judge(row.last_seen_at, row.interval_s, now, was_offline=was_offline)
        changing = to_json({"presence": presence, "last_seen_at": row.last_seen_at})
        return ShownClient(presence, lasting[:-1] + b"," + changing[1:])
