"""Every change of a job's state, written down by the database itself in the transaction that makes it."""

from collections.abc import Iterable
from typing import Any

from obt_core.jobs import TRANSITIONS, JobStatus

TRIGGER = """
CREATE TABLE campaign_moves (id bigserial PRIMARY KEY, job_id uuid, before text, after text, at timestamptz);
CREATE FUNCTION campaign_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO campaign_moves (job_id, before, after, at)
    VALUES (NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, clock_timestamp());
  RETURN NULL;
END $$;
CREATE TRIGGER campaign_made AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION campaign_note();
CREATE TRIGGER campaign_moved AFTER UPDATE OF status ON jobs FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION campaign_note();
"""
MOVES = "SELECT job_id::text, before, after, at FROM campaign_moves ORDER BY id"
_BORN = frozenset({JobStatus.QUEUED, JobStatus.SKIPPED})


def illegal(moves: Iterable[tuple[Any, ...]]) -> list[str]:
    """Return the moves that no table allows."""
    found: list[str] = []
    for job_id, before, after, at in moves:
        allowed = _BORN if before is None else TRANSITIONS[JobStatus(before)]
        if JobStatus(after) not in allowed:
            found.append(f"job {job_id} went from {before} to {after} at {at:%H:%M:%S.%f}")
    return found
