"""History of presence that is too old."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from obt_server.aging import OldRows
from obt_server.clients.tables import PresenceChangeRow


def _is_over(before: datetime) -> Sequence[ColumnElement[bool]]:
    """What another change from before that moment follows: the last one tells how it was from then on."""
    later = aliased(PresenceChangeRow)
    followed = select(later.client_id).where(
        later.client_id == PresenceChangeRow.client_id, later.at > PresenceChangeRow.at, later.at <= before
    )
    return [PresenceChangeRow.at < before, followed.exists()]


PRESENCE = OldRows(PresenceChangeRow, "at", _is_over, by_key=True)
