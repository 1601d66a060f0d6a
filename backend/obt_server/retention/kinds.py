"""What gets old, after how long, and in which order it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from obt_server.aging import OldRows
from obt_server.audit.aging import DEEDS
from obt_server.clients.aging import PRESENCE
from obt_server.config import Settings
from obt_server.jobs.aging import LOG
from obt_server.operations.aging import OPERATIONS
from obt_server.results.aging import FINE_TELEMETRY, SAMPLES, TELEMETRY
from obt_server.sessions.aging import EMPTY_SESSIONS


class Kind(StrEnum):
    """What gets old."""

    TELEMETRY_DETAIL = "telemetry_detail"
    TELEMETRY = "telemetry"
    SAMPLES = "samples"
    JOB_LOG = "job_log"
    OPERATIONS = "operations"
    EMPTY_SESSIONS = "empty_sessions"
    PRESENCE = "presence"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Policy:
    """One kind: the setting that says after how many days it is too old, and its rows."""

    kind: Kind
    setting: str
    parts: Sequence[OldRows]

    def days(self, settings: Settings) -> float:
        """After how many days it is too old; 0: never."""
        return getattr(settings, self.setting)

    def before(self, settings: Settings, now: datetime) -> datetime | None:
        """Return the moment before which it is too old; None: it is kept for ever."""
        days = self.days(settings)
        return now - timedelta(days=days) if days else None


POLICIES = (
    Policy(Kind.TELEMETRY, "telemetry_days", [TELEMETRY]),
    Policy(Kind.TELEMETRY_DETAIL, "telemetry_full_days", [FINE_TELEMETRY]),
    Policy(Kind.SAMPLES, "samples_days", [SAMPLES]),
    Policy(Kind.EMPTY_SESSIONS, "empty_sessions_days", EMPTY_SESSIONS),
    Policy(Kind.JOB_LOG, "job_log_days", [LOG]),
    Policy(Kind.OPERATIONS, "operations_days", [OPERATIONS]),
    Policy(Kind.PRESENCE, "retention_days", [PRESENCE]),
    Policy(Kind.AUDIT, "audit_days", [DEEDS]),
)
"""In the order in which they go: what goes whole is not thinned before."""
