"""What a client's clock is good for: to be shown. No lease, no order of work and no expiry is decided by it.

A result's own moments are its client's, since it may come days after it was measured. Those that lie in the future are
put right: a result of next year would stay the newest of its model until then, and nothing fresher would be shown.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from obt_core.jobs import JobOutcome
from obt_core.operations import OperationOutcome

CLOCK_SLACK = timedelta(minutes=5)
"""A client's clock may be ahead of the server's by so much; of what is later its age cannot be told."""
_LONGEST = timedelta(days=366)
_Outcome = TypeVar("_Outcome", JobOutcome, OperationOutcome)


def in_time(outcome: _Outcome, ended_at: datetime | None, now: datetime) -> _Outcome:
    """Return an outcome that ended by now, and took as long as it says; one whose clock is about right as it is.

    `ended_at`: when what it ends was ended before, so that the same outcome again says the same.
    """
    if outcome.ended_at <= now + CLOCK_SLACK:
        return outcome
    end, took = ended_at or now, max(timedelta(), outcome.ended_at - outcome.started_at)
    return outcome.model_copy(update={"started_at": end - min(took, _LONGEST), "ended_at": end})
