"""What would go, as an administrator sees it."""

from datetime import datetime
from enum import StrEnum

from obt_core.wire import WireModel
from obt_server.retention.kinds import Kind


class Fate(StrEnum):
    """What becomes of what is too old. `thinned`: fewer ticks stay; `dropped`: the result stays, its samples go."""

    THINNED = "thinned"
    DROPPED = "dropped"
    DELETED = "deleted"


class RetentionItem(WireModel):
    """One kind: kept for so many days (None: for ever), and what of it is too old now.

    `rows_due` counts rows; `bytes_due` is what they are as JSON before compression, estimated from a hundred of them.
    What was written down of the jobs of an empty session is counted with the session, and in the log of jobs too.
    """

    kind: Kind
    setting: str
    fate: Fate
    kept_days: float | None
    rows_due: int
    bytes_due: int
    oldest: datetime | None


class Retention(WireModel):
    """What would go now. `is_archived`: it is written to the archive before."""

    items: list[RetentionItem]
    is_archived: bool
